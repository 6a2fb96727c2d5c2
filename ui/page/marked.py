"""Words marked in a text, and the part of a long text where they stand. Text in, safe HTML out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.page.render import shown

if TYPE_CHECKING:
    from kb.search import HybridSearcher


def spoken_words(searcher: HybridSearcher, query: str) -> list[str]:
    """Return what to mark for a query: itself, its words of more than one character, and their synonyms."""
    words = [word for word in searcher.index.segmenter.cut(query) if len(word) > 1]
    others = [other for group in searcher.synonyms.expand(query).values() for other in group]
    return sorted({query.strip(), *words, *others} - {""}, key=len, reverse=True)


def says(text: str, words: Sequence[str]) -> bool:
    """Say whether any of ``words`` stands in ``text``."""
    lower = text.lower()
    return any(word.lower() in lower for word in words)


def marked(text: str, words: Sequence[str], *, length: int = 0) -> str:
    """Return ``text`` as HTML with ``words`` marked; with ``length`` only so many characters, around the first of them."""
    pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE) if words else None
    text = " ".join(text.split()) if length else text
    before = after = ""
    if length and len(text) > length:
        first = pattern.search(text) if pattern else None
        start = max(0, min((first.start() if first else 0) - length // 4, len(text) - length))
        before, after = "…" if start else "", "…" if start + length < len(text) else ""
        text = text[start : start + length]
    if pattern is None:
        return before + shown(text) + after
    pieces: list[str] = []
    at = 0
    for found in pattern.finditer(text):
        pieces += [shown(text[at : found.start()]), f"<mark>{shown(found[0])}</mark>"]
        at = found.end()
    return before + "".join(pieces) + shown(text[at:]) + after
