"""The owner's desk: gathered by meaning, with demand, and what becomes of a topic."""

from pathlib import Path

import pytest

from assistant.alike import same_amounts
from assistant.desk import Desk
from kb.errors import EntryInvalid, NotThere
from kb.knowledge import KnowledgeBase
from kb.model import Answer, Nearest
from kb.settings import load_settings

ASKED = (
    ("食堂几点开饭？", "p1"),
    ("怎么申请停车位？", "p1"),
    ("公司食堂什么时候开饭", "p2"),
    ("饭堂午餐是几点", "p3"),
    ("员工停车位怎么办理", "p1"),
    ("试用期工资打几折？", "p2"),
)


@pytest.fixture
def knowledge(tmp_path: Path) -> KnowledgeBase:
    return KnowledgeBase.open(load_settings(tmp_path / "home"))


@pytest.fixture
def desk(knowledge: KnowledgeBase) -> Desk:
    for question, person in ASKED:
        refuse(knowledge, question, person)
    return Desk(knowledge)


def refuse(knowledge: KnowledgeBase, question: str, person: str) -> int:
    conversation = knowledge.records.conversations.new(person)
    answer = Answer(question=question, text="手册没有写", status="not_found", nearest=(Nearest("d", "5.5", "反馈"),))
    return knowledge.records.record(answer, conversation=conversation, open_question=True)


def test_topics_gather_what_means_the_same_most_wanted_first(desk: Desk) -> None:
    topics = desk.topics()
    assert [(topic.title, topic.times, topic.people) for topic in topics] == [
        ("食堂几点开饭？", 3, 3),
        ("怎么申请停车位？", 2, 1),
        ("试用期工资打几折？", 1, 1),
    ]
    assert topics[0].wordings == ("饭堂午餐是几点", "公司食堂什么时候开饭", "食堂几点开饭？")
    assert topics[0].nearest == (Nearest("d", "5.5", "反馈"),)
    assert desk.topics() == topics


def test_topics_keep_amounts_apart() -> None:
    assert not same_amounts("补偿一千元谁批？", "补偿2000元谁批？")
    assert same_amounts("补偿一千元谁批？", "补偿1000元找谁批")


def test_new_question_joins_its_topic_and_opens_an_answered_one(desk: Desk, knowledge: KnowledgeBase) -> None:
    canteen = desk.topics()[0].id
    desk.mark_answered(canteen, 7, by="王芳")
    assert [topic.title for topic in desk.topics("answered")] == ["食堂几点开饭？"]
    with knowledge._catalogue.write() as connection:
        connection.exec_driver_sql("UPDATE topics SET changed_at = '2026-01-01T00:00:00+00:00'")
    refuse(knowledge, "食堂几点钟开饭", "p9")
    again = desk.topics()[0]
    assert (again.id, again.state, again.times, again.people) == (canteen, "open", 4, 4)


def test_dismissed_topic_stays_dismissed(desk: Desk, knowledge: KnowledgeBase) -> None:
    canteen = desk.topics()[0].id
    desk.dismiss(canteen, by="王芳", note="看公告栏")
    refuse(knowledge, "食堂几点钟开饭", "p9")
    assert canteen not in {topic.id for topic in desk.topics()}
    (topic,) = desk.topics("dismissed")
    assert (topic.times, topic.note, topic.changed_by) == (4, "看公告栏", "王芳")
    desk.reopen(canteen, by="王芳")
    assert desk.topics()[0].id == canteen


def test_disliked_answer_comes_to_the_desk_and_goes_when_taken_back(knowledge: KnowledgeBase) -> None:
    records = knowledge.records
    conversation = records.conversations.new("p1")
    turn = records.record(Answer(question="班车几点？", text="八点", status="answered"), conversation=conversation)
    records.feedback.give(turn, "down", person="p1", reason="内容过时")
    (topic,) = Desk(knowledge).topics()
    assert (topic.title, topic.questions[0].status, topic.questions[0].comment) == (
        "班车几点？",
        "disliked",
        "内容过时",
    )
    records.feedback.give(turn, "up", person="p1")
    assert Desk(knowledge).topics() == ()
    assert records.feedback.of([turn], person="p1")[turn].verdict == "up"


def test_refused_question_is_handed_over_with_a_comment(knowledge: KnowledgeBase) -> None:
    turn = refuse(knowledge, "食堂几点开饭？", "p1")
    knowledge.records.questions.submit(turn, person="p1", comment="新员工都在问")
    with pytest.raises(NotThere, match="没有记入待解问题"):
        knowledge.records.questions.submit(turn, person="somebody else")
    knowledge.records.feedback.give(turn, "down", person="p1")
    (question,) = Desk(knowledge).topics()[0].questions
    assert (question.submitted, question.comment) == (True, "新员工都在问")


def test_topics_are_merged_split_renamed_noted_and_searched(desk: Desk) -> None:
    canteen, parking, pay = (topic.id for topic in desk.topics())
    desk.merge(pay, canteen)
    assert desk.topic(canteen).times == 4
    with pytest.raises(NotThere):
        desk.topic(pay)
    odd = next(one for one in desk.topic(canteen).questions if "工资" in one.question)
    assert desk.topic(desk.split(odd.id)).title == "试用期工资打几折？"
    desk.rename(parking, " 停车 ", by="王芳")
    desk.write_note(parking, "问过行政了")
    desk.assign(parking, "李工")
    assert [topic.id for topic in desk.topics(search="行政 停车")] == [parking]
    with pytest.raises(EntryInvalid):
        desk.rename(parking, " ")
    for question in desk.topic(parking).questions:
        desk.forget(question.id)
    assert parking not in {topic.id for topic in desk.topics(None)}


def test_desk_of_a_home_that_cannot_be_written_can_be_looked_at(
    desk: Desk, knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [(topic.title, topic.times) for topic in desk.topics()]
    desk._questions.move(desk.topics()[0].questions[0].id, 0)
    with knowledge._catalogue.write() as connection:
        connection.exec_driver_sql("UPDATE unanswered SET topic = 0")
        connection.exec_driver_sql("DELETE FROM topics")
    monkeypatch.setattr(knowledge._catalogue._database, "read_only", "数据目录无法写入")
    assert [(topic.title, topic.times) for topic in desk.topics()] == expected
