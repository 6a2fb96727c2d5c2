"""Verification: no citation leaves without code having found its quote, and no sentence without its citation.

Knows texts and citations, nothing of how they came about; a chat model's words pass through the same door.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kb.fold import fold
from kb.model import Citation

_SPACE = re.compile(r"\s+")
_MARKER = re.compile(r"\[(\d+)\]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_ORDINAL = re.compile(r"^\s*(?:\d+[.、]|-)\s*")


def squeeze(text: str) -> str:
    """Return ``text`` without white space."""
    return _SPACE.sub("", text)


def quote_stands(citation: Citation, section_text: str) -> bool:
    """Say whether the citation's quote is a substring of its section's text, modulo white space."""
    quote = squeeze(citation.quote)
    return bool(quote) and quote in squeeze(section_text)


def numbers(text: str) -> set[str]:
    """Return the numbers in ``text``, folded, without list ordinals and citation markers."""
    return set(_NUMBER.findall(_ORDINAL.sub("", _MARKER.sub("", fold(text)))))


def unsupported_lines(
    text: str, citations: Sequence[Citation], section_text: Callable[[Citation], str]
) -> list[tuple[str, str]]:
    """Return the lines of ``text`` that do not stand, each with the reason.

    A line stands where each of its markers leads to a citation whose quote is found in its section, and every number in
    the line stands in those quotes. Lines without a marker may hold no number but a count of what follows.
    """
    by_marker = {citation.marker: citation for citation in citations}
    failed: list[tuple[str, str]] = []
    for line in text.split("\n"):
        markers = [int(marker) for marker in _MARKER.findall(line)]
        cited = [by_marker[marker] for marker in markers if marker in by_marker]
        if len(cited) < len(markers):
            failed.append((line, "引用不存在"))
        elif not all(quote_stands(citation, section_text(citation)) for citation in cited):
            failed.append((line, "引文不在原文中"))
        elif cited and not numbers(line) <= set().union(*(numbers(citation.quote) for citation in cited)):
            failed.append((line, "数字不在引文中"))
    return failed
