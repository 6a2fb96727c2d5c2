"""A removal can be taken back, with every version."""

from datetime import UTC, datetime, timedelta

import pytest

from kb.errors import Ambiguous, NotThere
from kb.knowledge import KnowledgeBase
from tests.kb.samples import TOPICS, parsed_document


def test_removed_document_comes_back_with_its_versions(knowledge: KnowledgeBase) -> None:
    knowledge.add(parsed_document(), place="where")
    document = knowledge.add(parsed_document([*TOPICS, "新的"]), place="where").document
    sections, chunks = knowledge.sections(document.id), list(knowledge.chunks(document.id))
    knowledge.remove(document.id, by="王芳")
    assert knowledge.documents() == ()
    assert knowledge.vector_search(knowledge.embeddings.embed_query("新的"), limit=3) == []
    (kept,) = knowledge.removed()
    assert (kept.title, kept.source, kept.versions, kept.removed_by) == ("服务手册", "服务手册.txt", 2, "王芳")
    assert knowledge.bring_back(kept.id) == document
    assert knowledge.sections(document.id) == sections
    assert list(knowledge.chunks(document.id)) == chunks
    assert [one.version for one in knowledge.versions(document.id)] == [1, 2]
    assert knowledge.place_of(document.id) == "where"
    (found, _), *_ = knowledge.vector_search(knowledge.embeddings.embed_query(chunks[-1][1].indexed), limit=1)
    assert found == chunks[-1][0]
    assert knowledge.removed() == ()
    with pytest.raises(NotThere, match="重新导入"):
        knowledge.bring_back(kept.id)


def test_removed_document_does_not_replace_one_that_is_there_again(knowledge: KnowledgeBase) -> None:
    knowledge.add(parsed_document())
    knowledge.remove("服务手册")
    again = knowledge.add(parsed_document(["别的"])).document
    with pytest.raises(Ambiguous, match="已经重新导入"):
        knowledge.bring_back(knowledge.removed()[0].id)
    assert knowledge.documents() == (again,)


def test_removed_documents_are_forgotten_after_a_while(knowledge: KnowledgeBase) -> None:
    for name in ("一.txt", "二.txt"):
        knowledge.add(parsed_document([name], source=name))
    knowledge.remove("一.txt")
    long_ago = (datetime.now(UTC) - timedelta(days=31)).isoformat(timespec="seconds")
    with knowledge._catalogue.write() as connection:
        connection.exec_driver_sql("UPDATE removed SET removed_at = ?", (long_ago,))
    knowledge.remove("二.txt")
    assert [one.source for one in knowledge.removed()] == ["二.txt"]
