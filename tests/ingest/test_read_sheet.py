from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingest.read import read
from ingest.read.display import displayed
from ingest.source import Line, SourceText
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.settings import LimitSettings

LIMITS = LimitSettings()


def opened(tmp_path: Path, fill: Callable[[Worksheet], object], *, title: str = "Sheet1") -> SourceText:
    workbook = Workbook()
    workbook.active.title = title
    fill(workbook.active)
    workbook.save(tmp_path / "a.xlsx")
    return read(tmp_path / "a.xlsx", name="a.xlsx", limits=LIMITS)


def rows(lines: tuple[Line, ...]) -> list[tuple[str, ...]]:
    return [line.cells for line in lines if line.kind == "row"]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.95, "0%", "95%"),
        (0.125, "0.0%", "12.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (200, '0"元"', "200元"),
        (200, '"¥"#,##0', "¥200"),
        (3.5, "[$¥-804]#,##0.00", "¥3.50"),
        (-3, "0;(0)", "(3)"),
        (7, "000", "007"),
        (85, "General", "85"),
        (85.0, "General", "85"),
        (0.1 + 0.2, "General", "0.3"),
        (2.50, "0.##", "2.5"),
        (datetime(2025, 3, 1), "mm-dd-yy", "2025/3/1"),
        (datetime(2025, 3, 1), 'yyyy"年"m"月"d"日"', "2025年3月1日"),
        (datetime(2025, 3, 1, 8, 5), "yyyy-mm-dd hh:mm", "2025-03-01 08:05"),
        (date(2025, 3, 1), "General", "2025/3/1"),
        (time(22, 0), "h:mm", "22:00"),
        (timedelta(hours=36), "[h]:mm", "36:00"),
        (True, "General", "TRUE"),
        ("文字", "0%", "文字"),
        (None, "General", ""),
    ],
)
def test_sheet_values_come_as_displayed(value: object, number_format: str, shown: str) -> None:
    assert displayed(value, number_format) == shown


def test_sheet_finds_the_header_below_a_title_and_a_remark(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["补偿标准表"])
        sheet.merge_cells("A1:C1")
        sheet.append([])
        sheet.append(["说明：金额为上限。"])
        sheet.append(["级别", "时限", "达标率"])
        sheet.append(["一般", "2小时", 0.95])
        sheet["C5"].number_format = "0%"

    text = opened(tmp_path, fill)
    assert text.title == "补偿标准表"
    assert [line.text for line in text.lines if line.kind != "row"] == ["说明：金额为上限。"]
    assert rows(text.lines) == [("级别", "时限", "达标率"), ("一般", "2小时", "95%")]


def test_sheet_merged_cells_are_carried_both_ways(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["类别", "时限", None], [None, "响应", "办结"], ["一般", 1, 2], [None, 3, 4], ["合计", 9, None]):
            sheet.append(row)
        for merged in ("A1:A2", "B1:C1", "A3:A4", "B5:C5"):
            sheet.merge_cells(merged)

    assert rows(opened(tmp_path, fill).lines) == [
        ("类别", "时限/响应", "时限/办结"), ("一般", "1", "2"), ("一般", "3", "4"), ("合计", "9", "9"),
    ]  # fmt: skip


def test_sheet_names_are_headings_and_hidden_sheets_are_named(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active.title = "受理"
    workbook.active.append(["甲", "乙"])
    for name, state in (("回访", "visible"), ("底稿", "hidden")):
        sheet = workbook.create_sheet(name)
        sheet.append(["丙", "丁"])
        sheet.sheet_state = state
    workbook.save(tmp_path / "a.xlsx")
    text = read(tmp_path / "a.xlsx", name="a.xlsx", limits=LIMITS)
    assert [(line.text, line.page) for line in text.lines if line.kind == "heading"] == [("受理", 1), ("回访", 2)]
    assert "丙" in text.lines[-1].cells
    assert [warning.section for warning in text.warnings] == ["底稿"]


def test_sheet_blank_rows_part_tables_and_captions_stand_before_them(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (
            ["表1 时限"],
            ["级别", "时限"],
            ["一般", "2小时"],
            [],
            [],
            ["表2 岗位"],
            ["岗位", "职责"],
            ["站长", "排班"],
        ):
            sheet.append(row)

    lines = opened(tmp_path, fill, title="制度").lines
    assert [(line.kind, line.table) for line in lines] == [
        ("heading", 0), ("text", 0), ("row", 1), ("row", 1), ("text", 0), ("row", 2), ("row", 2),
    ]  # fmt: skip


def test_sheet_formulas_give_saved_values_and_unsaved_ones_are_named(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["项目", "金额", "合计"])
        sheet.append(["补偿", 200, "=B2*2"])

    text = opened(tmp_path, fill)
    assert rows(text.lines)[1] == ("补偿", "200", "")
    assert "1 个公式" in text.warnings[0].message


def test_sheet_cell_lines_are_joined(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["步骤", "责任\n岗位"])
        sheet.append(["1、登记工单\n2、派给站点", "客服"])

    assert rows(opened(tmp_path, fill).lines) == [("步骤", "责任岗位"), ("1、登记工单；2、派给站点", "客服")]


def test_sheet_with_a_value_far_out_is_read_quickly(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["级别", "时限"])
        sheet.append(["一般", "2小时"])
        sheet["XFD1048576"] = "末"

    assert opened(tmp_path, fill).lines[-1].text == "末"


def test_sheet_with_too_many_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.read.sheet.MOST_CELLS", 5)
    with pytest.raises(SourceTooLarge, match="单元格"):
        opened(tmp_path, lambda sheet: [sheet.append(["甲", "乙"]) for _ in range(5)])


def test_sheet_damaged_or_protected_says_what_to_do(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "坏.xlsx", "w") as container:
        container.writestr("xl/workbook.xml", "<workbook")
        container.writestr("_rels/.rels", "")
    with pytest.raises(SourceUnreadable, match=r"坏\.xlsx.*另存"):
        read(tmp_path / "坏.xlsx", name="坏.xlsx", limits=LIMITS)
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    (tmp_path / "密.xlsx").write_bytes(locked)
    with pytest.raises(SourceUnreadable, match=r"密\.xlsx.*密码"):
        read(tmp_path / "密.xlsx", name="密.xlsx", limits=LIMITS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_of_any_delimiter_and_encoding_is_a_table(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = '级别,时限,"说明"\n一般,2小时,"先登记，\n再派单"\n重大,30分钟,=cmd()\n'.replace(",", delimiter)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    lines = read(tmp_path / "a.csv", name="a.csv", limits=LIMITS).lines
    assert rows(lines) == [("级别", "时限", "说明"), ("一般", "2小时", "先登记，再派单"), ("重大", "30分钟", "=cmd()")]
    assert lines[0].header


def test_csv_under_an_excel_name_is_read(tmp_path: Path) -> None:
    (tmp_path / "导出.xls").write_bytes("级别\t时限\r\n一般\t2小时\r\n".encode("gbk"))
    assert rows(read(tmp_path / "导出.xls", name="导出.xls", limits=LIMITS).lines)[1] == ("一般", "2小时")
