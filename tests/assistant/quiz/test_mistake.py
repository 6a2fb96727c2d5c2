"""What a statement says otherwise than its clause is named, and questions of others with a wrong answer do not pass."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.quiz import intake
from assistant.quiz.bank import Bank, Banked
from assistant.quiz.check.every import failures
from assistant.quiz.check.mistake import mistake
from assistant.quiz.intake.draft import cloze_stem
from assistant.quiz.make import Order, QuizMaker
from assistant.quiz.model import Change
from ingest.pipeline import ingest
from kb.knowledge import KnowledgeBase
from kb.model import Block
from kb.search import HybridSearcher
from kb.settings import load_settings

TEXT = """# 门店投诉处理规范

## 1 受理

1. 店员在接到投诉后10分钟内登记，写明时间、地点和经过。
2. 店长在30分钟内复核投诉级别，在系统中签字。
3. 店员在2小时内回复客户，告知处理进度和负责人。
4. 区域经理每周五抽查5张投诉单，结果记入台账。
5. 投诉记录自办结之日起保存3年。

## 2 投诉级别

投诉按影响分为以下三级：

1. 一般投诉：服务态度、等候时间引起的不满。
2. 重大投诉：涉及金额超过1000元或者媒体关注的事件。
3. 紧急投诉：危及人身安全的事件。

## 3 红线

1. 严禁私下用现金了结投诉。
2. 不得删除投诉录音和原始登记。
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    folder: Path = tmp_path_factory.mktemp("bank")
    source = folder / "门店投诉处理规范.md"
    source.write_text(TEXT, encoding="utf-8")
    with KnowledgeBase.open(load_settings(folder / "home")) as knowledge:
        assert [report.status for report in ingest([source], knowledge)] == ["added"]
        yield Bank(knowledge, QuizMaker(knowledge).sources, HybridSearcher(knowledge))


def taken(bank: Bank, gift: str) -> Banked:
    (question,) = intake.parse(gift.encode(), "gift").questions
    return bank.take_in([question])[0]


@pytest.mark.parametrize(
    "gift",
    [
        "店长在多长时间内复核投诉级别？{=30分钟 ~10分钟 ~2小时 ~3小时}",
        "投诉记录自办结之日起保存{=3}年。",
        "店员在接到投诉后10分钟内登记，写明时间、地点和经过。{T}",
        "店员在接到投诉后30分钟内登记，写明时间、地点和经过。{F}",
        "紧急投诉是指涉及金额超过1000元或者媒体关注的事件。{F}",
        "门店允许员工私下用现金了结投诉。{F}",
        "由谁在30分钟内复核投诉级别？{=店长 ~店员 ~区域经理 ~收银员}",
    ],
)
def test_right_questions_of_others_pass_all_checks(bank: Bank, gift: str) -> None:
    assert taken(bank, gift).problems == ()


@pytest.mark.parametrize(
    ("gift", "check"),
    [
        # Each wrong answer stands somewhere in the document, only not where the question points.
        ("店长在多长时间内复核投诉级别？{=10分钟 ~30分钟 ~2小时 ~3小时}", "答案有引文支持"),
        ("由谁在30分钟内复核投诉级别？{=店员 ~店长 ~区域经理 ~收银员}", "答案有引文支持"),
        ("投诉记录自办结之日起保存{=5}年。", "答案有引文支持"),
        ("紧急投诉是指涉及金额超过1000元或者媒体关注的事件。{T}", "判断与原文一致"),
        ("门店允许员工私下用现金了结投诉。{T}", "判断与原文一致"),
        ("可以删除投诉录音和原始登记。{T}", "判断与原文一致"),
        ("店员在接到投诉后10分钟内登记，写明姓名、地点和经过。{T}", "判断与原文一致"),
        ("危及人身安全的事件属于哪一级投诉？{=一般投诉 ~紧急投诉 ~重大投诉 ~轻微投诉}", "题干说的是答案"),
        ("店员在接到投诉后10分钟内登记，写明时间、地点和经过。{F}", "错误只有一处"),
    ],
)
def test_wrong_questions_of_others_are_turned_down(bank: Bank, gift: str, check: str) -> None:
    assert check in {name for name, _ in taken(bank, gift).problems}


@pytest.mark.parametrize(
    ("stem", "found"),
    [
        ("店长在50分钟内复核投诉级别，在系统中签字。", Change("number", "50分钟", "30分钟")),
        ("收银员在30分钟内复核投诉级别，在系统中签字。", Change("term", "收银员", "店长")),
        ("店长在30分钟内复核投诉金额，在系统中签字。", Change("term", "金额", "级别")),
    ],
)
def test_the_one_thing_that_differs_is_named(stem: str, found: Change | None) -> None:
    quote = "店长在30分钟内复核投诉级别，在系统中签字。"
    assert mistake(stem, quote, "1-2", [Block("1-2", "item", quote, 0, len(quote))]) == found


def test_numbers_of_others_get_their_other_writings(bank: Bank) -> None:
    question = taken(bank, "投诉记录自办结之日起保存{=3}年。").question
    assert set(question.blanks[0].accepted) >= {"3", "三", "3年"}


def test_a_statement_turned_false_by_hand_says_what_is_false(bank: Bank) -> None:
    kept = taken(bank, "店员在2小时内回复客户，告知处理进度和负责人。{T}")
    assert kept.problems == ()
    changed = bank.edit(replace(kept.question, stem="店员在6小时内回复客户，告知处理进度和负责人。", truth=False))
    assert changed.problems == ()
    assert changed.question.change == Change("number", "6小时", "2小时")
    back = bank.edit(replace(changed.question, truth=True))
    assert "答案有引文支持" in {check for check, _ in back.problems}


def test_gift_items_under_each_other_are_parted_by_their_titles() -> None:
    found = intake.parse("::一::店长复核级别。{T}\n::二::店员登记投诉。{F}\n".encode(), "gift")
    assert [one.stem for one in found.questions] == ["店长复核级别。", "店员登记投诉。"]


@pytest.mark.parametrize("drawn", ["（　　）", "()", "＿＿", "___", "【】"])
def test_blanks_are_read_as_people_draw_them(drawn: str) -> None:
    assert cloze_stem(f"保存{drawn}年。", 1) == "保存____年。"


def test_an_edited_key_is_turned_down_wherever_it_points(sample: KnowledgeBase) -> None:
    maker = QuizMaker(sample)
    paper = maker.papers(Order(count=40, types=("single",), seed=8))[0]
    compared = [one for one in maker.everything(seed=8)[1] if one.pattern.startswith("表格-比较")][:5]
    for question in (*paper.questions, *compared):
        wrong = next(option.key for option in question.options if option.key not in question.right)
        assert failures(replace(question, right=(wrong,)), maker.sources), question.stem
