"""Conversations, whose they are, and what is kept of a question and its answer."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from kb.catalogue import Catalogue
from kb.errors import NotThere
from kb.model import Answer, Citation, Nearest
from kb.records import Records
from kb.records.ledger import Ledger
from kb.tables import conversations

CITED = Citation("doc-1", "5.5", "投诉处理", ("第五章", "投诉处理"), "5.5-2", "24小时内答复", marker=1)
ANSWER = Answer(
    question="多久答复？",
    text="24小时内答复。[1]",
    status="answered",
    citations=(CITED,),
    followups=("投诉处理怎么做？",),
    nearest=(Nearest("doc-1", "5.6", "回访"),),
    timings={"retrieve": 12.5, "total": 30.25},
)


@pytest.fixture
def records(catalogue: Catalogue) -> Records:
    return Records(catalogue)


def ask(records: Records, question: str, conversation: str = "", status: str = "answered") -> int:
    answer = Answer(question=question, text="答", status=status)  # type: ignore[arg-type]
    return records.record(answer, conversation=conversation, open_question=status != "answered")


def test_conversation_returns_its_turns_in_order(records: Records) -> None:
    key = records.conversations.new("p1")
    for at in range(3):
        ask(records, f"问{at}", key)
    ask(records, "别的", "另一个")
    assert [turn.question for turn in records.turns(key)] == ["问0", "问1", "问2"]
    assert [turn.question for turn in records.turns(key, last=2)] == ["问1", "问2"]


def test_turn_keeps_the_whole_answer(records: Records) -> None:
    key = records.conversations.new()
    turn = records.record(ANSWER, standalone="投诉多久答复？", conversation=key)
    (kept,) = records.turns(key)
    assert (kept.id, kept.standalone, kept.answer) == (turn, "投诉多久答复？", ANSWER)
    assert kept.asked_at.endswith("+00:00")


def test_turn_of_an_older_catalogue_reads_as_what_it_holds(records: Records, catalogue: Catalogue) -> None:
    with catalogue.write() as connection:
        connection.exec_driver_sql("INSERT INTO conversations (id, created_at) VALUES ('c', '2026-01-01')")
        connection.exec_driver_sql(
            "INSERT INTO turns (conversation, question, answer, asked_at) VALUES ('c', '问', ?, '2026-01-01')",
            ('{"standalone":"整句","text":"答","status":"partial","unknown":1}',),
        )
    (turn,) = records.turns("c")
    assert (turn.standalone, turn.answer.text, turn.answer.status) == ("整句", "答", "partial")


def test_conversation_that_is_not_there_is_named(records: Records) -> None:
    with pytest.raises(NotThere, match="没有编号为 x1 的对话"):
        records.turns("x1")


def test_conversation_is_started_by_its_first_turn(records: Records) -> None:
    ask(records, "问\ud800", "我的会话")
    assert [turn.question for turn in records.turns("我的会话")] == ["问?"]


def test_conversation_is_seen_by_its_person_only(records: Records) -> None:
    mine, other = records.conversations.new("p1"), records.conversations.new("p2")
    ask(records, "我的问题", mine)
    ask(records, "她的问题", other)
    assert [one.title for one in records.conversations.list("p1")] == ["我的问题"]
    for call in (
        lambda: records.conversations.get(other, person="p1"),
        lambda: records.conversations.turns(other, person="p1"),
        lambda: records.conversations.rename(other, "改名", person="p1"),
        lambda: records.conversations.delete(other, person="p1"),
    ):
        with pytest.raises(NotThere):
            call()
    theirs = records.conversations.get(other, person="p2")
    assert (theirs.title, theirs.turns) == ("她的问题", 1)


def test_conversations_are_searched_in_title_question_and_answer(records: Records) -> None:
    first, second = records.conversations.new("p"), records.conversations.new("p")
    records.record(ANSWER, conversation=first)
    ask(records, "食堂100%在哪", second)
    records.conversations.rename(first, "给客户的  答复\n时限", person="p")

    def found(words: str) -> list[str]:
        return [one.id for one in records.conversations.list("p", search=words)]

    assert [one.title for one in records.conversations.list("p")] == ["食堂100%在哪", "给客户的 答复 时限"]
    assert found("时限") == found("24小时") == found("多久 答复") == [first]
    assert found("100%") == [second]
    assert found("status") == found("100_") == []


def test_conversation_without_a_turn_is_not_listed(records: Records) -> None:
    records.conversations.new("p")
    assert records.conversations.list("p") == ()


def test_deleted_conversation_comes_back_until_it_is_old(records: Records, catalogue: Catalogue) -> None:
    key, other = records.conversations.new("p"), records.conversations.new("p")
    ask(records, "一", key)
    ask(records, "二", other)
    records.conversations.delete(key, person="p")
    assert [one.id for one in records.conversations.list("p")] == [other]
    with pytest.raises(NotThere):
        records.turns(key)
    records.conversations.undelete(key, person="p")
    assert len(records.turns(key)) == 1
    records.conversations.delete(key, person="p")
    long_ago = (datetime.now(UTC) - timedelta(days=31)).isoformat(timespec="seconds")
    with catalogue.write() as connection:
        connection.execute(update(conversations).where(conversations.c.id == key).values(deleted_at=long_ago))
    records.conversations.delete(other, person="p")
    with pytest.raises(NotThere):
        records.conversations.undelete(key, person="p")
    records.conversations.undelete(other, person="p")


def test_unanswered_questions_come_latest_first(records: Records) -> None:
    near = (Nearest("doc-1", "5.5", "投诉处理"),)
    records.record_unanswered("有食堂吗", status="not_found", nearest=near, conversation="c1")
    ask(records, "8.2讲什么", status="missing_in_source")
    latest, first = records.unanswered()
    assert (latest.question, latest.status, latest.nearest) == ("8.2讲什么", "missing_in_source", ())
    assert (first.question, first.nearest, first.conversation) == ("有食堂吗", near, "c1")
    assert first.asked_at.endswith("+00:00")
    assert first.id < latest.id


def test_records_do_not_raise_the_generation(records: Records, catalogue: Catalogue) -> None:
    before = catalogue.state()
    ask(records, "问", "c", "not_found")
    records.record_unanswered("问", status="not_found")
    assert catalogue.state() == before


def test_records_of_many_threads_are_all_kept(records: Records) -> None:
    keys = [records.conversations.new(f"p{at}") for at in range(8)]
    with ThreadPoolExecutor(16) as pool:
        turns = list(pool.map(lambda at: ask(records, f"问{at}", keys[at % 8]), range(80)))
    assert len(set(turns)) == 80
    assert [len(records.turns(key)) for key in keys] == [10] * 8


def test_questions_stand_alone_latest_first(records: Records) -> None:
    key = records.conversations.new("p")
    for question, meant in (("一般投诉多久响应？", ""), ("那紧急的呢？", "紧急投诉多久响应？")):
        records.record(Answer(question=question, text="答", status="answered"), standalone=meant, conversation=key)
    assert records.conversations.questions(key, last=4) == ("紧急投诉多久响应？", "一般投诉多久响应？")
    assert records.conversations.questions(key, last=1) == ("紧急投诉多久响应？",)
    records.conversations.delete(key, person="p")
    assert records.conversations.questions(key, last=4) == records.conversations.questions("x", last=4) == ()


def test_writers_take_turns(catalogue: Catalogue) -> None:
    ledger = Ledger(catalogue)
    first_in, order = threading.Event(), []

    def write(name: int) -> None:
        with ledger.write():
            order.append(name)
            if name == 0:
                first_in.set()
                time.sleep(0.2)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(5)]
    threads[0].start()
    assert first_in.wait(5)
    for thread in threads[1:]:
        thread.start()
        time.sleep(0.02)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_writer_that_fails_lets_the_next_one_in(catalogue: Catalogue) -> None:
    ledger = Ledger(catalogue)
    with pytest.raises(RuntimeError), ledger.write():
        raise RuntimeError
    with ledger.write() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
