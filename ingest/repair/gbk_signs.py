"""Where text looks as if bytes had slipped: rare characters, foreign letters, marks and letters wedged into Chinese.

Looks at every character of a document once, with NumPy, and at its neighbours only where a table says so. Knows nothing of
what the text may have been.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ingest.repair.characters import is_common, is_han
from ingest.repair.gbk_bytes import MARKS

STRONG, WEAK = 2, 1
"""Weights of signs; one strong one, or two weak ones near each other, make a stretch worth reading."""

_FOREIGN = re.compile("[\u0370-\u052f\u2500-\u25ff\u3040-\u312f\ue000-\uf8ff\uff61-\uffdc]")
CODE_SPAN = 80
"""How far apart the two marks of a code span of Markdown may be."""

_CLOSING = "”’\"'）》」』】!"
_OPERATORS = frozenset("+<>=*")
_QUESTION = re.compile("[吗嗎呢么麼哪谁誰何几幾否啊吧怎]|多少|不[^，。；]$")
_ODD_ASCII = re.compile("[A-Za-z@\\[\\\\\\]^_`{|}~]")
_BLANKS = frozenset("□■")
_BLANK_RUN = re.compile("□{3}|■{3}")
"""Squares in a row are the text's own sign for what cannot be read or has to be filled in."""

_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_ORDINARY, _RARE, _FOREIGN_LETTER, _ASCII, _WIDE, _QUESTION_MARK, _UNKNOWN = range(7)


def codes_of(text: str) -> npt.NDArray[np.uint16]:
    """Return the code of each character of ``text``; what is beyond the basic plane counts as a space."""
    return np.frombuffer(_BEYOND.sub(" ", text).encode("utf-16-le", "surrogatepass"), dtype="<u2")


def find_signs(text: str) -> dict[int, int]:
    """Return the places of ``text`` that look slipped, with the strength of the sign, in order."""
    classes = _classes(codes_of(text))
    signs: dict[int, int] = {}
    blanks = _BLANKS if _BLANK_RUN.search(text) else frozenset()
    for place in np.flatnonzero(classes).tolist():
        if text[place] in blanks:
            continue
        strength = _strength(text, place, int(classes[place]))
        if strength:
            signs[place] = strength
    return signs


def is_odd_ascii(character: str) -> bool:
    """Say whether an ASCII character may be the second byte of a Chinese one."""
    return _ODD_ASCII.match(character) is not None


def _strength(text: str, place: int, kind: int) -> int:
    if kind == _RARE:
        return STRONG
    if kind == _FOREIGN_LETTER:
        return 0 if _is_tick_box(text, place) else _beside_han(text, place, 2) * STRONG
    if kind == _WIDE:
        return _beside_han(text, place) * WEAK
    if kind == _QUESTION_MARK:
        return _question_mark_sign(text, place)
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    return WEAK if before and after and not before.isascii() and not after.isascii() else 0


def _classes(codes: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint8]:
    """Return the class of each character; a document has some two thousand different ones, which are classed once."""
    known = _known()
    classes = known[codes]
    unknown = codes[classes == _UNKNOWN]
    if len(unknown):
        for code in np.unique(unknown).tolist():
            known[code] = _class_of(chr(code))
        classes = known[codes]
    return classes


@lru_cache(maxsize=1)
def _known() -> npt.NDArray[np.uint8]:
    return np.full(65536, _UNKNOWN, np.uint8)


def _class_of(character: str) -> int:
    if character <= " " or character == "？":
        return _ORDINARY
    if character == "?":
        return _QUESTION_MARK
    if character.isascii():
        return _ASCII * is_odd_ascii(character)
    if is_han(character):
        return _RARE * (not is_common(character))
    if character in MARKS or _FOREIGN.match(character):
        return _FOREIGN_LETTER
    if "Ａ" <= character <= "ｚ" or character in "＂＃＄＆＇＊＋－．／＜＝＞＠＿｀" or "①" <= character <= "ⓩ":
        return _WIDE
    return _ORDINARY


def _beside_han(text: str, place: int, reach: int = 1) -> bool:
    return any(is_han(neighbour) for neighbour in text[max(0, place - reach) : place + reach + 1])


def _is_tick_box(text: str, place: int) -> bool:
    """Say whether a square is one to tick (□ 关好房门, □是 □否): it opens a line or stands beside a blank."""
    if text[place] not in "□■":
        return False
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    return not before or before.isspace() or not after or after.isspace()


def _question_mark_sign(text: str, place: int) -> int:
    """Weigh a question mark that stands in the middle of a sentence; at its end it is one."""
    start, end = place, place + 1
    while start and text[start - 1] == "?":
        start -= 1
    while end < len(text) and text[end] == "?":
        end += 1
    after = text[end : end + 1]
    before = text[start - 1 : start] if start else ""
    if not after or after.isspace() or after in _CLOSING:
        return 0
    if not (_beside_han(text, start, 2) or _beside_han(text, end, 2)):
        return 0
    if before.isascii() and before.isalnum() and after.isascii():
        return 0  # a query of an address
    if not _OPERATORS.isdisjoint((before, after)):
        return 0  # a placeholder in code
    around = max(0, start - CODE_SPAN)
    if text[around:start].count("`") % 2 and "`" in text[end : end + CODE_SPAN]:
        return 0
    clause = re.split("[，。；：,;:\n]", text[max(0, start - 30) : start])[-1]
    return WEAK if _QUESTION.search(clause) else STRONG
