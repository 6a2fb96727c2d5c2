"""What is exported and read back is the same item, whatever characters it holds."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.quiz.export import render
from assistant.quiz.export.record import MARK
from assistant.quiz.intake import parse
from assistant.quiz.model import Change, Paper, Question
from kb.errors import SourceUnreadable
from tests.assistant.quiz.papers_by_hand import HOSTILE, TITLES, cloze, paper, questions, single, true_false

ROUND = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
papers = st.lists(questions(), min_size=1, max_size=3).map(lambda listed: Paper("卷", tuple(listed), seed=1))


def back(written: bytes, name: str) -> tuple[Question, ...]:
    found = parse(written, name)
    assert found.left_out == ()
    return found.questions


def arrows(question: Question) -> Question:
    """Return the item as GIFT has to write it: an ASCII arrow would make it a matching item."""
    whole = json.dumps([question.stem, question.scenario, question.explanation])
    stem, scenario, explanation = json.loads(whole.replace("->", "→"))
    return replace(
        question,
        stem=stem,
        scenario=scenario,
        explanation=explanation,
        options=tuple(replace(option, text=option.text.replace("->", "→")) for option in question.options),
        blanks=tuple(
            replace(blank, accepted=tuple(dict.fromkeys(form.replace("->", "→") for form in blank.accepted)))
            for blank in question.blanks
        ),
        points_required=tuple(replace(point, text=point.text.replace("->", "→")) for point in question.points_required),
    )


@pytest.mark.parametrize("name", ["json", "gift", "moodle", "xlsx"])
def test_paper_by_hand_comes_back_whole(name: str) -> None:
    assert back(render([paper()], name, titles=TITLES), name) == paper().questions


@ROUND
@given(papers)
def test_json_comes_back(made: Paper) -> None:
    assert back(render([made], "json"), "json") == made.questions


@ROUND
@given(papers)
def test_gift_comes_back(made: Paper) -> None:
    expected = tuple(arrows(question) for question in made.questions)
    assert back(render([made], "gift", titles=TITLES), "gift") == expected


@ROUND
@given(papers)
def test_moodle_comes_back(made: Paper) -> None:
    assert back(render([made], "moodle", titles=TITLES), "moodle") == made.questions


@settings(ROUND, max_examples=25)
@given(papers)
def test_workbook_comes_back(made: Paper) -> None:
    assert back(render([made], "xlsx", titles=TITLES), "xlsx") == made.questions


@pytest.mark.parametrize("name", ["gift", "moodle"])
def test_words_are_read_from_the_body_and_not_from_the_record(name: str) -> None:
    written = render([paper()], name, titles=TITLES).decode()
    edited = written.replace("10分钟", "15分钟").replace("简述投诉结案", "列出投诉结案")
    found = back(edited.encode(), name)
    assert found[0].options[0].text == "15分钟"
    assert found[4].stem == "列出投诉结案的三个条件。"
    assert found[0].citation == paper().questions[0].citation


@pytest.mark.parametrize("name", ["gift", "moodle"])
def test_without_its_comments_everything_but_the_clause_comes_back(name: str) -> None:
    written = render([paper()], name, titles=TITLES).decode()
    bare = re.sub(rf"// {MARK}.*|<!-- {MARK}.*?-->", "", written)
    assert MARK not in bare
    found = back(bare.encode(), name)
    for one, original in zip(found, paper().questions, strict=True):
        assert one.citation.clause == ""
        assert (one.type, one.stem, one.scenario) == (original.type, original.stem, original.scenario)
        assert (one.options, one.right, one.truth) == (original.options, original.right, original.truth)
        assert (one.blanks, one.explanation) == (original.blanks, original.explanation)
        assert [point.text for point in one.points_required] == [point.text for point in original.points_required]
        assert (one.difficulty, one.bloom, one.tags) == (original.difficulty, original.bloom, original.tags)


@pytest.mark.parametrize("name", ["json", "gift", "moodle", "xlsx"])
def test_what_makes_a_statement_false_comes_back(name: str) -> None:
    cited = replace(true_false().citation, repaired=True)
    change = Change("number", "1小时后", "立即")
    changed = replace(true_false(), change=change, asks="4.1-2 复测时间", citation=cited)
    assert back(render([Paper("卷", (changed,), seed=1)], name), name) == (changed,)


def test_json_of_several_papers_holds_all_and_shows_the_first() -> None:
    whole = json.loads(render([paper("甲"), paper("乙")], "json"))
    assert [one["title"] for one in whole["papers"]] == ["甲", "乙"]
    assert whole["title"] == "甲"
    assert len(back(json.dumps(whole).encode(), "json")) == 12


@pytest.mark.parametrize("name", ["json", "gift", "moodle", "xlsx"])
@given(st.binary(max_size=200))
@example(b"")
@example(b"<!DOCTYPE x [<!ENTITY a 'aa'>]><quiz>&a;</quiz>")
@example(b"[[[[")
@settings(max_examples=40, deadline=None)
def test_rubbish_is_refused_in_one_line(name: str, data: bytes) -> None:
    message = ""
    try:
        parse(data, name, source="题库")
    except SourceUnreadable as error:
        message = str(error)
    assert "\n" not in message


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words_in_every_field(words: str) -> None:
    options = tuple(replace(option, text=f"{words} {option.key}") for option in single().options)
    item = replace(single(), stem=words, options=options, explanation=words)
    made = Paper(words, (item,), seed=1)
    for name in ("json", "moodle", "xlsx"):
        assert back(render([made], name, titles=TITLES), name) == (item,)
    assert back(render([made], "gift", titles=TITLES), "gift") == (arrows(item),)


def test_many_forms_of_many_blanks_all_come_back() -> None:
    base = cloze()
    blanks = tuple(replace(base.blanks[0], accepted=tuple(f"{n}号{form}" for form in range(6))) for n in range(3))
    item = replace(base, stem="____、____、____。", blanks=blanks)
    assert back(render([Paper("卷", (item,), seed=1)], "gift"), "gift") == (item,)
