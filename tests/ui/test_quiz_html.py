"""What the 测验 tab draws: people's and documents' words as text, answers back in their fields, marks and links."""

from dataclasses import replace

from assistant.quiz.attempts import Mistake, Result, Running
from assistant.quiz.grade import grade
from assistant.quiz.model import Option, Paper
from assistant.quiz.statistics import ItemFigures, Tally
from tests.assistant.quiz.papers_by_hand import TITLES, paper
from ui.page import quiz_html
from ui.page.quiz_tab import html
from ui.page.texts import CHINESE, ENGLISH

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"


def hostile_paper() -> Paper:
    made = paper()
    spoiled = [
        replace(
            one,
            stem=f"{HOSTILE}{one.stem}",
            scenario=HOSTILE,
            explanation=HOSTILE,
            options=tuple(Option(option.key, HOSTILE + option.key) for option in one.options),
        )
        for one in made.questions
    ]
    return replace(made, title=HOSTILE, questions=tuple(spoiled))


def test_a_paper_keeps_its_answers_in_the_fields() -> None:
    made = paper()
    given = {
        one.id: list(one.right) if one.options else one.truth
        for one in made.questions
        if one.options or one.truth is not None
    }
    drawn = quiz_html.paper_html(Running("a1", made, given, finished=False, seconds_left=90), CHINESE)
    assert drawn.count("data-item=") == len(made.questions)
    assert drawn.count(" checked") == sum(len(one) if isinstance(one, list) else 1 for one in given.values())
    assert 'data-seconds="90"' in drawn
    assert 'data-attempt="a1"' in drawn


def test_a_paper_without_limit_has_no_clock() -> None:
    assert "data-seconds" not in quiz_html.paper_html(
        Running("a", paper(), {}, finished=False, seconds_left=None), CHINESE
    )


def test_results_show_marks_points_and_the_clause() -> None:
    made = paper()
    grades = tuple(grade(one, None) for one in made.questions)
    drawn = quiz_html.result_html(Result("a", made, 0, made.points, grades, {}), TITLES, CHINESE)
    assert drawn.count('class="graded wrong"') == len(made.questions)
    assert 'data-clause="3.2-1"' in drawn
    assert "doc=d1&amp;clause=3.2-1" in drawn
    assert 'class="missed"' in drawn


def test_everything_that_is_not_ours_is_text() -> None:
    made = hostile_paper()
    said = {one.id: HOSTILE for one in made.questions}
    grades = tuple(grade(one, said[one.id]) for one in made.questions)
    tally = [Tally(f"d1/{HOSTILE}", 1, 2, 1)]
    figures = quiz_html.Figures(tally, tally, [ItemFigures("i", 6, 0.5, -0.2)], [1, 0])
    drawn = (
        quiz_html.paper_html(Running("a", made, said, finished=False, seconds_left=None), CHINESE)
        + quiz_html.result_html(Result("a", made, 0, 1, grades, said), {"d1": HOSTILE}, CHINESE)
        + quiz_html.mistakes_html([Mistake(one, 1, 1, "") for one in made.questions], {"d1": HOSTILE}, CHINESE)
        + quiz_html.figures_html(figures, {}, {"i": HOSTILE}, {"d1": HOSTILE}, CHINESE)
    )
    assert "<script" not in drawn
    assert "<img" not in drawn


def test_the_tab_speaks_both_languages() -> None:
    assert "从条款出题" in html(CHINESE)
    assert "A paper" in html(ENGLISH)
