"""Each check turns down the item made to fail it, and only what it is for."""

from dataclasses import replace

import pytest

from assistant.quiz.check.every import CHECKS, failures, paper_failures, same_item
from assistant.quiz.check.sources import Sources
from assistant.quiz.model import BLANK, Blank, Change, Option, Point, Question
from kb.errors import NotThere
from kb.model import Block, Citation, Section
from kb.synonyms import parse

TEXTS = (
    "客服专员在挂机后10分钟内登记投诉，写明时间、地点和经过。",
    "投诉分为一般投诉、重大投诉、紧急投诉三级。",
    "严禁私下用现金了结投诉。",
)
BODY = "\n".join(TEXTS)
BLOCKS = tuple(
    Block(f"5.1-{at}", "item", text, BODY.index(text), BODY.index(text) + len(text)) for at, text in enumerate(TEXTS, 1)
)
SECTION = Section("5.1", "受理", 2, "5", ("处理", "受理"), BODY, BLOCKS)


def _section(document: str, number: str) -> Section:
    if (document, number) != ("d1", "5.1"):
        raise NotThere("没有这一节")
    return SECTION


SOURCES = Sources(_section, parse("客户, 顾客\n补偿, 赔偿"))


def cited(at: int) -> Citation:
    return Citation("d1", "5.1", "受理", ("处理", "受理"), f"5.1-{at}", TEXTS[at - 1])


def single(
    *texts: str, right: str = "B", stem: str = "按照手册，客服专员在挂机后（　　）内登记投诉。", at: int = 1
) -> Question:
    options = tuple(Option(key, text) for key, text in zip("ABCD", texts, strict=False))
    return Question(
        "q1", "single", stem, cited(at), "见5.1", 2, "easy", "remember", "数-1", options=options, right=(right,)
    )


def judged(stem: str, *, truth: bool, change: Change | None = None, at: int = 1) -> Question:
    return Question("q2", "true_false", stem, cited(at), "", 1, "easy", "remember", "判-1", truth=truth, change=change)


def cloze(stem: str, *accepted: str) -> Question:
    return Question("q3", "cloze", stem, cited(1), "", 2, "easy", "remember", "空-1", blanks=(Blank(accepted),))


GOOD = single("5分钟", "10分钟", "15分钟", "30分钟")


def names(question: Question) -> set[str]:
    return {one.check for one in failures(question, SOURCES)}


@pytest.mark.parametrize(
    "question",
    [
        GOOD,
        judged("按照手册，客服专员在挂机后10分钟内登记投诉。", truth=True),
        judged(
            "按照手册，客服专员在挂机后30分钟内登记投诉。", truth=False, change=Change("number", "30分钟", "10分钟")
        ),
        cloze(f"按照手册，客服专员在挂机后{BLANK}分钟内登记投诉。", "10", "十"),
        single(
            "一般投诉",
            "重大投诉",
            "轻微建议",
            "紧急投诉",
            right="C",
            stem="按照手册，不属于投诉级别的是（　　）。",
            at=2,
        ),
    ],
)
def test_good_items_pass_every_check(question: Question) -> None:
    assert failures(question, SOURCES) == []


@pytest.mark.parametrize(
    ("check", "question"),
    [
        ("引文逐字可查", replace(GOOD, citation=replace(cited(1), quote="客服专员在挂机后20分钟内登记投诉"))),
        ("答案有引文支持", single("5分钟", "20分钟", "15分钟", "30分钟")),
        (
            "干扰项不成立",
            single(
                "一般投诉",
                "重大投诉",
                "轻微建议",
                "邮件建议",
                right="A",
                stem="按照手册，投诉级别中有哪一级？（　　）",
                at=2,
            ),
        ),
        ("正确选项数", replace(GOOD, right=("A", "B"))),
        ("正确选项数", single("5分钟", "10分钟", "10分钟", "30分钟")),
        ("无笼统选项", single("5分钟", "10分钟", "15分钟", "以上都不对")),
        ("题干不泄露答案", replace(GOOD, stem="登记投诉要在10分钟内完成，时限是（　　）。")),
        ("题干独立成立", replace(GOOD, stem="按照上述规定，登记投诉的时限是（　　）。")),
        ("题干独立成立", replace(GOOD, stem="几分钟？")),
        ("文字完整", replace(GOOD, stem="按照手册（受理，登记投诉的时限是多少？")),
        ("选项形式一致", single("5分钟", "10分钟", "很快", "30分钟")),
        ("选项形式一致", single("5分钟", "10分钟", "15个人", "30分钟")),
        ("错误只有一处", judged("按照手册，客服专员在挂机后30分钟内登记投诉。", truth=False)),
        (
            "错误只有一处",
            judged("按照手册，挂机后30分钟内登记投诉。", truth=False, change=Change("number", "30分钟", "20分钟")),
        ),
        ("答案有引文支持", judged("按照手册，客服专员在挂机后30分钟内登记投诉。", truth=True)),
        ("填空合理", cloze(f"按照手册，客服专员{BLANK}挂机后10分钟内登记投诉。", "在")),
        ("填空合理", cloze(f"按照手册，在挂机后{BLANK}分钟内登记投诉。", "10")),
        ("填空合理", cloze("按照手册，客服专员在挂机后10分钟内登记投诉。", "10", "十")),
    ],
)
def test_a_bad_item_is_turned_down_by_its_check(check: str, question: Question) -> None:
    assert check in names(question)


def test_open_items_need_points_that_the_quote_says() -> None:
    good = Question(
        "q4",
        "short_answer",
        "按照手册，登记投诉时要写明什么？",
        cited(1),
        "",
        6,
        "medium",
        "remember",
        "简-1",
        points_required=(Point("写明时间、地点和经过"),),
    )
    assert names(good) == set()
    assert "要点明确" in names(replace(good, points_required=()))
    assert "答案有引文支持" in names(replace(good, points_required=(Point("填写满意度评分并拍照上传"),)))


def test_a_gone_clause_is_told_not_raised() -> None:
    gone = replace(GOOD, citation=replace(cited(1), section="9.9"))
    assert "引文逐字可查" in names(gone)


def test_every_check_has_a_name_of_its_own() -> None:
    assert len({name for name, _ in CHECKS}) == len(CHECKS)


def test_two_items_on_one_fact_are_the_same() -> None:
    one, other = (
        replace(GOOD, asks="d1/5.1-1@0"),
        replace(GOOD, id="q9", stem="挂机后多久登记？（　　）", asks="d1/5.1-1@0"),
    )
    assert same_item(one, other)
    assert any("同一件事" in problem for problem in paper_failures([one, other]))


def test_a_paper_with_all_answers_on_one_letter_is_told() -> None:
    paper = [
        replace(GOOD, id=f"q{at}", stem=f"第{at}项规定的登记时限是（　　）。", pattern=f"数-{at}") for at in range(10)
    ]
    assert any("集中在 B" in problem for problem in paper_failures(paper))
