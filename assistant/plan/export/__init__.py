"""Plans as files to send upwards and to work from: one door, ``write``, and ``render`` for a stream.

Knows which formats there are; each is a module of its own.
"""

from __future__ import annotations

from assistant.output import Format, Formats
from assistant.plan.export import json_form, markdown, sheet, word
from assistant.plan.model import Plan

FORMATS: Formats[Plan] = Formats(
    Format("json", ".json", "JSON", json_form.render, text=True),
    Format("md", ".md", "Markdown", markdown.render, text=True),
    Format("docx", ".docx", "Word 改进方案", word.render, text=False),
    Format("xlsx", ".xlsx", "Excel 行动清单", sheet.render, text=False),
)
format_of, render, write = FORMATS.of, FORMATS.render, FORMATS.write
