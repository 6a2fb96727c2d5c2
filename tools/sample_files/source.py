"""The sample corpus' sources: strict Markdown, one block a line, as blocks of a document.

Knows the conventions of ``tools/sample_corpus`` and nothing of the files that are made of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

CORPUS = Path(__file__).parent.parent / "sample_corpus"

_HEADING = re.compile(r"(#{1,5}) (.+)")
_ITEM = re.compile(r"( *)(-|\d{1,2}\.|\d{1,2}\)) (.+)")
_CAPTION = re.compile(r"表[A-Z]?\d+ ")
_RULE = re.compile(r"\|(?: *-+ *\|)+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is the document's title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``nested`` for one that belongs under an item."""

    text: str
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A list item with its ordinal as written, ``-`` for a bullet; ``level`` counts nesting from 0."""

    level: int
    ordinal: str
    text: str


@dataclass(slots=True)
class Table:
    """A table with its header row; ``caption`` as printed above it; no ``header`` for a form of labels and values."""

    caption: str = ""
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


Block = Heading | Paragraph | Item | Table


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the corpus."""

    title: str
    blocks: list[Block]


def load(*names: str) -> Source:
    """Return the document whose parts are the named files, in order."""
    blocks: list[Block] = []
    for name in names:
        blocks.extend(_blocks((CORPUS / name).read_text(encoding="utf-8")))
    title = blocks.pop(0)
    if not isinstance(title, Heading) or title.level != 1:
        raise ValueError(f"{names[0]} does not begin with its title")
    return Source(title.text, blocks)


def _blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    lines = text.split("\n")
    for place, line in enumerate(lines):
        heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
        if not line.strip() or _RULE.fullmatch(line):
            continue
        if line.startswith("|"):
            ruled = place + 1 < len(lines) and _RULE.fullmatch(lines[place + 1]) is not None
            _add_row(blocks, [cell.strip() for cell in line.strip("|").split("|")], header=ruled)
        elif heading:
            blocks.append(Heading(len(heading[1]), heading[2].strip()))
        elif item:
            blocks.append(Item(1 if item[1] else 0, item[2], item[3].strip()))
        elif _CAPTION.match(line) and len(line) < 40:
            blocks.append(Table(caption=line.strip()))
        else:
            blocks.append(Paragraph(line.strip(), nested=line.startswith("  ")))
    return blocks


def _add_row(blocks: list[Block], cells: list[str], *, header: bool) -> None:
    last = blocks[-1] if blocks else None
    if not isinstance(last, Table) or (header and last.header):
        last = Table()
        blocks.append(last)
    if header:
        last.header = cells
    else:
        last.rows.append(cells)
