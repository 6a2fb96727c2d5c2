"""👍 and 👎 by turn and person, and the numbers of use."""

from datetime import UTC, datetime, timedelta

import pytest

from kb.catalogue import Catalogue
from kb.errors import HomeUnusable, NotThere
from kb.model import Answer, Citation
from kb.records import Records


@pytest.fixture
def records(catalogue: Catalogue) -> Records:
    return Records(catalogue)


def ask(
    records: Records, *, person: str = "", status: str = "answered", clause: str = "5.5-2", total: float = 20
) -> int:
    conversation = records.conversations.new(person) if person else ""
    cited = (Citation("d1", clause.partition("-")[0], "投诉", ("投诉",), clause, "原文", marker=1),)
    answer = Answer(
        question="问",
        text="答",
        status=status,  # type: ignore[arg-type]
        citations=cited if status == "answered" else (),
        timings={"retrieve": total / 2, "total": total},
    )
    return records.record(answer, conversation=conversation, open_question=status != "answered")


def test_feedback_is_one_a_turn_and_person(records: Records) -> None:
    turn = ask(records, person="p1")
    records.feedback.give(turn, "up", person="p1")
    records.feedback.give(turn, "down", person="p1", reason="  不完整 ")
    records.feedback.give(turn, "up", person="p2")
    assert records.feedback.of([turn], person="p1")[turn].reason == "不完整"
    assert records.feedback.of([turn], person="p3") == {}
    assert [one.person for one in records.feedback.latest(verdict="down")] == ["p1"]
    records.feedback.withdraw(turn, person="p1")
    assert [one.person for one in records.feedback.latest()] == ["p2"]
    with pytest.raises(NotThere, match="没有编号为 99 的问答"):
        records.feedback.give(99, "up")


def test_dislike_points_at_the_sections_that_were_cited(records: Records) -> None:
    turn = ask(records, person="p1")
    records.feedback.give(turn, "down", person="p1", reason="出处不对")
    (question,) = records.unanswered()
    assert (question.status, question.turn, question.person) == ("disliked", turn, "p1")
    assert [(place.section, place.title) for place in question.nearest] == [("5.5", "投诉")]


def test_feedback_goes_with_its_conversation(records: Records, catalogue: Catalogue) -> None:
    turn = ask(records, person="p1")
    records.feedback.give(turn, "up", person="p1")
    with catalogue.write() as connection:
        connection.exec_driver_sql("DELETE FROM conversations")
    assert records.feedback.latest() == ()


def test_usage_counts_days_statuses_people_and_clauses(records: Records, catalogue: Catalogue) -> None:
    for total, person in ((10, "p1"), (20, "p1"), (30, "p2"), (400, "")):
        turn = ask(records, person=person, total=total, clause="5.5-2" if total < 30 else "5.6-1")
        if person == "p1":
            records.feedback.give(turn, "up" if total == 10 else "down", person="p1")
    ask(records, status="not_found", total=5)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    with catalogue.write() as connection:
        connection.exec_driver_sql("UPDATE asked SET asked_at = ? WHERE sequence = 1", (yesterday,))
    numbers = records.usage.summary(days=7)
    assert [day.questions for day in numbers.days] == [0, 0, 0, 0, 0, 1, 4]
    assert (numbers.questions, numbers.people, numbers.statuses) == (5, 2, {"answered": 4, "not_found": 1})
    assert numbers.days[-1].people == 2
    assert numbers.refused == pytest.approx(0.2)
    assert (numbers.up, numbers.down, numbers.satisfied) == (1, 1, 0.5)
    assert (numbers.latency_p50, numbers.latency_p95) == (20.0, 400.0)
    assert [(one.clause, one.times) for one in numbers.clauses] == [("5.5-2", 2), ("5.6-1", 2)]
    assert [(one.document, one.answers, one.up, one.down) for one in numbers.documents] == [("d1", 4, 1, 1)]
    assert records.usage.summary(days=1).questions == 4


def test_the_engines_time_is_told_by_turn(records: Records) -> None:
    turn = ask(records, total=250)
    assert records.usage.engine_seconds([turn, turn + 1]) == {turn: 0.25}


def test_usage_of_a_new_home_is_empty(records: Records) -> None:
    numbers = records.usage.summary(days=3)
    assert (numbers.questions, numbers.refused, numbers.satisfied, numbers.latency_p95) == (0, 0.0, 0.0, 0.0)
    assert len(numbers.days) == 3


def test_usage_keeps_no_words_of_who_asked_outside_a_conversation(records: Records, catalogue: Catalogue) -> None:
    ask(records)
    with catalogue.read() as connection:
        (row,) = connection.exec_driver_sql("SELECT person, turn FROM asked")
        assert tuple(row) == ("", 0)
        assert connection.exec_driver_sql("SELECT count(*) FROM turns").scalar() == 0


def test_home_that_cannot_be_written_tells_and_answers(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    records = Records(catalogue, told.append)
    turn = ask(records, person="p1")
    monkeypatch.setattr(catalogue._database, "read_only", "数据目录无法写入")
    assert records.conversations.new("p1")
    records.people.remember("p1", "王芳")
    assert ask(records, person="p1") == 0
    assert [line.partition("：")[0] for line in told] == [
        "这个对话不会保存",
        "名字没有记下",
        "这个对话不会保存",
        "这个问题没有记下",
    ]
    with pytest.raises(HomeUnusable):
        records.feedback.give(turn, "up", person="p1")
    assert records.usage.summary(days=1).questions == 1


def test_people_have_the_name_they_gave_last(records: Records) -> None:
    records.people.remember("p1", "小王")
    records.people.remember("p1", "王芳")
    assert records.people.names(["p1", "p2"]) == {"p1": "王芳"}
