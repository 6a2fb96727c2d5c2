"""Plans as files to send upwards and to work from: one door, ``write``, and ``render`` for a stream.

Knows which formats there are; each is a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.output import choose, guess, put, refuse_early
from assistant.plan.export import json_form, markdown, sheet, word
from assistant.plan.model import Plan


@dataclass(frozen=True)
class Format:
    """One form a plan can take; ``text``: it may go to a terminal."""

    name: str
    suffix: str
    label: str
    render: Callable[[Plan], bytes]
    text: bool


_ALL = (
    Format("json", ".json", "JSON", json_form.render, text=True),
    Format("md", ".md", "Markdown", markdown.render, text=True),
    Format("docx", ".docx", "Word 改进方案", word.render, text=False),
    Format("xlsx", ".xlsx", "Excel 行动清单", sheet.render, text=False),
)
FORMATS: dict[str, Format] = {format_.name: format_ for format_ in _ALL}


def format_of(path: Path, fallback: str = "json") -> str:
    """Return the name of the format that the suffix of ``path`` speaks for, else ``fallback``."""
    return guess({format_.name: format_.suffix for format_ in _ALL}, path, fallback)


def render(plan: Plan, name: str) -> bytes:
    """Return the plan as a file of the format ``name``.

    Raises:
        FormatUnknown: there is no such format; the message lists those there are.
    """
    return choose(FORMATS, name).render(plan)


def write(plan: Plan, name: str, path: Path) -> Path:
    """Write the plan in the format ``name`` and return the file written.

    Raises:
        FormatUnknown: there is no such format; the message lists those there are.
        TargetUnwritable: the folder is missing or closed, or the disk is full.
    """
    format_ = choose(FORMATS, name)
    refuse_early([path])
    return put(path, format_.render(plan))
