"""Which document a file is: the one that was read from the same place, a copy of one, its next version, or another.

Knows names, places and how much two texts have in common. Knows nothing of formats. A file's name alone decides
nothing: every department has its 值班制度.docx, and people keep copies under other names.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.collect import Source
    from kb.knowledge import KnowledgeBase
    from kb.model import Document, ParsedDocument

_RUN = 4  # characters
# Of the runs of the shorter text that stand in the other. Different SOPs of one company share up to 0.12 of theirs
# (all pairs of the shipped ones, which quote each other), a version of which half has changed 0.4 and more.
_IN_COMMON = 0.15


def copy_of(source: Source, name: str, checksum: str, knowledge: KnowledgeBase) -> Document | None:
    """Return the document that ``source`` is a copy of under another name, if it is one and its own name is new."""
    documents = knowledge.documents()
    if knowledge.source_at(source.place) or any(one.source == name for one in documents):
        return None
    return next((one for one in documents if one.checksum == checksum), None)


def known_as(source: Source, name: str, knowledge: KnowledgeBase) -> str:
    """Return the name under which the file at this place came before, else ``name``."""
    return knowledge.source_at(source.place) or name


def apart(parsed: ParsedDocument, source: Source, knowledge: KnowledgeBase) -> ParsedDocument | None:
    """Return ``parsed`` under a name of its own, if the document of its name is another one; None if it is not.

    It is another one where it was read from another place and has nothing in common with it.
    """
    if knowledge.source_at(source.place) == parsed.source:
        return None
    known = next((one for one in knowledge.documents() if one.source == parsed.source), None)
    if known is None or not knowledge.has_place(known.id):
        return None
    if _shared(
        (chunk.text for chunk in parsed.chunks), (chunk.text for _, chunk in knowledge.chunks(known.id))
    ) >= _IN_COMMON:  # fmt: skip
        return None
    title = f"{parsed.title}（{source.folder}）" if parsed.title == known.title else parsed.title
    return replace(parsed, source=f"{source.folder}/{parsed.source}", title=title)


def moved(parsed: ParsedDocument, source: Source, knowledge: KnowledgeBase) -> bool:
    """Say whether the document of this name was read from another place before."""
    known = next((one for one in knowledge.documents() if one.source == parsed.source), None)
    return known is not None and knowledge.has_place(known.id) and knowledge.source_at(source.place) != parsed.source


def _shared(one: Iterable[str], other: Iterable[str]) -> float:
    runs, others = _runs(one), _runs(other)
    return len(runs & others) / max(1, min(len(runs), len(others)))


def _runs(texts: Iterable[str]) -> set[str]:
    return {text[at : at + _RUN] for text in texts for at in range(max(1, len(text) - _RUN + 1))}
