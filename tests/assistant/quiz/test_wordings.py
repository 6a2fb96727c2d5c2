"""How items read: each names its source, no name is quoted twice, points are whole, ways of asking differ."""

import re

import pytest

from assistant.quiz.check.every import first_failure
from assistant.quiz.choose import family
from assistant.quiz.draft.descriptions import joined, listed
from assistant.quiz.draft.said import is_sentence
from assistant.quiz.draft.workshop import kind_of_role
from assistant.quiz.make import Order, QuizMaker
from assistant.quiz.model import Question
from kb.knowledge import KnowledgeBase


@pytest.fixture(scope="module")
def maker(sample: KnowledgeBase) -> QuizMaker:
    return QuizMaker(sample)


@pytest.fixture(scope="module")
def pool(maker: QuizMaker) -> list[Question]:
    _, drafted = maker.everything(seed=7)
    return [one for one in drafted if first_failure(one, maker.sources) is None]


def test_every_item_names_its_source_where_there_are_many(pool: list[Question]) -> None:
    titles = [one.scenario + one.stem for one in pool]
    assert not [text for text in titles if "《" not in text][:3]


def test_no_name_is_quoted_twice_and_no_gap_stands_in_brackets(pool: list[Question]) -> None:
    texts = [one.scenario + one.stem for one in pool]
    assert not [text for text in texts if "““" in text or "””" in text]
    assert not [text for text in texts if re.search(r"（[^（）]{2,}（　　）", text)]


def test_cases_of_a_paper_are_not_all_of_one_kind(maker: QuizMaker) -> None:
    cases = maker.papers(Order(count=12, types=("case",), seed=4))[0].questions
    kinds = [family(one) for one in cases]
    assert max(kinds.count(kind) for kind in kinds) <= len(cases) // 3


def test_points_are_whole() -> None:
    assert joined(["不仅需要制定标准", "还需要通过培训确保执行"]) == ["不仅需要制定标准，还需要通过培训确保执行"]
    assert joined(["采用精益理念", "消除浪费", "提升效率"]) == ["采用精益理念，消除浪费，提升效率"]
    assert joined(["通过市场调研", "制定创新方案"], means=True) == ["通过市场调研，制定创新方案"]


def test_what_a_description_only_lists_is_taken_apart() -> None:
    assert listed("如系统故障、数据丢失、网络攻击等；") == ("系统故障", "数据丢失", "网络攻击")
    assert listed("包括成本、收益和利润率。") == ("成本", "收益", "利润率")
    assert listed("通过保险、外包转移风险。") == ()


@pytest.mark.parametrize("label", ["事故处理坚持“四不放过”", "排列图用于识别关键少数", "客户要求当面验货的"])
def test_a_label_that_says_something_is_no_name(label: str) -> None:
    assert is_sentence(label)
    assert not is_sentence("按需配置方式")


def test_roles_are_told_by_their_kind() -> None:
    assert [kind_of_role(name) for name in ("行政部", "客服主管", "站长", "客服")] == ["部门", "岗位", "岗位", "简称"]
