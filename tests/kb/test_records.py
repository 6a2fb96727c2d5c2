import pytest

from kb.catalogue import Catalogue
from kb.errors import NotThere
from kb.model import Nearest
from kb.records import Records


@pytest.fixture
def records(catalogue: Catalogue) -> Records:
    return Records(catalogue)


def test_conversation_returns_its_turns_in_order(records: Records) -> None:
    key = records.new_conversation()
    for at in range(3):
        records.append_turn(key, f"问{at}", {"answer": f"答{at}", "citations": [{"section": "5.5"}]})
    records.append_turn("另一个", "别的", {})
    assert [turn.question for turn in records.turns(key)] == ["问0", "问1", "问2"]
    assert records.turns(key)[0].answer == {"answer": "答0", "citations": [{"section": "5.5"}]}
    assert [turn.question for turn in records.turns(key, last=2)] == ["问1", "问2"]


def test_conversation_that_is_new_has_no_turns(records: Records) -> None:
    assert records.turns(records.new_conversation()) == ()


def test_conversation_that_is_not_there_is_named(records: Records) -> None:
    with pytest.raises(NotThere, match="没有编号为 x1 的对话"):
        records.turns("x1")


def test_conversation_is_started_by_its_first_turn(records: Records) -> None:
    records.append_turn("我的会话", "问\ud800", {"answer": "答"})
    assert [turn.question for turn in records.turns("我的会话")] == ["问?"]


def test_unanswered_questions_come_latest_first(records: Records) -> None:
    near = (Nearest("doc-1", "5.5", "投诉处理"),)
    records.record_unanswered("有食堂吗", status="not_found", nearest=near, conversation="c1")
    records.record_unanswered("8.2讲什么", status="missing_in_source")
    latest, first = records.unanswered()
    assert (latest.question, latest.status, latest.nearest) == ("8.2讲什么", "missing_in_source", ())
    assert (first.question, first.nearest, first.conversation) == ("有食堂吗", near, "c1")
    assert first.asked_at.endswith("+00:00")
    assert first.id < latest.id


def test_records_do_not_raise_the_generation(records: Records, catalogue: Catalogue) -> None:
    before = catalogue.state()
    records.append_turn("c", "问", {})
    records.record_unanswered("问", status="not_found")
    assert catalogue.state() == before
