"""A checklist as CSV for Excel: UTF-8 with its mark, a check a line, and no cell that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io

from assistant.checklist.export.layout import TABLE, table_row
from assistant.checklist.model import Checklist

# What a spreadsheet takes for the start of a formula
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def render(checklist: Checklist) -> bytes:
    """Return the checklist as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(TABLE)
    for check in checklist.checks:
        writer.writerow([safe(cell) for cell in table_row(check, checklist)])
    return text.getvalue().encode("utf-8-sig", "replace")


def safe(cell: str) -> str:
    """Return a cell's words with an apostrophe before them where they would be computed."""
    words = cell.replace("\x00", "")
    return f"'{words}" if words.lstrip(" ").startswith(_RISKY) else words
