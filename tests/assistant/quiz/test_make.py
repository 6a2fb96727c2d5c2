"""Papers from the shipped corpus: what was asked for, every check on every item, the same seed, parallel papers, blueprints."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.quiz.blueprint import load
from assistant.quiz.check.every import failures, paper_failures, same_item
from assistant.quiz.make import Order, QuizMaker, Scope
from assistant.quiz.model import QUESTION_TYPES, Paper, QuestionType
from kb.errors import BlueprintInvalid, NothingIndexed, NothingToAsk, NotThere
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import Settings


@pytest.fixture(scope="module")
def maker(sample: KnowledgeBase) -> QuizMaker:
    return QuizMaker(sample, HybridSearcher(sample))


@pytest.fixture(scope="module")
def mixed(maker: QuizMaker) -> Paper:
    return maker.papers(Order(count=60, seed=3))[0]


def test_a_mixed_paper_has_every_type_and_passes_every_check(maker: QuizMaker, mixed: Paper) -> None:
    assert Counter(one.type for one in mixed.questions) == dict.fromkeys(QUESTION_TYPES, 10)
    assert [failures(one, maker.sources) for one in mixed.questions if failures(one, maker.sources)] == []
    assert paper_failures(mixed.questions) == []


def test_items_come_by_type_and_ids_are_their_own(mixed: Paper) -> None:
    kinds = [QUESTION_TYPES.index(one.type) for one in mixed.questions]
    assert kinds == sorted(kinds)
    assert len({one.id for one in mixed.questions}) == len(mixed.questions)


def test_every_false_statement_names_its_change(maker: QuizMaker) -> None:
    paper = maker.papers(Order(count=40, types=("true_false",), seed=1))[0]
    false = [one for one in paper.questions if one.truth is False]
    assert 12 <= len(false) <= 28
    assert {one.change.kind for one in false if one.change} >= {"number", "role", "order", "negation", "term"}
    made = [(one, one.change) for one in false if one.change and one.change.kind != "order"]
    assert all(change.original in one.explanation + one.citation.quote for one, change in made)


def test_amounts_stand_in_ascending_order(maker: QuizMaker) -> None:
    from assistant.quiz.material.amounts import ascending

    paper = maker.papers(Order(count=40, types=("single",), seed=2))[0]
    texts = [[option.text for option in one.options] for one in paper.questions]
    sortable = [row for row in texts if ascending(row)]
    assert len(sortable) > 4
    assert [ascending(row) for row in sortable] == sortable


def test_the_same_seed_gives_the_same_paper_and_another_another(maker: QuizMaker) -> None:
    order = Order(count=12, seed=5)
    assert maker.papers(order) == maker.papers(order)
    assert maker.papers(order)[0].questions != maker.papers(replace(order, seed=6))[0].questions


def test_parallel_papers_are_of_one_make_and_share_nothing(maker: QuizMaker) -> None:
    first, second = maker.papers(Order(count=18, papers=2, seed=1))
    assert Counter(one.type for one in first.questions) == Counter(one.type for one in second.questions)
    assert first.points == second.points
    assert not any(same_item(one, other) for one in first.questions for other in second.questions)
    assert [first.title[-4:], second.title[-4:]] == ["（A卷）", "（B卷）"]


def test_a_section_gives_items_of_itself_and_below(maker: QuizMaker) -> None:
    scope = Scope(section="5", documents=("客户投诉处理SOP",))
    paper = maker.papers(Order(scope, count=12))[0]
    assert {one.citation.section.split(".")[0] for one in paper.questions} == {"5"}
    assert len({one.citation.document for one in paper.questions}) == 1


def test_a_topic_gives_items_of_what_the_search_finds(maker: QuizMaker) -> None:
    paper = maker.papers(Order(Scope(topic="客户投诉怎么处理"), count=8))[0]
    assert len(paper.questions) == 8
    assert sum("投诉" in "".join(one.citation.path) + one.stem + one.citation.quote for one in paper.questions) >= 6


def test_what_is_not_there_is_told(maker: QuizMaker, settings: Settings) -> None:
    with pytest.raises(NotThere):
        maker.papers(Order(Scope(section="99.9")))
    with pytest.raises(NothingToAsk):
        maker.papers(Order(Scope(section="第二十九条", documents=("客户信息保护管理规定",)), types=("case",)))
    with KnowledgeBase.open(settings) as empty, pytest.raises(NothingIndexed):
        QuizMaker(empty).papers(Order())


def blueprint(tmp_path: Path, text: str, name: str = "蓝图.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


PLAN = """
title = "上岗考试"
[[part]]
chapter = "5"
type = "single"
count = 4
points = 2.5
[[part]]
type = "true_false"
difficulty = "easy"
count = 5
[[part]]
type = "case"
bloom = "analyze"
count = 2
points = 15
"""


def test_a_blueprint_is_filled_cell_by_cell_in_every_paper(maker: QuizMaker, tmp_path: Path) -> None:
    plan = load(blueprint(tmp_path, PLAN))
    papers = maker.papers(Order(blueprint=plan, papers=2, title=plan.title))
    for paper in papers:
        singles = [one for one in paper.questions if one.type == "single"]
        assert [one.points for one in singles] == [2.5] * 4
        assert all(one.citation.section.startswith("5") for one in singles)
        assert [one.difficulty for one in paper.questions if one.type == "true_false"] == ["easy"] * 5
        assert [(one.bloom, one.points) for one in paper.questions if one.type == "case"] == [("analyze", 15.0)] * 2
        assert paper.points == 4 * 2.5 + 5 + 30
    assert not any(same_item(one, other) for one in papers[0].questions for other in papers[1].questions)


def test_a_blueprint_takes_numbers_and_chinese_names(tmp_path: Path) -> None:
    text = '{"parts": [{"chapter": 5, "type": "单选", "difficulty": "易", "bloom": "记忆", "count": 2}]}'
    part = load(blueprint(tmp_path, text, "蓝图.json")).part[0]
    assert (part.chapter, part.type, part.difficulty, part.bloom) == ("5", "single", "easy", "remember")


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("[[part]]\ntype = 'essay'\ncount = 1\n", "a.toml", "type"),
        ("[[part]]\ntype = 'single'\ncount = 0\n", "a.toml", "count"),
        ("[[part]\n", "a.toml", "TOML"),
        ("{", "a.json", "JSON"),
        ("title = 'x'\n", "a.toml", "part"),
    ],
)
def test_a_wrong_blueprint_is_told_with_its_place(tmp_path: Path, text: str, name: str, told: str) -> None:
    with pytest.raises(BlueprintInvalid, match=told):
        load(blueprint(tmp_path, text, name))


def test_a_blueprint_part_names_a_document_by_its_title(maker: QuizMaker, tmp_path: Path) -> None:
    plan = load(
        blueprint(
            tmp_path,
            "[[part]]\ndocument='客户投诉处理SOP'\ntype='single'\ncount=2\n[[part]]\nchapter='客户回访'\ntype='case'\ncount=2\n",
        )
    )
    paper = maker.papers(Order(blueprint=plan))[0]
    assert all("《客户投诉处理SOP》" in one.stem for one in paper.questions if one.type == "single")
    assert all("《客户回访SOP》" in one.scenario + one.stem for one in paper.questions if one.type == "case")


def test_a_blueprint_that_wants_too_much_says_how_many_there_are(maker: QuizMaker, tmp_path: Path) -> None:
    plan = load(blueprint(tmp_path, "[[part]]\nchapter='第二十九条'\ntype='single'\ncount=30\n"))
    with pytest.raises(BlueprintInvalid, match="通过检查的只有"):
        maker.papers(Order(blueprint=plan))


@pytest.mark.parametrize("type_", QUESTION_TYPES)
def test_no_way_of_asking_rules_a_paper_of_one_type(maker: QuizMaker, type_: QuestionType) -> None:
    paper = maker.papers(Order(count=40, types=(type_,), seed=7))[0]
    assert len(paper.questions) == 40
    assert max(Counter(one.pattern for one in paper.questions).values()) <= 6


@pytest.fixture(scope="module")
def manual_maker(manual: KnowledgeBase) -> QuizMaker:
    return QuizMaker(manual)


def test_the_real_manual_gives_papers_that_hold(manual_maker: QuizMaker) -> None:
    paper = manual_maker.papers(Order(count=60, seed=2))[0]
    assert len(paper.questions) == 60
    assert [failures(one, manual_maker.sources) for one in paper.questions if failures(one, manual_maker.sources)] == []
    assert paper_failures(paper.questions) == []
    assert len({one.citation.section.split(".")[0] for one in paper.questions}) >= 7


def test_exchanged_descriptions_are_put_right_by_the_answer(maker: QuizMaker) -> None:
    _, pool = maker.everything(seed=1)
    made = [one for one in pool if one.asks.endswith("/exchanged")]
    assert len(made) > 8
    for one in made:
        first, second = (point.text.split("：", 1) for point in one.points_required)
        assert f"{first[0]}——{second[1]}" in one.scenario
        assert f"{second[0]}——{first[1]}" in one.scenario


def test_what_does_not_belong_is_asked_for_in_a_multiple_choice_too(maker: QuizMaker) -> None:
    _, pool = maker.everything(seed=1)
    made = [one for one in pool if one.asks.endswith("/nots") and not failures(one, maker.sources)]
    assert len(made) > 8
    assert all(len(one.right) >= 2 for one in made)
