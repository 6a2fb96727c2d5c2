"""Slips that show as one odd character or letter among clean ones, which the words around explain better.

``提出氛意見``: the end of 服 and the start of 務 vanished, and what is left reads as 氛. ``工具c系統``: of 與 only the second
byte is left. Nothing about such a character is strange but that it makes no word, so each is weighed against every
reading that its bytes allow, in a few characters of context. The runs that are visibly garbled are ``gbk_shift``'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ingest.repair.characters import fold, is_han
from ingest.repair.gbk_lattice import LITERAL_LETTER, PAIR_SWALLOWED, SLIP
from ingest.repair.lexicon import Lexicon, load_gbk_table

CONTEXT = 5
FREQUENT_WORD = -13.0
"""Readings are made only of words this frequent (natural log)."""

FREQUENT_ALONE = -6.5
"""A character this frequent (的, 与) may be a word of its own."""

RARE_ALONE = -7.0
"""A character more frequent than this as a word of its own is never suspected."""


class Suspect(NamedTuple):
    """``line[start:end]`` may really be ``readings[0]``, or another of them; ``gains`` over the text as it stands."""

    start: int
    end: int
    readings: tuple[str, ...]
    gains: tuple[float, ...]


def suspects(line: str, lexicon: Lexicon, *, first: int, last: int, least: float) -> Iterator[Suspect]:
    """Yield what ``line[first:last]`` holds of single slips whose best reading gains ``least`` or more."""
    import rjieba

    for word, start, end in rjieba.tokenize(fold(line[first:last]), hmm=False):
        start, end = start + first, end + first
        if end - start > 1 or end == len(line):
            continue
        if is_han(word) and start:
            found = _swallowed(line, start, lexicon) if lexicon.alone(word) < RARE_ALONE else None
        elif "@" <= word <= "~" and _is_wedged(line, start):
            found = _last_byte(line, start, lexicon)
        else:
            found = None
        if found is not None and found.gains[0] >= least:
            yield found


def _is_wedged(line: str, place: int) -> bool:
    """Say whether a letter stands alone at or between Chinese words."""
    before, after = line[place - 1 : place] if place else "", line[place + 1 : place + 2]
    if (before.isascii() and before.strip()) or after.isascii():
        return False
    return is_han(after) or is_han(before or " ")


def _swallowed(line: str, place: int, lexicon: Lexicon) -> Suspect | None:
    data = _two_bytes(line[place])
    if not data:
        return None
    table = load_gbk_table()
    before, after = fold(line[place - 1]), fold(line[place + 1])
    seconds = table.by_trail.get(data[1], {})
    # Either both make one word, or each makes one with its neighbour or is a frequent one alone.
    opens = [second for second in seconds if lexicon.alone_if_known(second + after) > FREQUENT_WORD]
    starts = {*opens, *(second for second in seconds if lexicon.alone(second) > FREQUENT_ALONE)}
    pairs: set[tuple[str, str]] = set()
    for first in table.by_lead.get(data[0], {}):
        inside = lexicon.following(first) & seconds.keys()
        pairs.update((first, one) for one in inside if lexicon.alone_if_known(first + one) > FREQUENT_WORD)
        if lexicon.alone_if_known(before + first) > FREQUENT_WORD:
            pairs.update((first, second) for second in starts)
        elif lexicon.alone(first) > FREQUENT_ALONE:
            pairs.update((first, second) for second in opens)
    options = [
        (one + other, raw + raw_other)
        for one, other in sorted(pairs)
        for raw in table.by_lead[data[0]][one]
        for raw_other in seconds[other]
    ]
    return _weighed(line, place, place + 1, options, PAIR_SWALLOWED, lexicon)


def _last_byte(line: str, place: int, lexicon: Lexicon) -> Suspect | None:
    """Weigh what a letter may be the rest of: one character, or one whose first byte shows as part of what is before."""
    table = load_gbk_table()
    trail = ord(line[place])
    alone = [(one, raw) for one, raws in table.by_trail.get(trail, {}).items() for raw in raws]
    best = _weighed(line, place, place + 1, alone, SLIP - LITERAL_LETTER, lexicon)
    data = _two_bytes(line[place - 1]) if place else b""
    last = (data[1:] + bytes((trail,))).decode("gbk", "ignore") if data else ""
    if len(last) == 1:
        ending = fold(last)
        options = [
            (one + ending, raw + last)
            for halves in (table.by_trail.get(data[0], {}), table.by_lead.get(data[0], {}))
            for one, raws in halves.items()
            if lexicon.alone_if_known(one + ending) > FREQUENT_WORD
            for raw in raws
        ]
        other = _weighed(line, place - 1, place + 1, options, SLIP - LITERAL_LETTER, lexicon)
        if other is not None and (best is None or other.gains[0] > best.gains[0]):
            return other
    return best


def _weighed(
    line: str, start: int, end: int, options: list[tuple[str, str]], cost: float, lexicon: Lexicon
) -> Suspect | None:
    if not options:
        return None
    left, right = fold(line[max(0, start - CONTEXT) : start]), fold(line[end : end + CONTEXT])
    plain = lexicon.score(left + fold(line[start:end]) + right)
    gains = sorted(
        ((lexicon.score(left + simple + right) + cost - plain, raw) for simple, raw in options), reverse=True
    )
    return Suspect(start, end, tuple(raw for _, raw in gains[:8]), tuple(gain for gain, _ in gains[:8]))


def _two_bytes(character: str) -> bytes:
    data = character.encode("gb18030", "ignore")
    return data if len(data) == 2 else b""
