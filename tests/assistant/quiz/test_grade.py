"""Responses in the forms people give them."""

from dataclasses import replace

import pytest

from assistant.quiz.grade import Response, fits, grade, makes
from assistant.quiz.model import Blank, Change, Option, Point, Question
from kb.model import Citation
from kb.synonyms import parse

CITED = Citation("d1", "5.1", "受理", ("受理",), "5.1-1", "客服专员在挂机后10分钟内登记投诉。")
CHOICE = Question(
    "q1",
    "multiple",
    "投诉分为（　　）。",
    CITED,
    "",
    3,
    "easy",
    "remember",
    "p",
    options=tuple(Option(key, text) for key, text in zip("ABCD", ("一般", "重大", "轻微", "紧急"), strict=True)),
    right=("A", "B", "D"),
)
JUDGED = Question(
    "q2",
    "true_false",
    "20分钟内登记。",
    CITED,
    "",
    1,
    "easy",
    "remember",
    "p",
    truth=False,
    change=Change("number", "20分钟", "10分钟"),
)
OPEN = Question(
    "q3",
    "short_answer",
    "接到投诉怎么做？",
    CITED,
    "",
    6,
    "easy",
    "remember",
    "p",
    points_required=(Point("在挂机后10分钟内登记投诉"), Point("不得私下用现金了结投诉"), Point("告知客户工单号")),
)


@pytest.mark.parametrize(
    ("response", "score"),
    [
        (["A", "B", "D"], 3),
        ("ABD", 3),
        ("d, a、b", 3),
        (["一般", "重大", "紧急"], 3),
        (["A", "B"], 1.5),
        (["A", "B", "C", "D"], 0),
        (["A", "C"], 0),
        ("", 0),
        (None, 0),
        ("Z", 0),
    ],
)
def test_choices_take_letters_words_and_half_of_the_right_ones(response: Response, score: float) -> None:
    assert grade(CHOICE, response).score == score


def test_a_single_choice_has_no_half() -> None:
    one = replace(CHOICE, type="single", right=("A",))
    assert [grade(one, answer).score for answer in ("A", "a.", "一般", "AB", "B")] == [3, 3, 3, 0, 0]


@pytest.mark.parametrize(
    ("response", "right"), [(False, True), ("错", True), ("×", True), ("正确", False), (True, False), (None, False)]
)
def test_judgements_take_signs_and_words(response: Response, right: bool) -> None:
    graded = grade(JUDGED, response)
    assert graded.right is right
    assert "原文是“10分钟”" in graded.feedback


@pytest.mark.parametrize(
    ("accepted", "said", "right"),
    [
        (("30%", "百分之三十"), "30％", True),
        (("30%",), "百分之三十", True),
        (("30%",), "30", True),
        (("2", "两", "2个工作日"), "两个工作日", True),
        (("2", "两", "2个工作日"), "2 个工作日", True),
        (("2", "2个工作日"), "2天", False),
        (("15", "15分钟"), "十五", True),
        (("15",), "16", False),
        (("客服主管",), "客服 主管", True),
        (("客服主管",), "客服专员", False),
        (("看板", "Kanban"), "kanban", True),
        (("看板",), "", False),
    ],
)
def test_blanks_take_every_writing_of_the_same(accepted: tuple[str, ...], said: str, right: bool) -> None:
    assert fits(Blank(accepted), said) is right


def test_several_blanks_are_marked_each() -> None:
    item = replace(OPEN, type="cloze", points=4, points_required=(), blanks=(Blank(("10", "十")), Blank(("客服专员",))))
    assert [grade(item, answer).score for answer in (["10", "客服专员"], "十；客服专员", ["10"], "主管")] == [
        4,
        4,
        2,
        0,
    ]


@pytest.mark.parametrize(
    ("answer", "made"),
    [
        ("挂机后10分钟内登记投诉；把工单号告诉客户；投诉不能私下用现金了结", 3),
        ("十分钟内登记投诉", 1),
        ("30分钟内登记投诉", 0),
        ("可以私下用现金了结投诉", 0),
        ("严禁私下用现金了结投诉", 1),
        ("", 0),
        ("不知道", 0),
    ],
)
def test_open_answers_earn_by_points_found(answer: str, made: int) -> None:
    graded = grade(OPEN, answer)
    assert graded.score == made * 2
    assert len(graded.missed) == 3 - made
    assert "5.1-1" in graded.feedback


def test_synonyms_of_the_company_count() -> None:
    assert makes("给顾客道歉并赔偿损失", Point("向客户致歉并补偿损失"), parse("客户, 顾客\n致歉, 道歉\n补偿, 赔偿"))


def test_a_demand_turned_round_is_not_made() -> None:
    assert not makes("不需要告知客户工单号", Point("告知客户工单号"))


@pytest.mark.parametrize(
    ("answer", "made"),
    [
        ("不对。伪造回访、代客户评分是红线。", True),
        ("这样做违反规定，不得代客户评分、伪造回访。", True),
        ("对的。伪造回访、代客户评分没什么不妥。", False),
        ("这样做对，可以伪造回访、代客户评分。", False),
    ],
)
def test_a_ban_is_kept_by_the_verdict(answer: str, made: bool) -> None:
    assert makes(answer, Point("严禁伪造回访、代客户评分")) is made
