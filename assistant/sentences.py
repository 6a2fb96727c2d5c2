"""Sentences of a source, as places in it. Knows punctuation, nothing of meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass

_END = re.compile(r"[。！？!?]+[”’」』）)]*|\n")


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of a text: ``text[start:end]``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words at this place."""
        return text[self.start : self.end]


def split(text: str) -> list[Span]:
    """Return the sentences of ``text`` in order, without white space at either end; none is empty."""
    spans: list[Span] = []
    start = 0
    for end in [*(found.end() for found in _END.finditer(text)), len(text)]:
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            begin = start + piece.index(stripped)
            spans.append(Span(begin, begin + len(stripped)))
        start = end
    return spans


def clip(text: str, limit: int) -> Span:
    """Return the longest run of whole sentences from the start of ``text`` within ``limit`` characters.

    The first sentence is kept whole even where it is longer: half a sentence is never shown.
    """
    spans = split(text)
    if not spans:
        return Span(0, len(text))
    end = spans[0].end
    for span in spans[1:]:
        if span.end - spans[0].start > limit:
            break
        end = span.end
    return Span(spans[0].start, end)
