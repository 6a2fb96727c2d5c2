"""Plain text: one line a line, tables pasted from a sheet (tab-separated runs) as rows, wrapped lines joined.

Knows nothing of numbering or headings: those are told apart later, where they stand. Beyond blanks at the ends of
lines nothing of the characters is changed; damage is mended by the repair stage.
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from ingest.decode import decode
from ingest.read.grid import Slot, lay_out, table_lines
from ingest.read.lines import join_wrapped, opens_item, wrap_margin
from ingest.source import Line, SourceText

# U+0085 and U+00A0 are left alone: in text decoded wrongly they are bytes of a character
_LINE_END = re.compile("\r\n|[\n\r\v\u2028\u2029]")
_ENDS = " \t\u3000\ufeff"


def read_text(path: Path, *, name: str) -> SourceText:
    """Return a text file of any encoding as ``text`` lines, with its tab-separated tables as ``row`` lines."""
    text, repairs = decode(path.read_bytes(), name=name)
    lines: list[Line] = []
    tables = 0
    for page, sheet in enumerate(text.replace("\x00", "").split("\f"), start=1):
        raw = [line.rstrip(_ENDS) for line in _LINE_END.split(sheet)]
        margin = wrap_margin([line.strip(_ENDS) for line in raw])
        for tabs, run in groupby(raw, key=_tabs):
            rows = list(run)
            if tabs and len(rows) > 1:
                tables += 1
                grid = lay_out([Slot(cell.strip(_ENDS)) for cell in row.split("\t")] for row in rows)
                lines.extend(table_lines(grid, table=tables, page=page))
            else:
                lines.extend(Line(line, page=page) for line in join_wrapped((row.strip(_ENDS) for row in rows), margin))
    return SourceText(name, "", tuple(lines), repairs)


def _tabs(line: str) -> int:
    """Return how many tabs part the cells of a table row; 0 for a line of prose or a list item with a tab."""
    cells = line.split("\t")
    if len(cells) < 2 or not cells[0].strip(_ENDS) or (len(cells) == 2 and opens_item(cells[0]) and len(cells[0]) < 6):
        return 0
    return len(cells) - 1
