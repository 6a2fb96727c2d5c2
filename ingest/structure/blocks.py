"""From the elements of a section to its body and its blocks with clause ids.

Body: one block a line; an item is its ordinal and its text, two spaces in for every level. Items count on through the
section, so that ids stay unique where a section has two lists; paragraphs and tables have counts of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.structure.outline import Element, Entry, Row, Text
from ingest.structure.tables import read_table
from kb.model import Block


def assemble(number: str, elements: Sequence[Element]) -> tuple[str, tuple[Block, ...]]:
    """Return the body of section ``number`` and its blocks, which point into it."""
    assembly = _Assembly(number)
    for kind in _grouped(elements):
        if isinstance(kind, list):
            assembly.table(kind)
        elif isinstance(kind, Entry):
            assembly.item(kind)
        else:
            assembly.paragraph(kind.text)
    return "\n".join(assembly.lines), tuple(assembly.blocks)


def _grouped(elements: Sequence[Element]) -> Iterator[Text | Entry | list[Row]]:
    rows: list[Row] = []
    for element in elements:
        if isinstance(element, Row) and (not rows or rows[-1].table == element.table):
            rows.append(element)
            continue
        if rows:
            yield rows
            rows = []
        if isinstance(element, Row):
            rows = [element]
        else:
            yield element
    if rows:
        yield rows


class _Assembly:
    def __init__(self, number: str) -> None:
        self.number = number
        self.lines: list[str] = []
        self.blocks: list[Block] = []
        self._length = 0
        self._counts: list[int] = []
        self._paragraphs = 0
        self._tables = 0

    def _place(self, lead: str, text: str) -> tuple[int, int]:
        """Add a line and return where ``text`` stands in the body."""
        start = self._length + len(lead)
        self.lines.append(lead + text)
        self._length = start + len(text) + 1
        return start, start + len(text)

    def paragraph(self, text: str) -> None:
        if not text:
            return
        self._paragraphs += 1
        start, end = self._place("", text)
        self.blocks.append(Block(f"{self.number}-p{self._paragraphs}", "paragraph", text, start, end))

    def item(self, entry: Entry) -> None:
        if not entry.text:
            return
        level = min(entry.level, len(self._counts))
        del self._counts[level + 1 :]
        if level == len(self._counts):
            self._counts.append(0)
        self._counts[level] += 1
        lead = "  " * level + _spaced(entry.ordinal)
        start, end = self._place(lead, entry.text)
        clause = f"{self.number}-{'.'.join(map(str, self._counts))}"
        term = entry.term if entry.term in entry.text else ""
        block = Block(clause, "item", entry.text, start, end, ordinal=entry.ordinal, term=term, level=level)
        self.blocks.append(block)

    def table(self, rows: Sequence[Row]) -> None:
        self._tables += 1
        for at, row in enumerate(read_table(rows), 1):
            if not row.text:
                continue
            start, end = self._place("", row.text)
            clause = f"{self.number}-t{self._tables}.r{at}"
            self.blocks.append(Block(clause, "row", row.text, start, end, header=row.header, cells=row.cells))


def _spaced(ordinal: str) -> str:
    """Return ``ordinal`` with a space where its text would run into it: `1. `, `- `, `5.1.1 `, but `（一）`, `①`."""
    last = ordinal[-1:]
    return f"{ordinal} " if last in "-.)" or last.isdecimal() or (last.isascii() and last.isalpha()) else ordinal
