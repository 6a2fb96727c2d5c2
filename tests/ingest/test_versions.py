"""Going back to a former version, and what the versions in between say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.faq import Faq
from ingest.pipeline import ingest
from ingest.versions import restore_version
from kb.clause_changes import changes
from kb.errors import EntryInvalid, NotThere
from kb.knowledge import KnowledgeBase
from kb.records.shapes import FAQ_DOCUMENT
from tests.fakes import HashEmbeddings
from tests.kb.samples import settings_for

FIRST = "# 投诉SOP\n\n## 1 受理\n\n1. 30分钟内登记工单。\n2. 24小时内答复客户。\n\n## 2 回访\n\n办结后48小时内回访。\n"
SECOND = FIRST.replace("30分钟", "15分钟").replace("## 2 回访", "## 2 升级\n\n超时的升级到经理。\n\n## 3 回访")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "投诉SOP.md"


@pytest.fixture
def knowledge(tmp_path: Path, source: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(settings_for(tmp_path / "home"), HashEmbeddings()) as opened:
        for text in (FIRST, SECOND):
            source.write_text(text, encoding="utf-8")
            assert [report.status for report in ingest([source], opened)] in (["added"], ["updated"])
        yield opened


def test_new_version_is_compared_with_the_one_before(knowledge: KnowledgeBase) -> None:
    (document,) = knowledge.documents()
    before, after = (knowledge.sections(document.id, version=number) for number in (1, 2))
    assert [(one.kind, one.title) for one in changes(before, after)] == [
        ("changed", "受理"),
        ("added", "升级"),
        ("moved", "回访"),
    ]


def test_former_version_becomes_the_newest(knowledge: KnowledgeBase, source: Path) -> None:
    (document,) = knowledge.documents()
    chunks = {chunk.text for _, chunk in knowledge.chunks()}
    assert any("15分钟" in text for text in chunks)
    result = restore_version(knowledge, document.id, 1)
    assert (result.status, result.document.version, result.document.id) == ("updated", 3, document.id)
    first = knowledge.sections(document.id, version=1)
    assert changes(first, knowledge.sections(document.id)) == ()
    assert not any("15分钟" in chunk.text for _, chunk in knowledge.chunks())
    assert restore_version(knowledge, document.id, 2).document.version == 4
    assert {chunk.text for _, chunk in knowledge.chunks()} == chunks
    restore_version(knowledge, document.id, 1)
    assert [(report.status, report.document and report.document.version) for report in ingest([source], knowledge)] == [
        ("updated", 6)
    ]


def test_version_that_is_not_there_is_named(knowledge: KnowledgeBase) -> None:
    (document,) = knowledge.documents()
    with pytest.raises(NotThere, match="第 9 版"):
        restore_version(knowledge, document.id, 9)


def test_faq_is_changed_entry_by_entry(knowledge: KnowledgeBase) -> None:
    faq = Faq(knowledge)
    faq.approve(faq.write("食堂几点开饭？", "十一点半。", author="王芳").number, by="王芳")
    with pytest.raises(EntryInvalid, match="逐条"):
        restore_version(knowledge, FAQ_DOCUMENT, 1)
