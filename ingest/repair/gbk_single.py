"""Slips that show as one clean-looking character or letter, which the words around explain better.

``提出氛意見``: the end of 服 and the start of 務 vanished, and what is left reads as 氛. ``開F場``: of 工 only the second
byte is left. Nothing about such a character is strange but that nobody writes it beside its neighbours. Where that is so
all over a document, NumPy weighs the pairs of characters; what remains is weighed by its words, against every reading that
its bytes allow. The runs that are visibly garbled are ``gbk_shift``'s.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.repair.characters import fold, is_han
from ingest.repair.gbk_bytes import Choices, character_of, led_by, shown_bytes, trailed_by
from ingest.repair.gbk_lattice import COSTS
from ingest.repair.gbk_signs import codes_of
from ingest.repair.language import load_language
from ingest.repair.lexicon import Lexicon

CONTEXT = 6
LEAST_PAIR_GAIN = -2.0
"""What the pairs of characters must say at least (natural log) for the words to be asked."""

WEIGHED = 10
"""How many readings of one place are weighed by their words."""

SELDOM = -14.5
"""How unlikely (natural log) a character and the next must be for one that is known beside one neighbour."""

MOST_ONE_SIDED = 300_000
"""Longer texts are not searched for those."""

UNUSUAL_CHARACTER, USUAL_RARITY = 0.6, -10.0
UNUSUAL_TEXT, USUAL_DENSITY, LEAST_UNUSUAL = 1.3, -4.0, -2.5
"""Fitted on clean passages against lost pairs: the rarer a character, the likelier it is damage; the more odd places a text
has, the likelier that each is a name. Natural logarithms."""

AGAINST_LETTERS = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ": 4.5, "[]@": 4.5, "abcdefghijklmnopqrstuvwxyz": 0.5, "\\^_`{|}~": -2.0}
"""What must be gained before a letter or sign between Chinese characters is suspected: A级, T恤 are clean text."""

Floats = npt.NDArray[np.float32]


class Suspect(NamedTuple):
    """``text[start:end]`` may really be ``readings[0]``, or another of them; ``gains`` over the text as it stands.

    ``evidence`` (natural log, 0 where one clean document in 600 has such a place) is the first gain less what an unusual
    character and an unusual text explain.
    """

    start: int
    end: int
    readings: tuple[str, ...]
    gains: tuple[float, ...]
    evidence: float = 0.0


class OddPlaces(NamedTuple):
    """Places whose character is never seen beside either neighbour, or not beside one and seldom beside the other."""

    both: list[int]
    one: list[int]
    density: float


def odd_places(text: str) -> OddPlaces:
    """Return the places of ``text`` whose character stands beside neighbours that nobody writes it beside."""
    language = load_language()
    numbers = language.numbers(fold(text))
    if len(numbers) < 3:
        return OddPlaces([], [], 1.0)
    pairs = numbers[:-1] * language.size + numbers[1:]
    keys, inverse, times = np.unique(pairs, return_inverse=True, return_counts=True)
    seen = ((language.pair[keys] > 0) | (times > 1))[inverse]
    codes = codes_of(text)
    middle = codes[1:-1]
    han = (codes >= 0x4E00) & (codes <= 0x9FFF)
    letter = (middle >= 0x40) & (middle <= 0x7E) & (codes[:-2] >= 0x80) & (codes[2:] >= 0x80) & (han[:-2] | han[2:])
    both = (han[1:-1] & ~seen[:-1] & ~seen[1:]) | letter
    one = np.zeros(len(both), bool)
    if len(text) <= MOST_ONE_SIDED:
        likely = language.after(numbers[:-1], numbers[1:])
        one = han[1:-1] & (seen[:-1] != seen[1:]) & (likely[:-1] + likely[1:] < SELDOM)
    density = (int(both.sum()) + 1) / (len(text) + 100)
    return OddPlaces((np.flatnonzero(both) + 1).tolist(), (np.flatnonzero(one) + 1).tolist(), density)


def suspects(text: str, places: Sequence[int], lexicon: Lexicon, *, least: float, density: float) -> Iterator[Suspect]:
    """Yield those of ``places`` with evidence of ``least`` or more; ``density``: the share of odd places in the text."""
    language = load_language()
    names = UNUSUAL_TEXT * max(math.log(density) - USUAL_DENSITY, LEAST_UNUSUAL)
    for place in places:
        if is_han(text[place]):
            found = _swallowed(text, place, lexicon)
            rarity = float(language.single[language.numbers(fold(text[place]))[0]])
            against = UNUSUAL_CHARACTER * (rarity - USUAL_RARITY) + names
        else:
            found = _last_byte(text, place, lexicon)
            against = next(weight for kind, weight in AGAINST_LETTERS.items() if text[place] in kind)
        if found is not None and found.gains[0] - against >= least:
            yield found._replace(evidence=found.gains[0] - against)


def _swallowed(text: str, place: int, lexicon: Lexicon) -> Suspect | None:
    data = shown_bytes(text[place])
    if not data or len(data[0][0]) != 2:
        return None
    first, second = led_by(data[0][0][0]), trailed_by(data[0][0][1])
    return _weighed(text, place, place + 1, (first, second), COSTS["swallowed"], lexicon)


def _last_byte(text: str, place: int, lexicon: Lexicon) -> Suspect | None:
    """Weigh what a letter may be the rest of: one character, or one whose first byte shows as part of what is before."""
    trail = ord(text[place])
    cost = COSTS["slip"] - COSTS["letter stands"]
    found = [_weighed(text, place, place + 1, (trailed_by(trail),), cost, lexicon)]
    data = shown_bytes(text[place - 1])
    if data and len(data[0][0]) == 2 and (last := character_of(data[0][0][1], trail)):
        ending = led_by(data[0][0][1]).only(last)
        if ending is not None:
            for halves in (led_by(data[0][0][0]), trailed_by(data[0][0][0])):
                found.append(_weighed(text, place - 1, place + 1, (halves, ending), cost, lexicon))
    return max((one for one in found if one is not None), key=lambda one: one.gains[0], default=None)


def _weighed(
    text: str, start: int, end: int, choices: tuple[Choices, ...], cost: float, lexicon: Lexicon
) -> Suspect | None:
    """Weigh one character of each of ``choices`` in place of ``text[start:end]``."""
    if not all(one.raws for one in choices) or not start:
        return None
    around = lexicon.numbers(fold(text[start - 1 : end + 1]))
    after = lexicon.after_characters
    shown = float(after(around[:-1], around[1:]).sum())
    score = after(around[0], choices[0].numbers) + choices[0].costs(*lexicon.script_costs)
    if len(choices) > 1:
        joined = after(choices[0].numbers[:, None], choices[1].numbers[None, :])
        score = score[:, None] + joined + choices[1].costs(*lexicon.script_costs)[None, :]
    gains = (score + after(choices[-1].numbers, around[-1])).ravel() - shown
    if gains.max() < LEAST_PAIR_GAIN:
        return None
    best = np.argsort(-gains)[:WEIGHED]
    left, right = _context(text, start, -1), _context(text, end, 1)
    plain = lexicon.score(left + fold(text[start:end]) + right)
    found = []
    for at in best.tolist():
        first, second = divmod(at, len(choices[-1].raws)) if len(choices) > 1 else (at, 0)
        raw = choices[0].raws[first] + (choices[1].raws[second] if len(choices) > 1 else "")
        forms = sum(
            float(one.costs(*lexicon.script_costs)[k]) for one, k in zip(choices, (first, second), strict=False)
        )
        found.append((lexicon.score(left + fold(raw) + right) + forms + cost - plain, raw))
    found.sort(reverse=True)
    return Suspect(start, end, tuple(raw for _, raw in found[:8]), tuple(gain for gain, _ in found[:8]))


def _context(text: str, place: int, way: int) -> str:
    if way < 0:
        return fold(text[max(0, place - CONTEXT) : place]).rpartition("\n")[2]
    return fold(text[place : place + CONTEXT]).partition("\n")[0]
