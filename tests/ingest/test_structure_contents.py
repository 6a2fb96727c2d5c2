"""Tables of contents in every form, what they list and the body lacks, and where a text breaks off."""

from __future__ import annotations

from ingest.source import Line, SourceText
from ingest.structure import Structure, build

BODY = "第一章 总则\n1.1 目的\n统一做法。\n1.2 范围\n全公司适用。\n第二章 流程\n2.1 受理\n登记来电。\n"


def of(text: str) -> Structure:
    return build(SourceText("x.txt", "", tuple(Line(line) for line in text.strip("\n").split("\n"))))


def numbers(structure: Structure) -> list[tuple[str, str]]:
    return [(s.number, s.status) for s in structure.sections]


PRESENT = [("1", "present"), ("1.1", "present"), ("1.2", "present"), ("2", "present"), ("2.1", "present")]


def test_contents_with_leaders_and_page_numbers_are_no_body() -> None:
    structure = of(
        "回访手册\n目 录\n第一章 总则…………1\n1.1 目的......1\n1.2 范围 ········ 2\n第二章 流程\t3\n2.1 受理……3\n" + BODY
    )
    assert structure.title == "回访手册"
    assert numbers(structure) == PRESENT
    assert all("…" not in s.body for s in structure.sections)


def test_contents_without_a_label_are_told_by_saying_the_headings_before() -> None:
    structure = of("回访手册\n第一章 总则\n1.1 目的\n1.2 范围\n第二章 流程\n2.1 受理\n" + BODY)
    assert numbers(structure) == PRESENT


def test_contents_as_a_list_of_links_are_no_body() -> None:
    links = tuple(Line(text, "item", 0, "-") for text in ("目的", "受理要求", "记录"))
    body = (
        Line("目的", "heading", 2), Line("统一做法。"), Line("受理要求", "heading", 2), Line("先登记，后派单。"),
        Line("记录", "heading", 2), Line("保存三年。"),
    )  # fmt: skip
    structure = build(SourceText("x.md", "受理SOP", (Line("受理SOP", "heading", 1), *links, *body)))
    assert [s.title for s in structure.sections] == ["目的", "受理要求", "记录"]
    assert all(block.kind == "paragraph" for s in structure.sections for block in s.blocks)


def test_contents_as_a_table_are_no_body() -> None:
    rows = tuple(
        Line("", "row", cells=(t, p), table=1) for t, p in (("1.1 目的", "1"), ("1.2 范围", "2"), ("2.1 受理", "3"))
    )
    lines = (Line("目录"), *rows, *(Line(line) for line in BODY.strip().split("\n")))
    assert numbers(build(SourceText("x.docx", "手册", lines))) == PRESENT


def test_an_overview_of_steps_is_kept_as_body() -> None:
    structure = of(
        "第一章 流程\n包括：\n1、受理\n2、核查\n3、回访\n第二章 要求\n2.1 受理\n登记来电。\n2.2 核查\n当天到场。"
    )
    assert [b.text for b in structure.sections[0].blocks] == ["包括：", "受理", "核查", "回访"]


def test_listed_sections_without_body_are_missing_and_placed_in_order() -> None:
    structure = of(
        "手册\n目录\n第一章 总则\n1.1 目的\n1.2 范围\n1.3 术语\n第二章 流程\n2.1 受理\n2.2 回访\n"
        "第三章 附则\n3.1 解释\n" + BODY
    )
    assert numbers(structure) == [
        ("1", "present"), ("1.1", "present"), ("1.2", "present"), ("1.3", "missing_body"), ("2", "present"),
        ("2.1", "present"), ("2.2", "missing_body"), ("3", "missing_body"), ("3.1", "missing_body"),
    ]  # fmt: skip
    assert {w.section for w in structure.warnings} == {"1.3", "2.2", "3", "3.1"}
    assert structure.sections[-1].parent == "3"
    assert structure.sections[3].path == ("总则", "术语")


def test_listed_titles_without_numbers_mark_headings_of_the_body() -> None:
    structure = of(
        "值班制度\n目录\n目的……1\n交接班……2\n请假……3\n目的\n保证有人。\n交接班\n提前十分钟到岗，当面交接。\n"
    )
    assert [(s.title, s.status) for s in structure.sections] == [
        ("目的", "present"), ("交接班", "present"), ("请假", "missing_body"),
    ]  # fmt: skip


def test_a_text_that_breaks_off_is_truncated() -> None:
    for tail in ("根据《全国服务报告》（", "客户要求退款的，", "处理步骤如下：", "按照“先登记、后"):
        structure = of(BODY + "2.2 退款\n退款由财务办理。" + tail)
        assert structure.sections[-1].status == "truncated", tail
        assert structure.warnings[-1].kind == "truncated"
        assert structure.warnings[-1].section == "2.2"


def test_a_text_that_ends_is_not_truncated() -> None:
    for tail in ("保存三年。", "编制：客服部", "2024年3月1日", "批准人：", "完）", "（以下无正文）"):
        assert of(BODY + tail).sections[-1].status == "present", tail
    lines = tuple(Line(line) for line in ("一、条件", "1、满一年", "2、没有投诉"))
    assert build(SourceText("x.txt", "导师", lines)).warnings == ()


def test_contents_of_an_endless_line_are_taken_out() -> None:
    text = (
        "客服手册目录1.第一章总则1.1目的1.2范围2.第二章流程2.1受理2.2回访"
        "第一章总则1.1目的统一做法，减少差错。1.2范围全公司适用。"
        "第二章流程一、受理2.1受理受理应当热情。二、回访2.2回访回访在2.5小时内完成。"
    )
    structure = build(SourceText("x.txt", "", (Line(text),)))
    assert structure.title == "客服手册"
    assert [(s.number, s.title) for s in structure.sections] == [
        ("1", "总则"), ("1.1", "目的"), ("1.2", "范围"), ("2", "流程"), ("2.1", "受理"), ("2.2", "回访"),
    ]  # fmt: skip
    assert [s.body for s in structure.sections] == [
        "", "统一做法，减少差错。", "全公司适用。", "", "受理应当热情。", "回访在2.5小时内完成。",
    ]  # fmt: skip
