from __future__ import annotations

from pathlib import Path

from ingest.read import read
from ingest.source import Line, SourceText
from ingest.structure import build
from kb.settings import LimitSettings


def opened(tmp_path: Path, text: str) -> SourceText:
    path = tmp_path / "a.md"
    path.write_text(text, encoding="utf-8")
    return read(path, name="a.md", limits=LimitSettings())


def shown(lines: tuple[Line, ...]) -> list[tuple[str, int, str]]:
    return [(line.kind, line.level, line.ordinal + line.text) for line in lines]


def test_markdown_headings_of_both_kinds_have_levels(tmp_path: Path) -> None:
    text = opened(tmp_path, "# 1 总则\n\n目的\n----\n\n### 细则 ###\n\n# 2 附则\n")
    assert shown(text.lines) == [
        ("heading", 1, "1 总则"), ("heading", 2, "目的"), ("heading", 3, "细则"), ("heading", 1, "2 附则"),
    ]  # fmt: skip


def test_markdown_lone_heading_at_the_top_is_the_title(tmp_path: Path) -> None:
    text = opened(tmp_path, "# 值班办法\n\n## 目的\n\n正文。\n")
    assert (text.title, shown(text.lines)) == ("值班办法", [("heading", 2, "目的"), ("text", 0, "正文。")])


def test_markdown_front_matter_gives_only_the_title(tmp_path: Path) -> None:
    text = opened(tmp_path, '---\ntitle: "排班规则"\ntags: [a]\n---\n## 一、目的\n')
    assert (text.title, shown(text.lines)) == ("排班规则", [("heading", 2, "一、目的")])


def test_markdown_lists_nest_also_by_two_blanks(tmp_path: Path) -> None:
    text = opened(tmp_path, "1. 受理：\n  - 登记\n  - 分派\n2. 办理\n   1) 核实\n      * 电话\n- [x] 归档\n")
    assert [(line.level, line.ordinal, line.text) for line in text.lines] == [
        (0, "1.", "受理："), (1, "-", "登记"), (1, "-", "分派"), (0, "2.", "办理"), (1, "1)", "核实"), (2, "-", "电话"),
        (0, "-", "归档"),
    ]  # fmt: skip


def test_markdown_numbers_typed_after_a_bullet_stay_in_the_text(tmp_path: Path) -> None:
    assert shown(opened(tmp_path, "- 步骤1 登记\n- （二）派单\n").lines) == [
        ("text", 0, "步骤1 登记"),
        ("text", 0, "（二）派单"),
    ]


def test_markdown_table_has_header_and_plain_cells(tmp_path: Path) -> None:
    lines = opened(tmp_path, "| 级别 | 时限 |\n|:--|--:|\n| **一般** | 2小时<br>内 |\n| 重大 | `30` 分钟 |\n").lines
    assert [(line.header, line.cells) for line in lines] == [
        (True, ("级别", "时限")), (False, ("一般", "2小时 内")), (False, ("重大", "30 分钟")),
    ]  # fmt: skip


def test_markdown_rows_without_a_rule_are_pairs(tmp_path: Path) -> None:
    lines = opened(tmp_path, "| 文件编号 | SOP-1 |\n| 版本 | V1.0 |\n").lines
    assert [(line.header, line.cells) for line in lines] == [(False, ("文件编号", "SOP-1")), (False, ("版本", "V1.0"))]


def test_markdown_html_table_is_read(tmp_path: Path) -> None:
    lines = opened(
        tmp_path, "说明\n\n<table><tr><th>级别</th><th>时限</th></tr><tr><td>一般</td><td>2小时</td></tr></table>\n"
    ).lines
    assert lines[2].cells == ("一般", "2小时")
    assert lines[1].header


def test_markdown_emphasis_beside_chinese_marks_is_removed(tmp_path: Path) -> None:
    assert shown(opened(tmp_path, "**严禁：**私自收费，见[制度](http://x)和![图](y.png)。\n").lines) == [
        ("text", 0, "严禁：私自收费，见制度和。"),
    ]  # fmt: skip


def test_markdown_new_lines_part_unless_the_source_is_wrapped(tmp_path: Path) -> None:
    assert [line.text for line in opened(tmp_path, "1、先登记\n2、再派单\n").lines] == ["1、先登记", "2、再派单"]
    paragraph = "客服专员接到来电后应当在三十秒内应答并问明客户的姓名电话和地址同时在工单系统中建立记录" * 4 + "。"
    wrapped = "\n".join(paragraph[start : start + 30] for start in range(0, len(paragraph), 30))
    assert [line.text for line in opened(tmp_path, wrapped).lines] == [paragraph]


def test_markdown_paragraph_above_a_ruled_line_is_no_heading(tmp_path: Path) -> None:
    assert shown(opened(tmp_path, "本办法自发布之日起执行，原办法同时废止。\n---\n").lines)[0][0] == "text"


def test_markdown_program_is_taken_literally(tmp_path: Path) -> None:
    text = opened(tmp_path, "## 检查\n\n```bash\n# 看磁盘\n1. df -h\n| a | b |\n```\n\n## 记录\n\n登记结果。\n")
    sections = build(text).sections
    assert [section.title for section in sections] == ["检查", "记录"]
    assert [(block.kind, block.text) for block in sections[0].blocks] == [
        ("paragraph", "# 看磁盘"), ("paragraph", "1. df -h"), ("paragraph", "| a | b |"),
    ]  # fmt: skip


def test_markdown_document_handed_on_in_a_fence_is_read_as_one(tmp_path: Path) -> None:
    text = opened(tmp_path, "```markdown\n# 值班办法\n\n1. 登记\n2. 派单\n```\n")
    assert text.title == "值班办法"
    assert [line.ordinal for line in text.lines] == ["1.", "2."]
