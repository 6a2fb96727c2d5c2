"""Tables as facts: a row's name, a column's head, and the cell where they meet. Knows rows, no questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from assistant.quiz.material.place import Place
from assistant.quiz.material.statement import is_clean
from kb.model import Block

COUNTING = re.compile(r"^(?:序号|编号|表单编号|No\.?|备注|说明)$", re.IGNORECASE)
_TOTAL = re.compile(r"合计|总计|小计")
LONGEST_CELL = 40


@dataclass(frozen=True)
class Row:
    """One row: its name (the cell of the naming column) and the other cells by their heads."""

    name: str
    cells: tuple[tuple[str, str], ...]
    block: Block


@dataclass(frozen=True)
class Table:
    """Rows that are named in one column (``head``) and say something in the others."""

    place: Place
    head: str
    rows: tuple[Row, ...]

    def column(self, head: str) -> list[tuple[Row, str]]:
        """Return the rows that have a cell under ``head``, each with it."""
        return [(row, value) for row in self.rows for name, value in row.cells if name == head]

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the saying columns."""
        return tuple(dict.fromkeys(head for row in self.rows for head, _ in row.cells))

    @property
    def key(self) -> str:
        """The place of the table."""
        return f"{self.place.document}/{self.rows[0].block.clause}#table"


def tables(place: Place) -> Iterator[Table]:
    """Yield the tables of a section with at least three named rows."""
    rows = [block for block in place.section.blocks if block.kind == "row"]
    for _, group in groupby(rows, key=lambda block: block.clause.rpartition(".")[0]):
        table = _table(place, list(group))
        if table:
            yield table


def _table(place: Place, blocks: list[Block]) -> Table | None:
    header = blocks[0].header
    if len(header) < 2 or len(blocks) < 3:
        return None
    naming = next((at for at, head in enumerate(header) if not COUNTING.match(head)), 0)
    rows = []
    for block in blocks:
        cells = block.cells
        if len(cells) != len(header) or not cells[naming] or _TOTAL.search(cells[naming]):
            continue
        said = tuple(
            (head, cell.strip())
            for at, (head, cell) in enumerate(zip(header, cells, strict=True))
            if at != naming and cell.strip() and head.strip() and not COUNTING.match(head)
        )
        rows.append(Row(cells[naming].strip(), said, block))
    names = [row.name for row in rows]
    if len(rows) < 3 or len(set(names)) < len(names) or not all(is_clean(name) and len(name) <= 24 for name in names):
        return None
    return Table(place, header[naming].strip(), tuple(rows))
