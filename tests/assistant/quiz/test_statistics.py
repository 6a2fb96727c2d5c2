"""Figures of persons, clauses and items from answers written by hand."""

from dataclasses import replace

import pytest

from assistant.quiz.statistics import aimed, by_clause, by_item, by_person, spread, weak_clauses
from kb.records.quizzes import AnswerRow
from tests.assistant.quiz.papers_by_hand import single


def answer(attempt: str, item: str, score: float, clause: str = "1-1") -> AnswerRow:
    return AnswerRow(attempt, attempt, item, "d1", clause.split("-")[0], clause, "single", score, 1.0, "")


# Six people, best to worst: "good" goes with the rest of the paper, "bad" against it.
ROWS = [
    row
    for at in range(6)
    for row in (
        answer(f"p{at}", "good", float(at < 3)),
        answer(f"p{at}", "bad", float(at >= 3), "2-1"),
        *(answer(f"p{at}", f"other{n}", float(at < 3), "3-1") for n in range(4)),
    )
]


def test_items_tell_the_able_from_the_rest() -> None:
    figures = {one.item: one for one in by_item(ROWS)}
    assert figures["good"].difficulty == pytest.approx(0.5)
    assert figures["good"].discrimination == pytest.approx(1.0)
    assert figures["bad"].discrimination == pytest.approx(-1.0)
    assert "检查答案" in figures["bad"].advice


def test_too_few_answers_say_nothing() -> None:
    assert by_item(ROWS[:6])[0].discrimination is None


def test_persons_and_clauses_are_ranked() -> None:
    assert [one.key for one in by_person(ROWS)][:3] == ["p0", "p1", "p2"]
    rows = [answer("p", "a", 0.0, "1-1"), answer("p", "b", 1.0, "2-1")]
    assert [one.key for one in by_clause(rows)] == ["d1/1-1", "d1/2-1"]
    assert [one.key for one in weak_clauses(rows)] == ["d1/1-1"]


def test_the_next_paper_aims_at_what_was_weak() -> None:
    rows = [replace(answer("p", "q0", 0.0, "3.2-1"), section="3.2")]
    pool = [
        replace(single(f"q{at}"), asks=f"fact{at}", citation=replace(single().citation, clause=clause))
        for at, clause in enumerate(("3.2-1", "4-1", "3.2-1"))
    ]
    assert [one.id for one in aimed(pool, rows, 2).questions] == ["q2", "q0"]


def test_results_are_spread_over_equal_parts() -> None:
    assert spread([0.0, 0.05, 0.55, 1.0]) == [2, 0, 0, 0, 0, 1, 0, 0, 0, 1]
