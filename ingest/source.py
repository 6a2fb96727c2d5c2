"""What a reader of a file format hands on: lines in reading order, with what the format itself knows of each.

Knows nothing of repair or of sections. A plain text file is lines of kind ``text`` only (even one endless line);
Word, HTML, Markdown and slides say which line is a heading; tables arrive as ``row`` lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb.model import Repair, SourceWarning

LineKind = Literal["text", "heading", "item", "row"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source.

    ``level``: heading level from 1, or nesting depth of an item from 0. ``ordinal``: a number the format keeps apart
    from the words (Word's automatic numbering, a list bullet ``-``), as it would be printed. ``table`` counts tables
    from 1, ``cells`` are a row's cells, ``header`` marks a header row. ``page`` counts pages, sheets or slides from 1.
    ``literal`` says that no sign in the text means anything: it is a program, not prose.
    """

    text: str
    kind: LineKind = "text"
    level: int = 0
    ordinal: str = ""
    cells: tuple[str, ...] = ()
    table: int = 0
    header: bool = False
    page: int = 0
    literal: bool = False


@dataclass(frozen=True, slots=True)
class SourceText:
    """One source file as read: ``title`` as the format's own metadata or title style gives it, ``""`` if none."""

    name: str
    title: str
    lines: tuple[Line, ...]
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[SourceWarning, ...] = ()
