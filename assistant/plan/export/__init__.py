"""Plans as files to send upwards and to work from: one door, ``write``, and ``render`` for a stream.

Knows which formats there are; each is a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.output import Format, Formats
from assistant.plan.export import json_form, markdown, sheet, word
from assistant.plan.filling import filled_in
from assistant.plan.model import Plan


def _read(render: Callable[[Plan], bytes]) -> Callable[[Plan], bytes]:
    """Return what writes a plan to be read: with what people wrote into its open places."""
    return lambda made: render(filled_in(made))


FORMATS: Formats[Plan] = Formats(
    Format("json", ".json", "JSON", json_form.render, text=True),
    Format("md", ".md", "Markdown", _read(markdown.render), text=True),
    Format("docx", ".docx", "Word 改进方案", _read(word.render), text=False),
    Format("xlsx", ".xlsx", "Excel 行动清单", _read(sheet.render), text=False),
)
format_of, render, write = FORMATS.of, FORMATS.render, FORMATS.write
