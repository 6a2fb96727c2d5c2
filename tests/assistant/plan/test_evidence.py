"""Figures out of a table: counted right, told by headings and content, and never guessed."""

import csv
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from assistant.plan.evidence import read_evidence
from kb.errors import SourceUnreadable

ROWS = [
    ("2026-09-01", "响应慢", 1),
    ("2026-09-20", "响应慢", 1),
    ("2026-10-02", "迟到", 1),
    ("2026-10-09", "响应慢", 1),
]


def write_csv(path: Path, rows: list[tuple[object, ...]], heads: tuple[str, ...], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows([heads, *rows])
    return path


def test_months_and_reasons_are_counted(tmp_path: Path) -> None:
    found = read_evidence(write_csv(tmp_path / "投诉.csv", list(ROWS), ("日期", "原因", "件数")))
    assert [(one.period, one.value) for one in found.trend] == [("2026-09", 2), ("2026-10", 2)]
    assert [(one.name, one.count, one.cumulated) for one in found.pareto] == [("响应慢", 3, 0.75), ("迟到", 1, 1.0)]
    assert "响应慢（3）" in found.sentences[1]


def test_a_score_is_averaged_and_a_gbk_file_is_read(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [("2026-09-01", "4.0"), ("2026-09-02", "2.0"), ("2026-10-01", "5.0")]
    found = read_evidence(write_csv(tmp_path / "分.csv", rows, ("日期", "满意度评分"), encoding="gb18030"))
    assert [one.value for one in found.trend] == [3.0, 5.0]
    assert found.pareto == ()


def test_cases_are_counted_though_each_has_its_length(tmp_path: Path) -> None:
    rows = [("2026-09-01", "响应慢", 9), ("2026-10-02", "迟到", 3), ("2026-10-09", "响应慢", 5)]
    found = read_evidence(write_csv(tmp_path / "明细.csv", list(rows), ("受理日期", "投诉原因", "处理时长(小时)")))
    assert (found.trend_name, [one.value for one in found.trend]) == ("件数", [1, 2])
    assert "处理时长(小时)（月均）由 9 变为 4" in found.sentences[1]


def test_a_share_keeps_its_sign(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [("2026-09", "6.1%"), ("2026-10", "15.6%")]
    found = read_evidence(write_csv(tmp_path / "率.csv", rows, ("月份", "流失率")))
    assert found.unit == "%"
    assert "由 6.1% 变为 15.6%" in found.sentences[0]


def test_a_workbook_with_real_dates_is_read(tmp_path: Path) -> None:
    book = Workbook()
    for row in (
        ("登记日期", "投诉类型"),
        (date(2026, 8, 1), "态度"),
        (date(2026, 9, 1), "态度"),
        (date(2026, 9, 2), "收费"),
    ):
        book.active.append(row)
    book.save(tmp_path / "表.xlsx")
    found = read_evidence(tmp_path / "表.xlsx")
    assert [one.value for one in found.trend] == [1, 2]
    assert found.pareto[0].name == "态度"


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"PK\x03\x04 no workbook", "只有一列\n甲\n乙\n".encode(), "日期,原因\n".encode()]
)
def test_what_is_no_table_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)
    with pytest.raises(SourceUnreadable):
        read_evidence(path)
    with pytest.raises(SourceUnreadable):
        read_evidence(tmp_path / "没有.csv")
