"""Checklists as files to print, tick and send round: one door, ``write``, and ``render`` for a stream.

Knows which formats there are; each is a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.checklist.export import json_form, markdown, sheet, table, word
from assistant.checklist.filling import filled_in
from assistant.checklist.model import Checklist
from assistant.output import Format, Formats


def _read(render: Callable[[Checklist], bytes]) -> Callable[[Checklist], bytes]:
    """Return what writes a checklist to be read: with what people wrote into its open places."""
    return lambda made: render(filled_in(made))


FORMATS: Formats[Checklist] = Formats(
    Format("json", ".json", "JSON", json_form.render, text=True),
    Format("md", ".md", "Markdown", _read(markdown.render), text=True),
    Format("xlsx", ".xlsx", "Excel 检查表", _read(sheet.render), text=False),
    Format("docx", ".docx", "Word 检查表", _read(word.render), text=False),
    Format("csv", ".csv", "CSV", _read(table.render), text=True),
)
format_of, render, write = FORMATS.of, FORMATS.render, FORMATS.write
