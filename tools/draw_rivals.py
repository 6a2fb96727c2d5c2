"""Places of clean Chinese text with their rivals: what stood there, and what lost GBK bytes could be taken for.

The material of ``train_discriminator.py``. Two kinds: *near* rivals share the bytes that are left of one or two characters
and are what the shipped table of characters likes best; *read* ones are the readings of a really damaged place, with the
words of the other half of its document. Knows nothing of models.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import rjieba

from ingest.repair.characters import fold, is_han
from ingest.repair.gbk_lattice import Lattice
from ingest.repair.gbk_shift import CONTEXT, SELDOM
from ingest.repair.gbk_single import odd_places, suspects
from ingest.repair.language import LOGS, load_language
from ingest.repair.lexicon import Lexicon, is_ordinary, load_gbk_table
from ingest.repair.script import counts
from tests import damage
from tests.damage_samples import Sample, draw, usable_lines

AROUND = 40
"""How many characters on either side of a place are kept."""

FEWEST_RIVALS, NEAREST, FARTHER = 4, 3, 2
"""Near rivals: at least so many; the likeliest, and some of the next twenty."""

LEAST_EVIDENCE = -1.0
"""From here on a character of clean text that somebody could suspect is material."""

_FARTHEST = 24


@dataclass(frozen=True)
class Place:
    """``texts[0]`` stood between ``left`` and ``right``; ``scores`` are what the tables of characters give each text."""

    left: str
    right: str
    texts: tuple[str, ...]
    scores: tuple[float, ...]
    near: bool


def near(line: str, rng: random.Random) -> Place | None:
    """Return a place of ``line`` (simplified) whose rivals share bytes with what stands there; ``None`` if it has too few."""
    table, language = load_gbk_table(), load_language()
    turned = damage.to_traditional(line) if rng.random() < 0.6 else line
    kind = rng.choice(("lead", "trail", "pair", "pair", "whole"))
    size = 1 + (kind == "pair")
    at = rng.randrange(max(1, len(line) - 1))
    stood = turned[at : at + size]
    if len(turned) != len(line) or len(stood) < size or not all(map(is_han, stood)):
        return None
    data = stood.encode("gbk", "ignore")
    if len(data) != 2 * size:
        return None
    first, last = list(table.by_lead.get(data[0], ())), list(table.by_trail.get(data[-1], ()))
    if kind == "lead":
        first, last = last, []
    elif kind == "trail":
        last = []
    elif not last:
        return None
    left, right = line[:at][-AROUND:], line[at + size :][:AROUND]
    before = language.numbers(left[-1:] or "\n")[0]
    behind = language.numbers(right[:1] or "\n")[0]
    if not first:
        return None
    ones = language.numbers("".join(first))
    score = LOGS[language.pairs[before, ones]]
    if last:
        others = language.numbers("".join(last))
        score = (
            score[:, None] + LOGS[language.pairs[ones[:, None], others]] + LOGS[language.pairs[others, behind]]
        ).ravel()
    else:
        score = score + LOGS[language.pairs[ones, behind]]
    best = np.argsort(-score)[: 4 * _FARTHEST].tolist()
    found = [first[k // len(last)] + last[k % len(last)] if last else first[k] for k in best]
    truth = line[at : at + size]
    texts = [truth, *(one for one in found if one != truth)]
    likely = [float(language.likelihoods(language.numbers(left[-6:] + one + right[:5])).sum()) for one in texts]
    ranks = sorted(range(1, len(texts)), key=lambda k: -likely[k])[:_FARTHEST]
    if len(ranks) < FEWEST_RIVALS:
        return None
    ranks = ranks[:NEAREST] + rng.sample(ranks[NEAREST:], min(FARTHER, len(ranks) - NEAREST))
    kept = [(texts[k], likely[k]) for k in (0, *ranks)]
    if kind == "pair" and len(shown := fold(bytes((data[0], data[-1])).decode("gbk", "ignore"))) == 1:
        kept[-1] = shown, float(language.likelihoods(language.numbers(left[-6:] + shown + right[:5])).sum())
    return Place(left, right, tuple(one for one, _ in kept), tuple(score for _, score in kept), near=True)


def read(text: str, rng: random.Random, samples: int) -> Iterator[Place]:
    """Yield places of a document whose rivals are the readings of real damage, or of suspects in the clean text."""
    lines = usable_lines(text)
    traditional = rng.random() < 0.6
    turn = damage.to_traditional if traditional else str
    halves = [list(map(turn, lines[::2])), list(map(turn, lines[1::2]))]
    if not all(halves):
        return
    for half, other in (halves, halves[::-1]):
        lexicon = _lexicon("\n".join(other))
        whole = "\n".join(half) + "\n"
        odd = odd_places(whole)
        for one in suspects(whole, odd.places, lexicon, odd.density):
            if one.evidence >= LEAST_EVIDENCE:
                left, right = whole[max(0, one.start - AROUND) : one.start], whole[one.end : one.end + AROUND]
                texts = tuple(map(fold, (whole[one.start : one.end], *one.readings)))
                yield Place(_last(fold(left)), _first(fold(right)), texts, (0.0, *one.gains), near=False)
        for kind in ("lead, marked", "lead", "trail", "pair"):
            source = [[fold(line) for line in half]]
            drawn = draw(source, kind, traditional=traditional, whole=False, seed=rng.randrange(1 << 30))
            for _ in range(samples):
                place = _damaged(next(drawn), lexicon)
                if place is not None:
                    yield place


def _damaged(sample: Sample, lexicon: Lexicon) -> Place | None:
    (line,) = sample.lines
    first, last = max(0, sample.start - CONTEXT), min(len(line), sample.end + CONTEXT)
    ending = "\n" * (last == len(line))
    hot = frozenset(range(max(0, sample.start - 1) - first, min(len(line), sample.end + 2) - first))
    readings = Lattice(line[first:last] + ending, lexicon, hot=hot).readings()
    left, right = fold(line[:first]), fold(line[last:])
    scored = [
        (fold(one.text).removesuffix(ending), one.score)
        for one in readings
        if any("stands" not in e for e in one.events)
    ]
    right_ones = [one for one in scored if left + one[0] + right == sample.clean]
    rivals = [one for one in scored if left + one[0] + right != sample.clean][:6]
    if not right_ones or not rivals:
        return None
    texts, scores = zip(right_ones[0], *rivals, strict=True)
    return Place(left[-AROUND:], right[:AROUND], texts, scores, near=False)


def _lexicon(text: str) -> Lexicon:
    folded = fold(text)
    words: Sequence[str] = rjieba.cut(folded)
    seen = Counter(words)
    known = [word if seen[word] > SELDOM or is_ordinary(word) else "\n" for word in words]
    return Lexicon(known, text=folded, scripts=counts(text))


def _last(text: str) -> str:
    return text.rpartition("\n")[2]


def _first(text: str) -> str:
    return text.partition("\n")[0]
