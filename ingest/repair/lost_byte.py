"""UTF-8 some of whose bytes a wrong decoder lost: the likeliest character for what is left.

A decoder that reads UTF-8 as something else loses only bytes that are undefined there: five in Windows-1252, and in GBK
those that form no pair with the byte behind them. Of the characters that remain possible the one is taken that makes
words with its neighbours. Knows nothing of where in a document such text stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ingest.plausibility import weight
from ingest.repair.lexicon import word_log_probability

MARK = b"\x00"
"""Stands for a byte that was lost."""

SEQUENCE = rb"[\xe2-\xef][\x80-\xbf]{2}"
_TOKEN = re.compile(
    b"(?P<whole>" + SEQUENCE + rb"|[\xc2-\xdf][\x80-\xbf]|[\x01-\x7f])"
    rb"|(?P<stop>\xe3\x00\x00)|(?P<lost>[\xe2-\xef][\x80-\xbf][\x00?]|[\xe2-\xef]\x00[\x80-\xbf]|\x00[\x80-\xbf]{2})|(?P<bad>.)",
    re.DOTALL,
)
# undefined bytes of Windows-1252
_NOT_IN_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
_CONTINUATIONS = range(0x80, 0xC0)
_HAN_LEADS = range(0xE4, 0xEA)
# logarithms of how often each stands in company documents, against 3 (weight) for a frequent character
_PUNCTUATION = {
    "，": 6.0, "。": 5.5, "、": 5.0, "：": 3.5, "；": 3.0, "（": 3.0, "）": 3.0, "“": 2.5, "”": 2.5, "《": 2.0, "》": 2.0,
}  # fmt: skip
_WORD = 4.0
"""What a word with a neighbour is worth, against 3 for a frequent character."""


def read_utf8(data: bytes, *, read: str) -> str:
    """Return ``data`` as text; ``read`` is the codec that lost the bytes. U+FFFD stands where nothing fits."""
    tokens = list(_TOKEN.finditer(data))
    # of the characters that begin with E3, only the full stop loses both others, and at the end of a line
    shown = [
        match["whole"].decode("utf-8", "replace") if match["whole"] else "。" * (match["stop"] is not None)
        for match in tokens
    ]
    for index, match in enumerate(tokens):
        if not shown[index]:
            before = shown[index - 1] if index else ""
            after = shown[index + 1] if index + 1 < len(tokens) else "\n"
            following = data[match.end()] if match.end() < len(data) else 0x0A
            shown[index] = _likeliest(match["lost"], following, before, after, read) if match["lost"] else "\ufffd"
    return "".join(shown)


def _likeliest(found: bytes, following: int, before: str, after: str, read: str) -> str:
    place = next(at for at, byte in enumerate(found) if byte in (0, 0x3F))
    behind = found[place + 1] if place < 2 else following
    candidates: Iterable[int] = _HAN_LEADS if place == 0 else _CONTINUATIONS
    fitting = [byte for byte in candidates if _is_lost(byte, behind, read)]
    characters = [
        character
        for byte in fitting
        if (character := (found[:place] + bytes((byte,)) + found[place + 1 :]).decode("utf-8", "ignore"))
    ]
    return max(characters, key=lambda character: _fit(before, character, after), default="\ufffd")


def _fit(before: str, character: str, after: str) -> float:
    if character in _PUNCTUATION:
        return _PUNCTUATION[character] - (4.0 if after == "\n" and character not in "。；：）”》" else 0.0)
    found = (word_log_probability(word) for word in (before + character, character + after))
    return weight(character) + sum(_WORD + 0.3 * (known + 12.0) for known in found if known is not None)


@lru_cache(maxsize=4096)
def _is_lost(byte: int, behind: int, read: str) -> bool:
    """Say whether a decoder of ``read`` shows no character for ``byte`` with ``behind`` after it."""
    if read == "cp1252":
        return byte in _NOT_IN_CP1252
    try:
        bytes((byte, behind)).decode("gbk" if read == "gb18030" else read)
    except UnicodeDecodeError:
        return True
    return False
