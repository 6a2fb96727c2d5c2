"""Checklists as files to print, tick and send round: one door, ``write``, and ``render`` for a stream.

Knows which formats there are; each is a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.checklist.export import json_form, markdown, sheet, table, word
from assistant.checklist.model import Checklist
from assistant.output import choose, guess, put, refuse_early


@dataclass(frozen=True)
class Format:
    """One form a checklist can take; ``text``: it may go to a terminal."""

    name: str
    suffix: str
    label: str
    render: Callable[[Checklist], bytes]
    text: bool


_ALL = (
    Format("json", ".json", "JSON", json_form.render, text=True),
    Format("md", ".md", "Markdown", markdown.render, text=True),
    Format("xlsx", ".xlsx", "Excel 检查表", sheet.render, text=False),
    Format("docx", ".docx", "Word 检查表", word.render, text=False),
    Format("csv", ".csv", "CSV", table.render, text=True),
)
FORMATS: dict[str, Format] = {format_.name: format_ for format_ in _ALL}


def format_of(path: Path, fallback: str = "json") -> str:
    """Return the name of the format that the suffix of ``path`` speaks for, else ``fallback``."""
    return guess({format_.name: format_.suffix for format_ in _ALL}, path, fallback)


def render(checklist: Checklist, name: str) -> bytes:
    """Return the checklist as a file of the format ``name``.

    Raises:
        FormatUnknown: there is no such format; the message lists those there are.
    """
    return choose(FORMATS, name).render(checklist)


def write(checklist: Checklist, name: str, path: Path) -> Path:
    """Write the checklist in the format ``name`` and return the file written.

    Raises:
        FormatUnknown: there is no such format; the message lists those there are.
        TargetUnwritable: the folder is missing or closed, or the disk is full.
    """
    format_ = choose(FORMATS, name)
    refuse_early([path])
    return put(path, format_.render(checklist))
