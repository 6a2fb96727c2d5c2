"""Slips that show as one clean-looking character or letter, which the words around explain better.

``提出氛意見``: the end of 服 and the start of 務 vanished, and what is left reads as 氛. ``開F場``: of 現 only the second
byte is left. Nothing about such a character is strange but that nobody writes it beside its neighbours. NumPy weighs the
characters of a whole document; where one is unlikely, every reading that its bytes allow is weighed by pairs of
characters, the best of these by all that stands around, the best of those by words too. The runs that are visibly
garbled are ``gbk_shift``'s.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.repair.characters import fold, is_han
from ingest.repair.document_language import Standing
from ingest.repair.gbk_bytes import Choices, character_of, led_by, shown_bytes, trailed_by
from ingest.repair.gbk_signs import CODE_SPAN, codes_of
from ingest.repair.language import load_language
from ingest.repair.lexicon import CHARACTERS, WORDS, Lexicon

CONTEXT = 6
ODD = -15.0
"""How unlikely (natural log) a character and the next must be together to be looked at: 91 in 100 of lost pairs are.

At 2.0 more 97 are, and 跨越桶体 in a clean document of two lines becomes 跨越王窗体.
"""

BRANCHES = 48
"""How many characters of each half of a place are tried with each other: of right ones 299 in 300 are among them."""

LEAST_PAIR_GAIN = -4.0
"""What the pairs of characters must say at least (natural log) for a reading to be weighed by all around."""

LEAST_GAIN = 3.0
"""And all around, for it to be weighed by its words."""

SPELLED, WEIGHED = 40, 6
"""How many readings of one place are weighed by what is around, and by their words."""

LONG_TEXT = 10_000
"""From this length on a text has odd places by chance."""

VERY_ODD = -18.0
"""Places like this are counted: a text that has many of them has them for another reason."""

UNUSUAL_LETTER = 4.5

EVIDENCE = {
    "characters": 0.57,
    "words": 0.27,
    "usual": -0.17,
    "density": -2.98,
    "length": -1.08,
    "kept": -7.0,
    "fluent": 0.53,
    "constant": -7.8,
}
"""A logistic regression on damaged SOPs and clean public passages: what the reading gains by characters and by words, the
logarithms of how usual the character is, of the share of very odd places and of the length of the text, whether the
reading only adds something to the character, and how likely the reading is for each character."""

_AT_ONCE = 1000
_PIECE, _OVERLAP = 200_000, 8

LETTERS = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ": 2.5, "[]@": 2.5, "abcdefghijklmnopqrstuvwxyz": 0.5, "\\^_`{|}~": 1.0}
"""What must be gained more where a letter or sign between Chinese characters is suspected: A级, T恤 are clean text.

In 431 clean lines with capitals or brackets between Chinese characters, in both scripts, no reading gains over 3.7; where a
byte was lost half of them gain over 11.
"""


class Suspect(NamedTuple):
    """``text[start:end]`` may really be ``readings[0]``, or another of them; ``gains`` over the text as it stands.

    ``evidence`` (natural log) is how likely a person would find the first right.
    """

    start: int
    end: int
    readings: tuple[str, ...]
    gains: tuple[float, ...]
    evidence: float = 0.0


class OddPlaces(NamedTuple):
    """Places whose character nobody would expect there, and what share of the text they are."""

    places: list[int]
    density: float


class _Way(NamedTuple):
    """One way to read ``text[start:end]``: characters of each of ``choices``."""

    start: int
    end: int
    choices: tuple[Choices, ...]


def odd_places(text: str) -> OddPlaces:
    """Return the places of ``text`` whose character is unlikely where it stands, and the letters between Chinese ones.

    The longer the text, the odder they must be: a slip in it would have to be that much surer.
    """
    odd = ODD - max(0.0, math.log(len(text) / LONG_TEXT + 1e-9))
    places: list[int] = []
    density = 0
    for start in range(0, len(text), _PIECE):
        found, strange = _odd(text[max(0, start - _OVERLAP) : start + _PIECE + _OVERLAP], odd)
        first = max(0, start - _OVERLAP)
        places += [first + at for at in found.tolist() if start <= first + at < start + _PIECE]
        density += strange
    return OddPlaces(places, (density + 1) / (len(text) + 100))


def _odd(text: str, odd: float) -> tuple[npt.NDArray[np.int64], int]:
    """Return the odd places of a piece, and how many are very odd."""
    language = load_language()
    numbers, kept = language.read(fold(text))
    if len(numbers) < 3:
        return np.zeros(0, np.int64), 0
    likely = np.zeros(len(text), np.float32)
    likely[kept] = language.likelihoods(numbers)
    both = likely[1:-1] + likely[2:]
    codes = codes_of(text)
    middle = codes[1:-1]
    han = (codes >= 0x4E00) & (codes <= 0x9FFF)
    letter = (middle >= 0x40) & (middle <= 0x7E) & (codes[:-2] >= 0x80) & (codes[2:] >= 0x80) & (han[:-2] | han[2:])
    places = np.flatnonzero((han[1:-1] & (both < odd)) | letter) + 1
    return places, int((han[1:-1] & (both < VERY_ODD)).sum())


def suspects(text: str, odd: OddPlaces, lexicon: Lexicon) -> Iterator[Suspect]:
    """Yield those of the odd places that have a better reading."""
    for start in range(0, len(odd.places), _AT_ONCE):
        yield from _suspects(text, odd.places[start : start + _AT_ONCE], lexicon, odd.density)


def _suspects(text: str, places: Sequence[int], lexicon: Lexicon, density: float) -> Iterator[Suspect]:
    stands = _as_it_stands(text, places, lexicon)
    ways = [
        (way, float(stood))
        for place, stood in zip(places, stands.tolist(), strict=True)
        if stood < ODD or not is_han(text[place])
        for way in _ways(text, place)
    ]
    drawn = [(way, raws) for way, stood in ways if (raws := _by_pairs(text, way, stood, lexicon))]
    gains = _by_characters(text, drawn, lexicon)
    found: dict[int, Suspect] = {}
    for (way, raws), gained in zip(drawn, gains, strict=True):
        best = [(raw, gain) for raw, gain in sorted(zip(raws, gained, strict=True), key=lambda one: -one[1])][:WEIGHED]
        if best and best[0][1] >= LEAST_GAIN:
            one = _by_words(text, way, best, lexicon, density)
            known = found.get(one.end)
            if known is None or known.evidence < one.evidence:
                found[one.end] = one
    yield from (found[end] for end in sorted(found))


def _ways(text: str, place: int) -> Iterator[_Way]:
    """Yield the ways to read a place: a character as the halves of two; a letter as the end of one or of the second."""
    if place < 1 or place + 1 >= len(text):
        return
    data = shown_bytes(text[place])
    if is_han(text[place]):
        if data and len(data[0][0]) == 2:
            yield _Way(place, place + 1, (led_by(data[0][0][0]), trailed_by(data[0][0][1])))
        return
    if text[place] == "`" and text[max(0, place - CODE_SPAN) : place + CODE_SPAN].count("`") > 1:
        return
    trail = ord(text[place])
    yield _Way(place, place + 1, (trailed_by(trail),))
    before = shown_bytes(text[place - 1])
    if place > 1 and before and len(before[0][0]) == 2 and (last := character_of(before[0][0][1], trail)):
        ending = led_by(before[0][0][1]).only(last)
        if ending is not None:
            for halves in (led_by(before[0][0][0]), trailed_by(before[0][0][0])):
                yield _Way(place - 1, place + 1, (halves, ending))


def _as_it_stands(text: str, places: Sequence[int], lexicon: Lexicon) -> npt.NDArray[np.float32]:
    """Return how likely the character at each place and the next are, as if the document had not said so here."""
    if not places:
        return np.zeros(0, np.float32)
    windows = [fold(text[max(0, place - 3) : place + 2]) for place in places]
    sizes = [len(window) + 1 for window in windows]
    numbers = lexicon.numbers("\ufffd".join(["", *windows]))
    places_of = np.repeat(np.arange(len(sizes)), sizes)
    likely = lexicon.characters.likelihoods(numbers, places_of, Standing(numbers, places_of))
    ends = np.cumsum(sizes)
    found: npt.NDArray[np.float32] = likely[ends - 1] + likely[ends - 2]
    return found


def _by_pairs(text: str, way: _Way, stood: float, lexicon: Lexicon) -> list[tuple[str, float]]:
    """Return the readings of a way that pairs of characters like best, each with what its forms cost.

    ``stood``: how likely the place's character and the next are as they stand.
    """
    start, end, choices = way
    if not all(one.raws for one in choices):
        return []
    after = lexicon.characters.after
    around = lexicon.numbers(fold(text[start - 1 : end + 1]))
    shown = stood + float(after(around[:1], around[1:2])[0, 0]) * (len(around) > 3) + _forms(text, way, lexicon)
    costs = [one.costs(*lexicon.script_costs) for one in choices]
    score = after(around[:1], choices[0].numbers)[0] + costs[0]
    behind = after(choices[-1].numbers, around[-1:])[:, 0]
    if len(choices) > 1:
        usual = load_language().logs[0][choices[1].numbers]
        ones, others = _best(score, BRANCHES), _best(behind + usual + costs[1], BRANCHES)
        pairs = after(choices[0].numbers[ones], choices[1].numbers[others])
        score = (score[ones][:, None] + pairs + (behind + costs[1])[others][None, :]).ravel()
    else:
        score = score + behind
    best = _best(score, SPELLED)
    best = best[score[best] - shown >= LEAST_PAIR_GAIN]
    raws = []
    for at in best.tolist():
        picked = (int(ones[at // len(others)]), int(others[at % len(others)])) if len(choices) > 1 else (at,)
        raw = "".join(one.raws[k] for one, k in zip(choices, picked, strict=True))
        raws.append((raw, sum(float(cost[k]) for cost, k in zip(costs, picked, strict=True))))
    return raws


def _best(scores: npt.NDArray[np.float32], count: int) -> npt.NDArray[np.int64]:
    """Return where the ``count`` highest of ``scores`` are, in no order."""
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count - 1)[:count]


def _by_characters(
    text: str, drawn: Sequence[tuple[_Way, list[tuple[str, float]]]], lexicon: Lexicon
) -> list[list[float]]:
    """Return what each reading gains over the text as it stands, by the characters around."""
    if not drawn:
        return []
    plain, read = [], []
    for (start, end, _), raws in drawn:
        left, right = _context(text, start, -1), _context(text, end, 1)
        plain.append(left + fold(text[start:end]) + right)
        read.append([left + fold(raw) + right for raw, _ in raws])
    stands, spelled = lexicon.spelled_at(plain, read)
    return [
        [float(one) - stood - _forms(text, way, lexicon) + forms for one, (_, forms) in zip(found, raws, strict=True)]
        for stood, found, (way, raws) in zip(stands.tolist(), spelled, drawn, strict=True)
    ]


def _by_words(
    text: str, way: _Way, best: Sequence[tuple[tuple[str, float], float]], lexicon: Lexicon, density: float
) -> Suspect:
    start, end, _ = way
    left, right = _context(text, start, -1), _context(text, end, 1)
    plain = lexicon.worded(left + fold(text[start:end]) + right) + _forms(text, way, lexicon)
    weighed = []
    for (raw, forms), gain in best:
        words = lexicon.worded(left + fold(raw) + right) - plain + forms
        weighed.append((CHARACTERS * gain + WORDS * words, gain, words, raw))
    weighed.sort(reverse=True)
    total, characters, words, raw = weighed[0]
    shown = text[way.end - 1]
    if is_han(shown):
        language = load_language()
        whole, before = lexicon.spelled([left + fold(raw) + right, left])
        evidence = sum(EVIDENCE[name] * value for name, value in {
            "characters": characters,
            "words": words,
            "usual": float(language.logs[0][language.numbers(fold(shown))[0]]),
            "density": math.log(density),
            "length": math.log(len(text)),
            "kept": fold(shown) in fold(raw),
            "fluent": float(whole - before) / len(raw + right),
            "constant": 1.0,
        }.items())  # fmt: skip
    else:
        evidence = total - next((weight for kind, weight in LETTERS.items() if shown in kind), UNUSUAL_LETTER)
    return Suspect(start, end, tuple(one[3] for one in weighed), tuple(one[0] for one in weighed), evidence)


def _forms(text: str, way: _Way, lexicon: Lexicon) -> float:
    """Return what the forms of the characters cost that stand where ``way`` reads others."""
    return sum(map(lexicon.form_cost, text[way.start : way.end]))


def _context(text: str, place: int, way: int) -> str:
    if way < 0:
        return fold(text[max(0, place - CONTEXT) : place]).rpartition("\n")[2]
    return fold(text[place : place + CONTEXT]).partition("\n")[0] + "\n" * ("\n" in text[place : place + CONTEXT])
