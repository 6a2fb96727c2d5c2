from __future__ import annotations

from pathlib import Path

import pytest

from ingest.pipeline import parse
from ingest.repair import hole, placeholder, repair
from kb.settings import LimitSettings
from tests.damage_plain import corpus, source


@pytest.mark.parametrize(
    "text",
    ["(小節標題)", "（小节标题）", "[此处填写]", "点击此处添加标题", "【请输入内容】", "单击此处编辑母版标题样式",
     "（请填写姓名）", "[请在此输入公司名称]", "在此输入文字", "<请输入正文>", "（此处填写客户姓名）", "Click to add title"],
)  # fmt: skip
def test_placeholder_alone_is_removed(text: str) -> None:
    assert placeholder.strip(text) == ("", [text])


@pytest.mark.parametrize(
    "text",
    [
        "XXXX公司",
        "（见附件说明）",
        "请填写投诉登记表",
        "（请在此处签字）",
        "请填写姓名和日期后交客服主管",
        "点击编辑工单后保存",
        "标题",
        "投诉人（签字）：",
    ],
)
def test_placeholder_look_alikes_stay(text: str) -> None:
    assert placeholder.strip(text) == (text, [])


def test_placeholder_is_recorded_once_with_its_count() -> None:
    mended = repair(source("一、（小节标题）1.1目的\n二、（小节标题）2.1范围"))
    assert [line.text for line in mended.lines] == ["一、1.1目的", "二、2.1范围"]
    assert [(one.kind, one.after, one.count) for one in mended.repairs] == [("placeholder", "", 2)]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("随着大数据、等技术的应用，运营管理", "大数据、等技术"),
        ("引入技术，如（）、大数据分析", "如（）、大数据"),
        ("应根据《》要求执行", "根据《》要求"),
        ("设备、、材料齐全", "设备、、材料"),
        ("包括：、数据分析和报告", "包括：、数据"),
    ],
)
def test_hole_is_reported_with_the_exact_words_around_it(text: str, quoted: str) -> None:
    mended = repair(source(text))
    assert [line.text for line in mended.lines] == [text]
    (warning,) = mended.warnings
    assert (warning.kind, warning.section) == ("hole", "")
    assert warning.message.startswith("“")
    quote = warning.message[1 : warning.message.index("”")]
    assert quote in text
    assert quoted in quote


@pytest.mark.parametrize(
    "text",
    [
        "下列说法正确的是（）。",
        "员工编号（）年（）月",
        "A、B、C等三类",
        "从下单、等候到完工",
        "一般、等级、时限",
        "main()函数",
        "（）内填写数字",
    ],
)
def test_hole_look_alikes_are_silent(text: str) -> None:
    assert hole.find(text) == []


def test_clean_documents_have_neither() -> None:
    for document in corpus():
        assert hole.find(document) == []
        assert placeholder.strip(document) == (document, [])


def test_a_hole_beside_the_end_of_an_item_has_its_place(tmp_path: Path) -> None:
    text = (
        "公司遵循下列原则：-以客户为中心：围绕客户需求展开；-数据驱动：利用大数据、等工具进行决策支持，提升决策水平。"
    )
    (tmp_path / "原则.txt").write_text(text, encoding="utf-8")
    parsed = parse(tmp_path / "原则.txt", name="原则.txt", limits=LimitSettings(), count_tokens=len)
    assert [(one.kind, one.section) for one in parsed.health.warnings] == [("hole", parsed.sections[0].number)]
