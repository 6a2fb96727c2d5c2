"""From the repaired text of a source to its section tree: contents, headings, lists, tables, clause ids.

The way: lines → pieces (``pieces``; an endless line is cut by ``split``) → without the table of contents
(``contents``) → title (``front``) → titles parted from bodies (``titles``) → a tree of numbers (``tree``) →
headings and items (``outline``) → closing paragraphs (``closing``) → sections (``sections``, ``blocks``, ``tables``).
Knows nothing of file formats, of repair or of search.

Nothing is lost: every word of the source stands in one block or title, but for the table of contents, headings said
twice, page furniture, and a short subtitle right after the document's title.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.source import SourceText
from ingest.structure.closing import part_closings
from ingest.structure.contents import strip_loose_pages, take_contents, titles_by_number
from ingest.structure.front import front_matter, promote_titles
from ingest.structure.markers import plain
from ingest.structure.outline import outline
from ingest.structure.pieces import pieces_of, unwrapped, without_furniture
from ingest.structure.sections import number_sections, reconcile
from ingest.structure.split import split
from ingest.structure.titles import settle_titles, without_echoes
from ingest.structure.tree import grow
from kb.model import Section, SourceWarning

__all__ = ["Structure", "build"]


@dataclass(frozen=True, slots=True)
class Structure:
    """A document's title, its sections in reading order, and what is missing or broken off in it."""

    title: str
    sections: tuple[Section, ...]
    warnings: tuple[SourceWarning, ...]


def build(source: SourceText) -> Structure:
    """Return the structure of ``source``, whose text is already repaired. An empty source has no sections."""
    lines = pieces_of(unwrapped(without_furniture(source.lines)))
    alone = sum(piece.kind == "text" for piece in lines) <= 2 and all(piece.kind == "text" for piece in lines)
    pieces = [
        part for piece in lines for part in (split(piece, alone=alone) if piece.kind in ("text", "item") else [piece])
    ]
    listed, pieces = take_contents(pieces)
    listed = strip_loose_pages(listed, {plain(piece.text) for piece in pieces})
    title, pieces = front_matter(source, without_echoes(pieces))
    pieces = settle_titles(pieces, titles_by_number(listed))
    pieces = promote_titles(pieces, listed)
    root = outline(grow(pieces), frozenset(plain(entry.title) for entry in listed if entry.title))
    part_closings(root)
    reconcile(root, listed)
    sections, warnings = number_sections(root, title)
    return Structure(title, sections, warnings)
