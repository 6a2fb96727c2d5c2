"""Counts of runs of up to four characters, smoothed after Kneser and Ney, pruned to those that say more than shorter ones.

Runs are packed into 64-bit keys of 13 bits a character; arrays are sorted by key. The figures are interpolated modified
Kneser-Ney probabilities [1]; a run is kept where its count times what it gains over its shorter form reaches a bound [2].

[1] Chen and Goodman, An empirical study of smoothing techniques for language modeling (1998).
[2] Seymore and Rosenfeld, Scalable backoff language models (1996), weighted difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

ORDER = 4
BITS = 13
LEAST_COUNT = (1, 2, 2, 2)
LEAST_GAIN = (0.0, 3.0, 40.0, 40.0)
"""Bounds for runs of one to four characters."""

FLOOR = 1e-3
"""The share of a character's probability that does not depend on its count."""

Keys = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Counts = list[tuple[Keys, Floats]]
"""For each length the keys of the runs, and how often each stands."""


@dataclass(frozen=True)
class Table:
    """Runs of one length: ``keys``, log probability of the last character, and weight of shorter runs behind each."""

    keys: Keys
    logs: Floats
    backoff: Floats


def count(texts: Iterable[Keys]) -> Counts:
    """Return the runs of texts given as character numbers."""
    found: list[list[tuple[Keys, Floats]]] = [[] for _ in range(ORDER)]
    for text in texts:
        for length in range(1, ORDER + 1):
            keys, times = np.unique(_packed(text, length), return_counts=True)
            found[length - 1].append((keys, times.astype(float)))
    return [_sum(parts) for parts in found]


def count_words(words: Sequence[tuple[Keys, float]]) -> Counts:
    """Return the runs inside ``words``, each with how often it stands."""
    found: list[list[tuple[Keys, Floats]]] = [[] for _ in range(ORDER)]
    for size in sorted({len(numbers) for numbers, _ in words}):
        rows = np.array([numbers for numbers, _ in words if len(numbers) == size])
        times = np.array([times for numbers, times in words if len(numbers) == size])
        for length in range(1, min(size, ORDER) + 1):
            for start in range(size - length + 1):
                keys = np.zeros(len(rows), np.int64)
                for at in range(start, start + length):
                    keys = (keys << BITS) | rows[:, at]
                found[length - 1].append((keys, times))
    return [_sum(parts) for parts in found]


def added(one: Counts, other: Counts) -> Counts:
    """Return the sum of two counts."""
    return [_sum([a, b]) for a, b in zip(one, other, strict=True)]


def smoothed(counts: Counts, size: int) -> list[Table]:
    """Return the pruned tables of ``counts`` over ``size`` characters, shortest runs first."""
    weighed = _continuations(counts)
    shares = FLOOR / size + (1 - FLOOR) * weighed[0] / weighed[0].sum()
    probabilities, gains = [shares], [np.zeros(len(shares))]
    for length in range(1, ORDER):
        keys, times = counts[length][0], weighed[length]
        before, _ = _find(counts[length - 1][0], keys >> BITS)
        behind, _ = _find(counts[length - 1][0], _suffix(keys, length))
        off = _discounts(times)
        number = len(counts[length - 1][0])
        total = np.bincount(before, weights=times, minlength=number)
        freed = np.bincount(before, weights=off, minlength=number)
        left = np.divide(freed, total, out=np.ones(number), where=total > 0)[before]
        shorter = left * probabilities[-1][behind]
        probabilities.append((times - off) / total[before] + shorter)
        gains.append(counts[length][1] * np.log(probabilities[-1] / shorter))
    kept = [
        (times >= least) & (gain >= bound)
        for (_, times), gain, least, bound in zip(counts, gains, LEAST_COUNT, LEAST_GAIN, strict=True)
    ]
    for length in range(ORDER - 1, 1, -1):
        before, _ = _find(counts[length - 1][0], counts[length][0][kept[length]] >> BITS)
        kept[length - 1][before] = True
    return _backing_off([keys[keep] for (keys, _), keep in zip(counts, kept, strict=True)],
                        [found[keep] for found, keep in zip(probabilities, kept, strict=True)])  # fmt: skip


def _backing_off(keys: list[Keys], probabilities: list[Floats]) -> list[Table]:
    tables = [Table(keys[0], np.log(probabilities[0]), np.zeros(len(keys[0])))]
    for length in range(1, ORDER):
        last = tables[-1]
        before, _ = _find(last.keys, keys[length] >> BITS)
        held = np.bincount(before, weights=probabilities[length], minlength=len(last.keys))
        shorter = np.exp(_log_probability(tables, _suffix(keys[length], length), length))
        covered = np.bincount(before, weights=shorter, minlength=len(last.keys))
        weights = np.log(np.maximum(1 - held, 1e-6)) - np.log(np.maximum(1 - covered, 1e-6))
        tables[-1] = Table(last.keys, last.logs, np.where(held > 0, weights, 0.0))
        tables.append(Table(keys[length], np.log(probabilities[length]), np.zeros(len(keys[length]))))
    return tables


def _log_probability(tables: Sequence[Table], keys: Keys, length: int) -> Floats:
    """Return the log probability of the last character of runs of ``length``."""
    result, behind = np.zeros(len(keys)), np.zeros(len(keys))
    waiting = np.ones(len(keys), bool)
    for size in range(length, 0, -1):
        run = _suffix(keys, size)
        at, known = _find(tables[size - 1].keys, run)
        hit = waiting & known
        result[hit] = behind[hit] + tables[size - 1].logs[at[hit]]
        waiting &= ~known
        if size > 1:
            at, known = _find(tables[size - 2].keys, run >> BITS)
            behind += np.where(waiting & known, tables[size - 2].backoff[at], 0.0)
    return result


def _continuations(counts: Counts) -> list[Floats]:
    """Return what shorter runs count: how many characters stand before them; those before which none does, how often."""
    weighed = []
    for length, (keys, times) in enumerate(counts[:-1], start=1):
        at, known = _find(keys, _suffix(counts[length][0], length))
        kinds = np.bincount(at[known], minlength=len(keys)).astype(float)
        weighed.append(np.where(kinds > 0, kinds, times))
    return [*weighed, counts[-1][1]]


def _discounts(times: Floats) -> Floats:
    ones, twos, threes, fours = (float((np.rint(times) == number).sum()) for number in (1, 2, 3, 4))
    share = ones / (ones + 2 * twos)
    one, two, more = 1 - 2 * share * twos / ones, 2 - 3 * share * threes / twos, 3 - 4 * share * fours / threes
    return np.where(times < 1.5, np.minimum(one, times), np.where(times < 2.5, two, more))


def _packed(text: Keys, length: int) -> Keys:
    keys: Keys = np.zeros(max(0, len(text) - length + 1), np.int64)
    for at in range(length):
        keys = (keys << BITS) | text[at : len(text) - length + 1 + at]
    return keys


def _suffix(keys: Keys, length: int) -> Keys:
    suffix: Keys = keys & ((1 << (BITS * length)) - 1)
    return suffix


def _find(keys: Keys, wanted: Keys) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return where in ``keys`` each of ``wanted`` stands, and whether it does."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def _sum(parts: Sequence[tuple[Keys, Floats]]) -> tuple[Keys, Floats]:
    keys, inverse = np.unique(np.concatenate([keys for keys, _ in parts]), return_inverse=True)
    return keys, np.bincount(inverse, weights=np.concatenate([times for _, times in parts]))
