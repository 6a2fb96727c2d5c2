"""Readings of a damaged place weighed by a judge of wordings as well.

The judge is handed in (``kb.discriminator`` is one); without one nothing changes. It is asked of the likeliest readings
only, where each differs from the first. Figures fitted on damaged SOPs of ``tools/industries``. Knows nothing of bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from ingest.repair.characters import common_prefix, fold, is_han
from ingest.repair.gbk_lattice import Reading
from ingest.repair.gbk_single import Suspect

CONSIDERED, DEPTH = 6, 5.0
"""How many readings of a place the judge is asked of, and how far (natural log) behind the first.

Twelve and 7.0 read 215 damaged places the same and ask twice as much.
"""

WEIGHT = 0.5
"""What the judge's log-odds count beside the log probabilities of words and characters."""

DOUBTED = 2.0
"""How far (natural log) under its bound a reading is still put to the judge."""

LETTER_WEIGHT = 0.25
"""The same where a letter may be what is left of a character: to a judge of wordings a letter is odd, A级 is not."""

LEAST_ASKED = -1.0
"""From which evidence on a single slip is put to the judge."""

EVIDENCE, PREFERRED, CONSTANT = 0.95, 0.61, -1.67
"""A logistic regression on damaged SOPs and clean texts: the evidence without the judge, and what he prefers."""

REACH = 16


class Judge(Protocol):
    """Says how natural wordings of places are."""

    def __call__(self, wordings: Sequence[tuple[str, str, str]], /) -> Sequence[float]:
        """Return for each wording (what stands before the place, the place, what stands behind) a log-odds."""
        ...

    def open(self) -> None:
        """Hear that it will soon be asked, so that it can load what it needs meanwhile."""
        ...


def preferences(texts: Sequence[str], left: str, right: str, judge: Judge) -> list[float]:
    """Return how much the judge prefers each of ``texts`` to the first (log-odds), between ``left`` and ``right``.

    All are simplified.
    """
    others = [at for at, text in enumerate(texts) if text != texts[0]]
    found = [0.0] * len(texts)
    if others:
        odds = judge(wordings_of([texts[0], *(texts[at] for at in others)], left, right))
        for number, at in enumerate(others):
            found[at] = odds[2 * number + 1] - odds[2 * number]
    return found


def wordings_of(texts: Sequence[str], left: str, right: str) -> list[tuple[str, str, str]]:
    """Return for each of ``texts`` but the first two wordings: the first and its own, as places where the two differ."""
    first = texts[0]
    found: list[tuple[str, str, str]] = []
    for text in texts[1:]:
        start = common_prefix(first, text)
        back = common_prefix(first[start:][::-1], text[start:][::-1])
        if start and back + start == min(len(first), len(text)):
            start -= 1  # nothing of one is left: the neighbour stands for it
        for one in (first, text):
            end = len(one) - back
            found.append((left + one[:start], one[start:end], one[end:] + right))
    return found


def judged_readings(
    text: str, start: int, end: int, read: tuple[list[Reading], float], judge: Judge
) -> tuple[list[Reading], float]:
    """Return the readings of ``text[start:end]``, best first, and the score of what stands there, weighed anew."""
    readings, plain = read
    asked = [one for one in readings[:CONSIDERED] if readings[0].score - one.score < DEPTH]
    texts = [fold(one).strip("\n") for one in (*(reading.text for reading in asked), text[start:end])]
    found = preferences(texts, _before(text, start, end), _behind(text, start, end), judge)
    weighed = [replace(one, score=one.score + WEIGHT * preferred) for one, preferred in zip(asked, found, strict=False)]
    return sorted([*weighed, *readings[len(asked) :]], key=lambda one: -one.score), plain + WEIGHT * found[-1]


def judged_suspects(text: str, suspects: Sequence[Suspect], judge: Judge) -> list[Suspect]:
    """Return single slips with the judge's evidence added; those that are nowhere near being one stay."""
    return [_judged(text, one, judge) if one.evidence >= LEAST_ASKED else one for one in suspects]


def _judged(text: str, one: Suspect, judge: Judge) -> Suspect:
    asked = [raw for raw, gain in zip(one.readings, one.gains, strict=True) if one.gains[0] - gain < DEPTH]
    texts = [fold(text[one.start : one.end]), *map(fold, asked)]
    left, right = _before(text, one.start, one.end), _behind(text, one.start, one.end)
    found = preferences(texts, left, right, judge)[1:]
    found += [min(found)] * (len(one.readings) - len(asked))
    weighed = sorted(
        (
            (gain + WEIGHT * preferred, preferred, raw)
            for raw, gain, preferred in zip(one.readings, one.gains, found, strict=True)
        ),
        reverse=True,
    )
    if is_han(text[one.end - 1]):
        evidence = EVIDENCE * one.evidence + PREFERRED * weighed[0][1] + CONSTANT
    else:
        evidence = one.evidence + LETTER_WEIGHT * weighed[0][1]
    return one._replace(
        readings=tuple(raw for *_, raw in weighed), gains=tuple(gain for gain, *_ in weighed), evidence=evidence
    )


def _before(text: str, start: int, end: int) -> str:
    return "" if text[start:end].startswith("\n") else fold(text[max(0, start - REACH) : start]).rpartition("\n")[2]


def _behind(text: str, start: int, end: int) -> str:
    return "" if text[start:end].endswith("\n") else fold(text[end : end + REACH]).partition("\n")[0]
