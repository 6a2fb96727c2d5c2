"""How far a number can be trusted: bootstrap intervals, and whether two runs on the same questions differ.

Percentile bootstrap over questions (Efron & Tibshirani 1993); the paired permutation test is scipy's. Seeded, so that
the same results give the same interval. Knows numbers only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES = 2000
LEVEL = 0.95
_ROWS = 200  # resamples computed at once


@dataclass(frozen=True, slots=True)
class Interval:
    """The middle ``LEVEL`` of the resampled values."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """One run minus the other on the same questions, with its interval and the two-sided p of a permutation test."""

    mean: float
    interval: Interval
    p: float
    cases: int
    better: int
    worse: int

    @property
    def significant(self) -> bool:
        """Say whether the difference is more than the choice of questions explains."""
        return self.p < 1 - LEVEL


def resampled(
    values: NDArray[np.float64],
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
    *,
    samples: int = SAMPLES,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Return the statistic of ``samples`` resamples of ``values``.

    Args:
        values: shape (cases,) or (cases, columns).
        statistic: takes shape (resamples, cases[, columns]), gives (resamples,); default: the mean over cases.
        samples: how many.
        seed: of the generator.
    """
    generator = np.random.default_rng(seed)
    found: list[NDArray[np.float64]] = []
    for start in range(0, samples, _ROWS):
        rows = generator.integers(0, len(values), size=(min(_ROWS, samples - start), len(values)))
        found.append(statistic(values[rows]) if statistic else values[rows].mean(axis=1))
    return np.concatenate(found)


def interval_of_mean(values: Sequence[float]) -> Interval | None:
    """Return the interval of the mean; None without values."""
    return interval(np.asarray(values, dtype=np.float64)) if len(values) else None


def interval(
    values: NDArray[np.float64],
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
) -> Interval:
    """Return the interval of ``statistic`` (default: the mean); resamples for which it is undefined do not count."""
    tail = 50 * (1 - LEVEL)
    low, high = np.nanpercentile(resampled(values, statistic), [tail, 100 - tail])
    return Interval(float(low), float(high))


def compare(ours: Sequence[float], theirs: Sequence[float]) -> Difference:
    """Return how ``ours`` differ from ``theirs``, question by question.

    Raises:
        ValueError: the two are not of one length, or empty.
    """
    if len(ours) != len(theirs) or not len(ours):
        raise ValueError("two runs are compared on the same questions, at least one")
    differences = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    return Difference(
        mean=float(differences.mean()),
        interval=interval(differences),
        p=_permutation(differences),
        cases=len(differences),
        better=int((differences > 0).sum()),
        worse=int((differences < 0).sum()),
    )


def _permutation(differences: NDArray[np.float64]) -> float:
    """Return the two-sided p of flipping the signs of the differences; pairs that do not differ say nothing either way."""
    changed = differences[differences != 0]
    if len(changed) < 2:
        return 1.0
    from scipy.stats import permutation_test

    result = permutation_test(
        (changed,),
        lambda values, axis: values.mean(axis=axis),
        permutation_type="samples",
        n_resamples=9999,
        vectorized=True,
        rng=np.random.default_rng(0),
    )
    return float(result.pvalue)
