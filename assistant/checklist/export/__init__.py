"""Checklists as files to print, tick and send round: one door, ``write``, and ``render`` for a stream.

Knows which formats there are; each is a module of its own.
"""

from __future__ import annotations

from assistant.checklist.export import json_form, markdown, sheet, table, word
from assistant.checklist.model import Checklist
from assistant.output import Format, Formats

FORMATS: Formats[Checklist] = Formats(
    Format("json", ".json", "JSON", json_form.render, text=True),
    Format("md", ".md", "Markdown", markdown.render, text=True),
    Format("xlsx", ".xlsx", "Excel 检查表", sheet.render, text=False),
    Format("docx", ".docx", "Word 检查表", word.render, text=False),
    Format("csv", ".csv", "CSV", table.render, text=True),
)
format_of, render, write = FORMATS.of, FORMATS.render, FORMATS.write
