"""From a refused question to an answer that everybody finds, and where the latest evaluation lies."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.desk import Desk
from ingest.faq import Faq
from ingest.pipeline import ingest
from kb.errors import EntryInvalid, HomeBusy
from ui.answering import TO_FILL, answer_topic, draft_topic, suggestion
from ui.latest_report import folder_of, latest_report
from ui.session import Session

TEXT = "# 投诉SOP\n\n## 投诉受理\n\n1. 一般投诉24小时内答复。\n2. 紧急投诉2小时内答复。\n"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    source = tmp_path / "投诉SOP.md"
    source.write_text(TEXT, encoding="utf-8")
    opened = Session(tmp_path / "home")
    assert [report.status for report in ingest([source], opened.knowledge)] == ["added"]
    yield opened
    opened.knowledge.close()


def ask(session: Session, question: str, person: str = "p1") -> str:
    conversation = session.knowledge.records.conversations.new(person)
    return session.assistant.ask(question, conversation=conversation).status


def test_refused_question_is_answered_after_the_owner_has_answered_it(session: Session) -> None:
    assert ask(session, "食堂几点开饭？") == "not_found"
    assert ask(session, "食堂什么时候开饭", "p2") == "not_found"
    (topic,) = Desk(session.knowledge).topics()
    assert (topic.times, topic.people) == (2, 2)
    draft = draft_topic(session, topic.id, question="食堂几点开饭？", answer="十一点。", author="王芳")
    assert ask(session, "食堂几点开饭？", "p3") == "not_found"
    entry = answer_topic(session, topic.id, question="食堂几点开饭？", answer="十一点半开饭。", author="王芳")
    assert (entry.number, entry.state) == (draft.number, "approved")
    assert "食堂什么时候开饭" in entry.wordings
    assert Desk(session.knowledge).topics() == ()
    assert Desk(session.knowledge).topics("answered")[0].entry == entry.number
    for question in ("食堂几点开饭", "食堂什么时候开饭"):
        assert ask(session, question) == "answered"
    Faq(session.knowledge).remove(entry.number, by="王芳")
    assert [one.id for one in Desk(session.knowledge).topics()] == [topic.id]
    assert ask(session, "食堂几点开饭？") == "not_found"


def test_disliked_answer_of_the_manual_is_replaced_for_that_question(session: Session) -> None:
    records = session.knowledge.records
    conversation = records.conversations.new("p1")
    turn = session.assistant.ask("一般投诉多久答复？", conversation=conversation).turn
    records.feedback.give(turn, "down", person="p1", reason="内容过时")
    (topic,) = Desk(session.knowledge).topics()
    answer_topic(session, topic.id, question=topic.title, answer="现在是12小时内答复。", author="王芳")
    answer = session.assistant.ask("一般投诉多久答复？", record=False)
    assert answer.text.startswith("现在是12小时内答复。")


def test_answer_that_cannot_be_published_stays_a_draft(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(session, "食堂几点开饭？")
    (topic,) = Desk(session.knowledge).topics()
    with pytest.raises(EntryInvalid):
        answer_topic(session, topic.id, question="食堂几点开饭？", answer=" ", author="王芳")

    def busy(*_: object, **__: object) -> None:
        raise HomeBusy("另一个进程正在写入")

    with monkeypatch.context() as patch:
        patch.setattr(session.knowledge, "add", busy)
        with pytest.raises(HomeBusy):
            answer_topic(session, topic.id, question="食堂几点开饭？", answer="十一点半。", author="王芳")
    (draft,) = Faq(session.knowledge).entries()
    assert (draft.state, draft.answer) == ("draft", "十一点半。")
    assert [one.id for one in Desk(session.knowledge).topics()] == [topic.id]
    entry = answer_topic(session, topic.id, question="食堂几点开饭？", answer="十二点。", author="王芳")
    assert (entry.number, entry.answer) == (draft.number, "十二点。")


def test_suggestion_quotes_the_sources_and_cannot_be_published_as_it_is(session: Session) -> None:
    ask(session, "紧急投诉超时扣多少钱？")
    (topic,) = Desk(session.knowledge).topics()
    first = suggestion(session, topic.id)
    assert first.startswith("待填：紧急投诉超时扣多少钱\n手册里最接近的内容：\n- ")
    assert "紧急投诉2小时内答复" in first
    clause = suggestion(session, topic.id, kind="clause")
    assert clause.count(TO_FILL) == 6
    for text in (first, clause):
        with pytest.raises(EntryInvalid, match="待填"):
            answer_topic(session, topic.id, question=topic.title, answer=text, author="王芳")
    assert Faq(session.knowledge).entries() == ()
    assert draft_topic(session, topic.id, question=topic.title, answer=first, author="王芳").state == "draft"


def test_latest_report_is_found(tmp_path: Path) -> None:
    assert latest_report(tmp_path) is None
    folder = folder_of(tmp_path)
    folder.mkdir(parents=True)
    numbers = {"dataset": "sample_a", "cases": 40, "metrics": {"hit@1": 0.9, "refused": None}}
    (folder / "summary.json").write_text(json.dumps(numbers), encoding="utf-8")
    os.utime(folder / "summary.json", (1_800_000_000, 1_800_000_000))
    found = latest_report(tmp_path)
    assert found is not None
    assert (found.dataset, found.cases, found.metrics["hit@1"], found.made_at[:4]) == ("sample_a", 40, 0.9, "2027")
    assert found.page.parent == folder
    (folder / "summary.json").write_text("{", encoding="utf-8")
    assert latest_report(tmp_path) is None
