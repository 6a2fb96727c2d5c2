"""Rows keep their header: pairs of names and values, header rows, merged and empty cells."""

from __future__ import annotations

from ingest.source import Line, SourceText
from ingest.structure import Structure, build


def table(*rows: tuple[str, ...], header: bool = False) -> Structure:
    lines = [Line("要求", "heading", 1)]
    lines += [Line("", "row", cells=cells, table=1, header=header and at == 0) for at, cells in enumerate(rows)]
    return build(SourceText("x.docx", "表", (*lines, Line("其他", "heading", 1), Line("略。"))))


def texts(structure: Structure) -> list[str]:
    return [block.text for block in structure.sections[0].blocks]


def test_a_row_reads_with_its_column_names() -> None:
    structure = table(("级别", "时限"), ("一般", "3天"), ("紧急", "2小时"), header=True)
    assert texts(structure) == ["级别：一般；时限：3天", "级别：紧急；时限：2小时"]
    assert [b.clause for b in structure.sections[0].blocks] == ["§1-t1.r1", "§1-t1.r2"]
    assert structure.sections[0].blocks[1].header == ("级别", "时限")
    assert structure.sections[0].blocks[1].cells == ("紧急", "2小时")


def test_a_header_is_recognised_by_its_looks() -> None:
    assert texts(table(("岗位", "职责"), ("客服专员", "接听来电，登记工单"), ("站长", "配合核查，组织返工")))[
        0
    ].startswith("岗位：客服专员")
    assert texts(table(("a", "12"), ("b", "13"))) == ["a；12", "b；13"]


def test_names_and_values_read_as_pairs() -> None:
    rows = (("文件编号", "SOP-KF-01"), ("版本", "V2.1"), ("生效日期", "2025年3月1日"))
    assert texts(table(*rows)) == ["文件编号：SOP-KF-01", "版本：V2.1", "生效日期：2025年3月1日"]
    assert texts(table(*rows, header=True))[0] == "文件编号：SOP-KF-01"
    assert (
        texts(table(("文件编号", "A-1", "版本", "V1"), ("编制", "张三", "批准", "李四")))[0]
        == "文件编号：A-1；版本：V1"
    )


def test_empty_cells_are_left_out_and_merged_ones_said_once() -> None:
    structure = table(("步骤", "谁", "时限"), ("受理", "", "当天"), ("二、核查", "二、核查", "二、核查"), header=True)
    assert texts(structure) == ["步骤：受理；时限：当天", "二、核查"]


def test_a_header_of_two_rows_is_read_together() -> None:
    lines = (
        Line("要求", "heading", 1),
        Line("", "row", cells=("级别", "时限", "时限"), table=1, header=True),
        Line("", "row", cells=("级别", "响应", "办结"), table=1, header=True),
        Line("", "row", cells=("一般", "2小时", "3天"), table=1),
    )
    structure = build(SourceText("x.xlsx", "表", lines))
    assert texts(structure) == ["级别：一般；时限/响应：2小时；时限/办结：3天"]


def test_tables_are_counted_in_their_section() -> None:
    lines = (
        Line("一、甲", "text"), Line("", "row", cells=("a", "b", "c"), table=1), Line("说明如下。"),
        Line("", "row", cells=("d", "e", "f"), table=2), Line("二、乙"), Line("", "row", cells=("x", "y"), table=3),
    )  # fmt: skip
    structure = build(SourceText("x.docx", "表", lines))
    assert [b.clause for s in structure.sections for b in s.blocks] == ["1-t1.r1", "1-p1", "1-t2.r1", "2-t1.r1"]


def test_tabs_in_plain_text_make_a_table() -> None:
    structure = build(
        SourceText(
            "x.txt", "", tuple(Line(x) for x in ("值班表", "一、排班", "岗位\t姓名", "客服\t张三", "站长\t李四"))
        )
    )
    assert texts(structure) == ["岗位：客服；姓名：张三", "岗位：站长；姓名：李四"]


def test_a_table_before_the_first_heading_is_kept() -> None:
    lines = (
        Line("投诉SOP", "heading", 1),
        Line("", "row", cells=("文件编号", "KF-01"), table=1),
        Line("目的", "heading", 2),
        Line("略。"),
    )
    structure = build(SourceText("x.docx", "", lines))
    assert [(s.number, s.title) for s in structure.sections] == [("§0", "投诉SOP"), ("§1", "目的")]
    assert structure.sections[0].body == "文件编号：KF-01"
