"""Folding: the one form in which questions and sources are compared. Knows characters, no words and no documents.

Traditional → simplified, full width → half width, lower case. The result has the length of the input, so that a place
found in folded text is the same place in the original.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

# OpenCC's t2s keeps 著 in 隨著; comparing only needs both sides alike, so 著 always folds to 着.
_EXTRA = str.maketrans({"著": "着", "“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "－": "-", "～": "~", "、": ","})


@lru_cache(maxsize=4)
def converter(name: str) -> OpenCC:
    """Return OpenCC's converter ``name`` (``t2s``, ``s2t``, …), loaded once: 3 ms."""
    from opencc import OpenCC

    return OpenCC(name)


class _Folded(dict[int, str]):
    """For ``str.translate``: each character folded, found out when it is first met (four times faster than calls)."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        wide = unicodedata.normalize("NFKC", character)
        lower = (wide if len(wide) == 1 else character).lower()
        folded = self[code] = (lower if len(lower) == 1 else character).translate(_EXTRA)
        return folded


_FOLDED = _Folded()


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return ``text`` folded, character for character (same length)."""
    if text.isascii():
        return text.lower()
    simplified = str(converter("t2s").convert(text))
    if len(simplified) != len(text):
        simplified = text
    return simplified.translate(_FOLDED)


def is_han(character: str) -> bool:
    """Say whether ``character`` is a Han ideograph (CJK unified, extension A or compatibility)."""
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf" or "\uf900" <= character <= "\ufaff"


def is_traditional(text: str) -> bool:
    """Say whether ``text`` is written in traditional characters.

    True where at least two characters (or one in a text of at most six) change under t2s and none of the text's
    characters is simplified-only.
    """
    changed = sum(a != b for a, b in zip(text, converter("t2s").convert(text), strict=False))
    simplified_only = sum(a != b for a, b in zip(text, converter("s2t").convert(text), strict=False))
    return changed > simplified_only and (changed >= 2 or len(text) <= 6)


def simplified(text: str) -> str:
    """Return ``text`` in simplified characters and half width: the form in which everything is embedded."""
    return text if text.isascii() else unicodedata.normalize("NFKC", str(converter("t2s").convert(text)))


def to_traditional(text: str) -> str:
    """Return ``text`` in traditional characters (OpenCC s2tw: Taiwan's forms, 考核 not 考覈; the vocabulary stays)."""
    return str(converter("s2tw").convert(text))
