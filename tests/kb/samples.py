"""Small parsed documents and homes for the tests of the knowledge base."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kb.model import Block, Chunk, Health, ParsedDocument, Repair, Section, SourceWarning
from kb.settings import EmbeddingSettings, LimitSettings, SearchSettings, Settings

TOPICS = ("投诉受理", "回访时限", "退换审批", "停机应急", "新员工培训", "信息保护", "供应商切换", "质量抽检")


def settings_for(home: Path, *, store: str = "faiss", lock_seconds: float = 5.0, **search: Any) -> Settings:
    return Settings.model_construct(
        home=home,
        embedding=EmbeddingSettings(batch_size=4),
        search=SearchSettings(store=store, **search),
        limits=LimitSettings(lock_seconds=lock_seconds),
    )


def parsed_document(
    lines: Sequence[str] = TOPICS, *, source: str = "服务手册.txt", title: str = "服务手册", chapters: int = 2
) -> ParsedDocument:
    """Return a document with the given lines, one a section ``chapter.number``, each section one chunk."""
    sections: list[Section] = []
    chunks: list[Chunk] = []
    for chapter in range(1, chapters + 1):
        name = f"第{chapter}部分"
        sections.append(Section(str(chapter), name, 1, "", (name,)))
        for at, line in enumerate(lines[chapter - 1 :: chapters], start=1):
            number, clause = f"{chapter}.{at}", f"{chapter}.{at}-1"
            block = Block(clause, "item", line, 2, 2 + len(line), ordinal="1.", term=line[:2], repaired=at == 1)
            path = (name, f"要求{at}")
            sections.append(Section(number, path[-1], 2, str(chapter), path, f"1.{line}", (block,)))
            chunks.append(Chunk(number, (clause,), " > ".join((title, *path)), line, len(line)))
    health = Health(
        (Repair("gloss", "業(yè)", "业", count=3),), (SourceWarning("missing_body", "2.9", "目录里有，正文没有"),)
    )
    checksum = hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()
    return ParsedDocument(title, source, checksum, tuple(sections), tuple(chunks), health)
