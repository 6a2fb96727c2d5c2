"""What changed between two texts, word by word. Knows words as jieba cuts them, nothing of where the texts stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

PieceKind = Literal["same", "added", "removed"]
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?|[A-Za-z]+|\s+|.", re.DOTALL)
# A common piece shorter than this between two changes is read more easily as part of them.
_ISLAND = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: common to both texts, only in the later one, or only in the earlier one."""

    kind: PieceKind
    text: str


def pieces_of(before: str, after: str) -> tuple[Piece, ...]:
    """Return both texts as one, in reading order: what is common, what was removed, what was added in its place.

    The pieces that are not ``added`` joined are ``before``, those not ``removed`` are ``after``.
    """
    old, new = _cut(before), _cut(after)
    spans: list[tuple[str, str]] = []  # (removed, added); a common piece has both alike
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        one, other = "".join(old[a:b]), "".join(new[c:d])
        island = tag == "equal" and len(one.strip()) < _ISLAND and spans and b < len(old) and d < len(new)
        if (tag != "equal" or island) and spans and spans[-1][0] != spans[-1][1]:
            spans[-1] = (spans[-1][0] + one, spans[-1][1] + other)
        else:
            spans.append((one, other))
    found: list[Piece] = []
    for one, other in spans:
        if one == other:
            found.append(Piece("same", one))
            continue
        head, tail = _common_ends(one, other)
        end, other_end = len(one) - tail, len(other) - tail
        parts = (
            ("same", one[:head]),
            ("removed", one[head:end]),
            ("added", other[head:other_end]),
            ("same", one[end:]),
        )
        found += [Piece(kind, text) for kind, text in parts if text]  # type: ignore[arg-type]
    return tuple(found)


def _common_ends(one: str, other: str) -> tuple[int, int]:
    """Return how many whole words two changed runs have in common at their beginning and end: none, where all differ."""
    old, new = _cut(one), _cut(other)
    limit = min(len(old), len(new))
    head = next((at for at in range(limit) if old[at] != new[at]), limit)
    tail = next((at for at in range(limit - head) if old[-1 - at] != new[-1 - at]), limit - head)
    return len("".join(old[:head])), len("".join(old[len(old) - tail :]))


def _cut(text: str) -> list[str]:
    import rjieba  # loads a dictionary, so only where it is used

    return [part for word in rjieba.cut(text) for part in (_NUMBER.findall(word) if _mixed(word) else [word])]


def _mixed(word: str) -> bool:
    return any(character.isascii() for character in word)
