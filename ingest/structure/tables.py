"""Tables: which row is the header, and how a row reads by itself.

Knows the rows of one table. A row's text is ``列名：值；列名：值`` with empty cells left out; a table of names and
values (文件编号 | SOP-KF-01) has no header and reads ``名称：值``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.structure.markers import width
from ingest.structure.outline import Row
from ingest.structure.wording import COLUMN_NAMES, FIELD_NAMES

_HEADER_WIDTH = 14


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as it is shown and read."""

    header: tuple[str, ...]
    cells: tuple[str, ...]
    text: str


def read_table(rows: Sequence[Row]) -> list[ReadRow]:
    """Return the rows of one table that hold data, each with the header it stands under."""
    flagged = 0
    while flagged < len(rows) and rows[flagged].header:
        flagged += 1
    if _named_values(rows):
        return [ReadRow((), row.cells, _pairs(row.cells)) for row in rows]
    if not flagged and len(rows) >= 2 and _looks_like_header(rows):
        flagged = 1
    if flagged == len(rows):
        return [ReadRow((), row.cells, _plain(row.cells)) for row in rows]
    header = _merged(rows[:flagged])
    read: list[ReadRow] = []
    for at, row in enumerate(rows[flagged:], flagged + 1):
        if row.header and len(row.cells) == len(header) and at < len(rows) and not rows[at].header:
            header = row.cells
        else:
            read.append(ReadRow(header, row.cells, _under(header, row.cells)))
    return read


def _named_values(rows: Sequence[Row]) -> bool:
    columns = {len(row.cells) for row in rows}
    if not columns <= {2, 4}:
        return False
    names = [name for row in rows for name in row.cells[::2] if name]
    known = sum(_key(name) in FIELD_NAMES for name in names)
    return bool(known) and known * 2 >= len(names)


def _key(name: str) -> str:
    return name.replace(" ", "").replace("\u3000", "").rstrip("：:")


def _looks_like_header(rows: Sequence[Row]) -> bool:
    first = rows[0].cells
    if len(first) < 2 or len(set(first)) < len(first) or not all(first):
        return False
    if any(
        width(cell) > _HEADER_WIDTH or any(char in "。；，：:;" or char.isdigit() for char in cell) for cell in first
    ):
        return False
    if _key(first[0]) in COLUMN_NAMES or len(first) >= 3:
        return True
    values = [row.cells[1] for row in rows[1:] if len(row.cells) > 1]
    return bool(values) and sum(map(width, values)) >= 1.5 * width(first[1]) * len(values)


def _merged(headers: Sequence[Row]) -> tuple[str, ...]:
    if not headers:
        return ()
    columns = max(len(row.cells) for row in headers)
    names = []
    for at in range(columns):
        parts: list[str] = []
        for row in headers:
            if at < len(row.cells) and row.cells[at] and row.cells[at] not in parts:
                parts.append(row.cells[at])
        names.append("/".join(parts))
    return tuple(names)


def _under(header: Sequence[str], cells: Sequence[str]) -> str:
    filled = [cell for cell in cells if cell]
    if len(filled) == 1 and cells[0] == filled[0] and len(cells) > 1:
        return filled[0]
    if len(filled) > 1 and len(set(filled)) == 1:
        return filled[0]
    parts = []
    for at, cell in enumerate(cells):
        name = header[at].rstrip("：:") if at < len(header) else ""
        if cell:
            parts.append(f"{name}：{cell}" if name else cell)
    return _chained(parts)


def _pairs(cells: Sequence[str]) -> str:
    parts = []
    for at in range(0, len(cells), 2):
        name, value = cells[at].rstrip("：:"), cells[at + 1] if at + 1 < len(cells) else ""
        if name or value:
            parts.append(f"{name}：{value}" if name and value else name or value)
    return _chained(parts)


def _plain(cells: Sequence[str]) -> str:
    return _chained([cell for cell in cells if cell])


def _chained(parts: Sequence[str]) -> str:
    text = ""
    for part in parts:
        text += ("" if not text or text[-1] in "。；！？" else "；") + part
    return text
