from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.read import read
from ingest.source import Line
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.settings import LimitSettings

LIMITS = LimitSettings()


def lines(path: Path, content: str | bytes, encoding: str = "utf-8") -> list[Line]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return list(read(path, name=path.name, limits=LIMITS).lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_of_any_encoding_gives_its_lines(tmp_path: Path, encoding: str) -> None:
    found = lines(tmp_path / "a.txt", "一、目的\r\n\r\n规范投诉处理工作，提高客户满意度。\r\n", encoding)
    assert [(line.kind, line.text) for line in found] == [
        ("text", "一、目的"), ("text", "规范投诉处理工作，提高客户满意度。"),
    ]  # fmt: skip


def test_text_in_one_endless_line_stays_one_line(tmp_path: Path) -> None:
    text = "第一章总则1.1目的规范服务。1.2范围全体员工。" * 500
    assert [line.text for line in lines(tmp_path / "a.txt", text)] == [text]


def test_text_wrapped_at_a_margin_is_joined(tmp_path: Path) -> None:
    paragraph = "客服专员接到来电后应当在三十秒内应答并问明客户的姓名电话和地址同时在工单系统中建立记录" * 3 + "。"
    wrapped = "\n".join(paragraph[start : start + 30] for start in range(0, len(paragraph), 30))
    found = lines(tmp_path / "a.txt", f"一、受理\n{wrapped}\n\n二、派单\n{wrapped}\n")
    assert [line.text for line in found] == ["一、受理", paragraph, "二、派单", paragraph]


def test_text_with_short_lines_is_not_joined(tmp_path: Path) -> None:
    text = "岗位职责\n客服专员负责接听\n站长负责派单\n工程师负责上门\n主管负责复核\n"
    assert [line.text for line in lines(tmp_path / "a.txt", text)] == text.split()


def test_text_pasted_from_a_sheet_is_a_table(tmp_path: Path) -> None:
    found = lines(tmp_path / "a.txt", "时限如下：\n级别\t响应\t办结\n一般\t2小时\t3天\n重大\t30分钟\t5天\n完。\n")
    assert [line.kind for line in found] == ["text", "row", "row", "row", "text"]
    assert found[1].header
    assert found[3].cells == ("重大", "30分钟", "5天")


def test_text_list_with_tabs_after_its_numbers_is_no_table(tmp_path: Path) -> None:
    found = lines(tmp_path / "a.txt", "1.\t先登记\n2.\t再派单\n")
    assert [line.kind for line in found] == ["text", "text"]


@given(st.lists(st.text("服务质量客户投诉处理流程应在两小时内完成abc123，。；（）", min_size=1), min_size=1))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_lines_come_back_in_order(tmp_path: Path, parts: list[str]) -> None:
    found = lines(tmp_path / "a.txt", "\n".join(parts).encode())
    # two lines that reach one margin are joined, Latin words with a blank
    assert "".join(line.text for line in found).replace(" ", "") == "".join(parts)


def test_empty_file_is_named_with_the_fix(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match=r"空\.txt.*空的"):
        lines(tmp_path / "空.txt", "")


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match=r"无\.txt"):
        read(tmp_path / "无.txt", name="无.txt", limits=LIMITS)


def test_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceTooLarge, match=r"limits\.file_megabytes"):
        read_big(tmp_path / "大.txt")


def read_big(path: Path) -> None:
    path.write_bytes(b"a" * (1024 * 1024 + 1))
    read(path, name=path.name, limits=LimitSettings(file_megabytes=1))


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"\x7fELF\x02\x01\x00", b"\x00" * 300])
def test_binary_file_is_refused_whatever_its_name(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceUnreadable, match=r"实际上是|不是文本文件"):
        lines(tmp_path / "制度.txt", content)
