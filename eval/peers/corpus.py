"""What the peers are given: files as they are, or the text as the product repaired it. Knows a knowledge base's sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.peers.programs.link import Piece, Source
from ingest.chunk import heading_path
from ingest.collect import Problem, collect
from kb.errors import SourceUnreadable

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.model import Document, Section
    from kb.settings import LimitSettings


def raw_sources(paths: Sequence[Path], limits: LimitSettings) -> list[Source]:
    """Return the files at ``paths``, in folders too, unread.

    Raises:
        SourceUnreadable: one of them cannot be used, or is an archive, which no peer reads.
    """
    found: list[Source] = []
    for one in collect(paths, limits=limits):
        if isinstance(one, Problem):
            raise one.error
        found.append(Source(one.name, path=str(one.path.resolve())))
    if packed := [one.name for one in found if not Path(one.path).exists()]:
        raise SourceUnreadable(f"{packed[0]}：并排比较不读压缩包，请先解压再给出文件")
    return found


def repaired_sources(knowledge: KnowledgeBase) -> list[Source]:
    """Return every document's text with its headings as lines, and the items it is made of."""
    return [_repaired(document, knowledge.sections(document.id)) for document in knowledge.documents()]


def _repaired(document: Document, sections: Iterable[Section]) -> Source:
    lines: list[str] = [document.title]
    pieces: list[Piece] = []
    for section in sections:
        if section.status == "missing_body":
            continue  # there is a line in the table of contents and nothing else
        lines += [section.heading, *([section.body] if section.body else [])]
        heading = heading_path(document.title, section)
        pieces += [Piece(block.text, heading) for block in section.blocks]
    return Source(document.source, text="\n".join(lines), pieces=tuple(pieces))
