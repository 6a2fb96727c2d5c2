"""What is remembered of a question holds only while nothing has changed, and never what was said before it."""

from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.search import Filter, HybridSearcher
from ui.remembering import RememberingAssistant

QUESTION = "客户投诉来了怎么处理？"


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the questions that were really searched for."""
    asked: list[str] = []
    prepare = HybridSearcher.prepare

    def counted(self: HybridSearcher, query: str) -> object:
        asked.append(query)
        return prepare(self, query)

    monkeypatch.setattr(HybridSearcher, "prepare", counted)
    return asked


def test_a_question_asked_again_is_not_searched_again(sample: KnowledgeBase, searches: list[str]) -> None:
    assistant = RememberingAssistant(sample, HybridSearcher(sample))
    first, again = (assistant.ask(QUESTION, record=False) for _ in range(2))
    assert len(searches) == 1
    assert (first.text, first.citations, first.followups) == (again.text, again.citations, again.followups)
    assistant.ask(QUESTION, record=False, filter=Filter(frozenset({first.citations[0].document})))
    assert len(searches) == 2


def test_every_asking_is_written_down(sample_copy: KnowledgeBase) -> None:
    assistant = RememberingAssistant(sample_copy, HybridSearcher(sample_copy))
    conversations = [sample_copy.records.conversations.new("某人") for _ in range(2)]
    turns = [assistant.ask(QUESTION, conversation=one).turn for one in conversations]
    assert 0 < turns[0] < turns[1]


def test_what_was_said_before_is_part_of_the_question(sample: KnowledgeBase, searches: list[str]) -> None:
    assistant = RememberingAssistant(sample, HybridSearcher(sample))
    answers = {
        before: assistant.ask("那紧急的呢？", record=False, before=before).text for before in ("一般投诉多久响应？", "")
    }
    assert len(set(answers.values())) == 2


def test_a_change_of_documents_or_synonyms_is_seen(sample_copy: KnowledgeBase, searches: list[str]) -> None:
    assistant = RememberingAssistant(sample_copy, HybridSearcher(sample_copy))
    cited = assistant.ask(QUESTION, record=False).citations[0].document
    (Path(sample_copy.home) / "synonyms.txt").write_text("投诉,闹意见\n", encoding="utf-8")
    assistant.ask(QUESTION, record=False)
    assert len(searches) == 2
    sample_copy.remove(cited)
    assert cited not in {one.document for one in assistant.ask(QUESTION, record=False).citations}
