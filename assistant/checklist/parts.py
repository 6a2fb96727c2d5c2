"""Sentences and the parts between their commas, as places in a text. Knows punctuation, brackets and quotation marks."""

from __future__ import annotations

from dataclasses import dataclass

_OPEN, _CLOSE = "“‘「『（(《【", "”’」』）)》】"


@dataclass(frozen=True)
class Part:
    """A part of a text between two marks: ``text`` without what surrounds it, at ``start`` to ``end``."""

    start: int
    end: int
    text: str


def pieces(text: str, start: int = 0, marks: str = "。！？；;\n") -> list[Part]:
    """Return the parts of ``text[start:]`` between ``marks``, none inside brackets or quotation marks."""
    found: list[Part] = []
    depth, begin, quoted = 0, start, False
    straight = text.count('"') % 2 == 0
    for place in range(start, len(text)):
        char = text[place]
        if char == '"' and straight:
            quoted = not quoted
            depth += 1 if quoted else -1
        elif char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in marks and depth == 0:
            found.append(_part(text, begin, place))
            begin = place + 1
    found.append(_part(text, begin, len(text)))
    return [part for part in found if part.text]


def segments(part_text: str) -> list[str]:
    """Return the parts of a sentence between its commas."""
    return [part.text for part in pieces(part_text, 0, "，,")]


def _part(text: str, start: int, end: int) -> Part:
    piece = text[start:end]
    stripped = piece.strip(" 　\t，,。；;：:")
    begin = start + (piece.index(stripped) if stripped else 0)
    return Part(begin, begin + len(stripped), stripped)
