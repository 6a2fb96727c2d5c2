"""A damaged document is read with the words of those that are in the base."""

from __future__ import annotations

from pathlib import Path

from ingest.pipeline import ingest
from kb.knowledge import KnowledgeBase
from tests.fakes import HashEmbeddings
from tests.ingest.test_repair_shift import AROUND, ELSEWHERE
from tests.kb.samples import settings_for

DAMAGED = f"{AROUND * 6}\n??教师傅须在评语上签字。\n"


def test_term_of_another_document_is_read_where_bytes_were_lost(tmp_path: Path) -> None:
    other, damaged = tmp_path / "跟班制度.txt", tmp_path / "评语.txt"
    other.write_text(ELSEWHERE, encoding="utf-8")
    damaged.write_text(DAMAGED, encoding="utf-8")
    with KnowledgeBase.open(settings_for(tmp_path / "home"), HashEmbeddings()) as knowledge:
        assert [one.status for one in ingest([other, damaged], knowledge)] == ["added", "added"]
        (found,) = [one for one in knowledge.documents() if one.source == damaged.name]
        assert any("带教师傅须在评语上签字" in chunk.text for _, chunk in knowledge.chunks(found.id))
