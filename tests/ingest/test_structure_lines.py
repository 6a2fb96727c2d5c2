"""Lines of a file: hard wraps joined, page furniture dropped, lists inside a paragraph."""

from __future__ import annotations

from ingest.source import Line, SourceText
from ingest.structure import build


def test_wrapped_lines_are_joined_to_paragraphs() -> None:
    text = """第一章 总则
1.1 目的
为了让每一件投诉都有人接、有人查、有人答复，并且在规
定的时限内办结，把查出的原因交给责任部门整改，特制定
本办法。
1.2 要求
1.客服专员接到来电后先听客户讲完，不打断、不辩解，通
话全程录音。
2.挂机后十分钟内登记。"""
    structure = build(SourceText("x.pdf", "投诉办法", tuple(Line(line, page=1) for line in text.split("\n"))))
    assert structure.sections[1].body == (
        "为了让每一件投诉都有人接、有人查、有人答复，并且在规定的时限内办结，"
        "把查出的原因交给责任部门整改，特制定本办法。"
    )
    assert [b.text for b in structure.sections[2].blocks] == [
        "客服专员接到来电后先听客户讲完，不打断、不辩解，通话全程录音。",
        "挂机后十分钟内登记。",
    ]


def test_lines_of_an_ordinary_file_are_not_joined() -> None:
    text = (
        "一、材料\n身份证、申请表、照片、承诺书\n营业执照、开户许可证、授权书\n二、时间\n"
        "每天上午受理，下午审核。\n法定节假日除外，另行通知。"
    )
    structure = build(SourceText("x.txt", "", tuple(Line(line) for line in text.split("\n"))))
    assert len(structure.sections[0].blocks) >= 1
    assert len(structure.sections[1].blocks) == 2


def test_page_headers_footers_and_numbers_are_dropped() -> None:
    lines = []
    for page in range(1, 6):
        lines += [
            Line("安禾公司 客户投诉处理办法", page=page),
            Line(f"第{'一二三四五'[page - 1]}章 环节{page}", page=page),
            Line(f"这一页说明环节{page}怎么做，由谁负责。", page=page),
            Line(f"- {page} -" if page % 2 else f"第 {page} 页 共 5 页", page=page),
        ]
    structure = build(SourceText("x.pdf", "投诉处理办法", tuple(lines)))
    assert [s.number for s in structure.sections] == ["1", "2", "3", "4", "5"]
    assert [len(s.blocks) for s in structure.sections] == [1] * 5


def test_a_list_inside_a_paragraph_becomes_items() -> None:
    structure = build(
        SourceText(
            "x.txt",
            "",
            (
                Line("一、步骤"),
                Line("按以下步骤办理：1.登记来电；2.核对身份；3.派发工单。"),
                Line("二、时限"),
                Line("当天。"),
            ),
        )
    )
    assert [(b.kind, b.text) for b in structure.sections[0].blocks] == [
        ("paragraph", "按以下步骤办理："), ("item", "登记来电；"), ("item", "核对身份；"), ("item", "派发工单。"),
    ]  # fmt: skip


def test_numbers_inside_a_paragraph_stay_there() -> None:
    text = "按ISO9001:2015），达到第3.2节要求；费用为去年的1.5倍；对（1）和（2）两种情形另行规定。自2024.3.1起施行。"
    structure = build(SourceText("x.txt", "", (Line("一、依据"), Line(text), Line("二、其他"), Line("略。"))))
    assert [b.text for b in structure.sections[0].blocks] == [text]


def test_a_paragraph_between_two_items_belongs_to_the_first() -> None:
    text = (
        "一、步骤\n1、登记\n写明时间、地点和经过。\n2、派发，当天完成。\n夜间由值班经理派发。\n3、"
        "回访，三天内完成。\n以上记录保存三年。\n二、附则\n略。"
    )
    structure = build(SourceText("x.txt", "", tuple(Line(line) for line in text.split("\n"))))
    assert [(b.clause, b.text) for b in structure.sections[0].blocks] == [
        ("1-1", "登记 写明时间、地点和经过。"), ("1-2", "派发，当天完成。 夜间由值班经理派发。"), ("1-3",
        "回访，三天内完成。"),
        ("1-p1", "以上记录保存三年。"),
    ]  # fmt: skip
