"""Places of clean Chinese text with their rivals: what stood there, and what lost GBK bytes could be taken for.

The material of ``train_discriminator.py``. Two kinds: *near* rivals share the bytes that are left of one or two characters
and are what the shipped table of characters likes best; *read* ones are the readings of a really damaged place, with the
words of the other half of its document. Knows nothing of models.
"""

from __future__ import annotations

import random
import re
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

FEWEST_RIVALS = 4
"""Near rivals: at least so many."""

LEAST_EVIDENCE = -1.0
"""From here on a character of clean text that somebody could suspect is material."""

_FARTHEST = 24

KINDS = ("lead", "lead", "trail", "trail", "pair", "pair", "pair", "alone", "alone", "letter")
"""Which bytes are taken for lost. ``alone`` stands rightly and could be the halves of two, so does ``letter``."""

SHARE_TRADITIONAL, SHARE_UNLIKELY = 0.6, 0.7

PIECE, ROOM = 36, 9
"""How many characters a piece with two places has, and how many stand between them at least."""

_LETTER = re.compile("(?<=[一-鿿])[A-Za-z](?=[一-鿿])")


@dataclass(frozen=True)
class Place:
    """``texts[0]`` stood between ``left`` and ``right``; ``scores`` are what the tables of characters give each text.

    ``texts[1]`` is what would be shown if bytes were lost, where that is one character, else the likeliest rival.
    """

    left: str
    right: str
    texts: tuple[str, ...]
    scores: tuple[float, ...]
    near: bool


def near(line: str, rng: random.Random) -> Place | None:
    """Return a place of ``line`` (simplified) whose rivals share bytes with what stands there; ``None`` if it has too few."""
    kind = rng.choice(KINDS)
    size = 1 + (kind == "pair")
    at = _unlikely(line, rng) if kind == "alone" and rng.random() < SHARE_UNLIKELY else rng.randrange(len(line) - 1)
    turned = damage.to_traditional(line) if rng.random() < SHARE_TRADITIONAL else line
    if len(turned) != len(line):
        return None
    if kind == "letter":
        found = list(_LETTER.finditer(line))
        if not found:
            return None
        at = rng.choice(found).start()
    return _with_rivals(line, turned[at : at + size], at, kind)


def near_two(line: str, rng: random.Random) -> tuple[Place, ...]:
    """Return one or two places of a piece of ``line`` that leave each other some room; none where there are too few rivals."""
    start = rng.randrange(max(1, len(line) - PIECE + 1))
    piece = line[start : start + PIECE]
    found = [place for _ in range(3) if (place := near(piece, rng))]
    found.sort(key=lambda one: len(one.left))
    apart = found and len(found[0].right) - len(found[-1].right) - len(found[-1].texts[0]) >= ROOM
    return (found[0], found[-1]) if apart else tuple(found[:1])


def _with_rivals(line: str, stood: str, at: int, kind: str) -> Place | None:
    """Return the place of ``stood`` (as written) in ``line`` with those of its rivals that are likeliest beside it."""
    table, size = load_gbk_table(), len(stood)
    data = stood.encode("gbk", "ignore")
    if kind == "letter":
        first, last, shown = list(table.by_trail.get(data[0], ())), [], ""
    elif len(data) != 2 * size or not all(map(is_han, stood)):
        return None
    else:
        shown = fold(bytes((data[0], data[-1])).decode("gbk", "ignore")) if kind == "pair" else ""
        first, last = list(table.by_lead.get(data[0], ())), list(table.by_trail.get(data[-1], ()))
        if kind == "lead":
            # of a lost lead byte a letter may be left
            first, last, shown = last, [], chr(data[1]) if data[1] < 0x80 else ""
        elif kind == "trail":
            last = []
    if not first or (kind in ("pair", "alone") and not last):
        return None
    left, right = line[:at][-AROUND:], line[at + size :][:AROUND]
    truth = line[at : at + size]
    texts = [truth, *(one for one in _by_pairs(first, last, left[-1:], right[:1]) if one != truth)]
    likely = _likely([left[-6:] + one + right[:5] for one in texts])
    ranks = sorted(range(1, len(texts)), key=lambda k: -likely[k])[:_FARTHEST]
    if len(ranks) < FEWEST_RIVALS:
        return None
    kept = [(texts[k], likely[k]) for k in (0, *ranks)]
    if len(shown) == 1 and shown not in truth:
        kept.insert(1, (shown, _likely([left[-6:] + shown + right[:5]])[0]))
    return Place(left, right, tuple(one for one, _ in kept), tuple(score for _, score in kept), near=True)


def _by_pairs(first: list[str], last: list[str], before: str, behind: str) -> list[str]:
    """Return what the pairs of characters like best of one of ``first`` and, if there are any, one of ``last``."""
    language = load_language()
    left, right = language.numbers(before or "\n")[0], language.numbers(behind or "\n")[0]
    ones = language.numbers("".join(first))
    score = LOGS[language.pairs[left, ones]]
    if last:
        others = language.numbers("".join(last))
        score = (
            score[:, None] + LOGS[language.pairs[ones[:, None], others]] + LOGS[language.pairs[others, right]]
        ).ravel()
    else:
        score = score + LOGS[language.pairs[ones, right]]
    best = np.argsort(-score)[: 2 * _FARTHEST].tolist()
    return [first[k // len(last)] + last[k % len(last)] if last else first[k] for k in best]


def _likely(texts: Sequence[str]) -> list[float]:
    """Return the log probability of each text, read apart from the others."""
    language = load_language()
    numbers = [language.numbers("\ufffd" + text) for text in texts]
    starts = np.cumsum([0, *map(len, numbers[:-1])])
    found = language.likelihoods(np.concatenate(numbers))
    return [float(one) for one in np.add.reduceat(found, starts) - found[starts]]


def _unlikely(line: str, rng: random.Random) -> int:
    """Return one of the places whose character, with the next, somebody might suspect."""
    language = load_language()
    likely = language.likelihoods(language.numbers(line))
    both = likely[:-1] + likely[1:]
    return int(rng.choice(np.argsort(both)[: max(2, len(both) // 8)].tolist()))


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
        for one in suspects(whole, odd_places(whole), lexicon):
            if one.evidence >= LEAST_EVIDENCE:
                left, right = whole[max(0, one.start - AROUND) : one.start], whole[one.end : one.end + AROUND]
                texts = tuple(map(fold, (whole[one.start : one.end], *one.readings)))
                yield Place(_last(fold(left)), _first(fold(right)), texts, (0.0, *one.gains), near=False)
        for kind in ("lead, marked", "lead", "trail", "pair"):
            source = [[fold(line) for line in half]]
            drawn = draw(source, kind, traditional=traditional, whole=False, seed=rng.randrange(1 << 30))
            for _ in range(samples):
                place = _damaged(next(drawn), kind, lexicon)
                if place is not None:
                    yield place


def _damaged(sample: Sample, kind: str, lexicon: Lexicon) -> Place | None:
    (line,) = sample.lines
    first, last = max(0, sample.start - CONTEXT), min(len(line), sample.end + CONTEXT)
    ending = "\n" * (last == len(line))
    hot = frozenset(range(max(0, sample.start - 1) - first, min(len(line), sample.end + 2) - first))
    lattice = Lattice(line[first:last] + ending, lexicon, hot=hot)
    left, right = fold(line[:first]), fold(line[last:])
    scored = [
        (fold(one.text).removesuffix(ending), one.score)
        for one in lattice.readings()
        if any("stands" not in e for e in one.events)
    ]
    right_ones = [one for one in scored if left + one[0] + right == sample.clean]
    rivals = [one for one in scored if left + one[0] + right != sample.clean][:6]
    if not right_ones or not rivals:
        return None
    if kind == "pair":
        rivals.insert(0, (fold(line[first:last]), lattice.plain_score()))
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
