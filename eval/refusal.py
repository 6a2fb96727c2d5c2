"""Refusing well: precision and recall of refusals, and what it would cost to answer more or less.

Risk-coverage: questions in the order of the decision's probability; at each share answered (coverage), the share of
those that come out wrong (risk). El-Yaniv & Wiener 2010; the area under it (AURC) is 0 at best. Knows numbers only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Refusals:
    """Precision: of what was refused, how much could not be answered. Recall: of what cannot be, how much was refused."""

    precision: float | None
    recall: float | None


def refusals(answerable: Sequence[bool], refused: Sequence[bool]) -> Refusals:
    """Return precision and recall of the refusals; None where there is nothing to divide by."""
    right = sum(not can and no for can, no in zip(answerable, refused, strict=True))
    impossible = sum(not can for can in answerable)
    return Refusals(
        precision=right / sum(refused) if any(refused) else None,
        recall=right / impossible if impossible else None,
    )


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Return the probability that a positive scores above a negative, ties counting half; None without both kinds.

    The Mann-Whitney statistic on average ranks.
    """
    from scipy.stats import rankdata

    truth = np.asarray(positive, dtype=bool)
    ours, others = int(truth.sum()), int((~truth).sum())
    if not ours or not others:
        return None
    ranks = rankdata(np.asarray(scores, dtype=np.float64))
    return float((ranks[truth].sum() - ours * (ours + 1) / 2) / (ours * others))


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """The curve as points of equal length, from the surest question to all of them, and the area under it."""

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    threshold: tuple[float, ...]

    @property
    def area(self) -> float:
        """Return the mean risk over all coverages (AURC)."""
        return float(np.mean(self.risk)) if self.risk else 0.0

    def at(self, risk: float) -> float:
        """Return the largest coverage whose risk is at most ``risk``."""
        return max((c for c, r in zip(self.coverage, self.risk, strict=True) if r <= risk), default=0.0)


def risk_coverage(scores: Sequence[float], right: Sequence[bool]) -> RiskCoverage:
    """Return the curve; ``right`` says for each question whether answering it comes out right.

    Questions of one score are answered together or not at all, so they make one point.
    """
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    sorted_scores = np.asarray(scores, dtype=np.float64)[order]
    wrong = np.cumsum(~np.asarray(right, dtype=bool)[order])
    count = np.arange(1, len(order) + 1)
    last = np.append(sorted_scores[1:] != sorted_scores[:-1], True) if len(order) else np.zeros(0, dtype=bool)
    return RiskCoverage(
        coverage=tuple((count[last] / max(1, len(order))).tolist()),
        risk=tuple((wrong[last] / count[last]).tolist()),
        threshold=tuple(sorted_scores[last].tolist()),
    )
