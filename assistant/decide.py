"""Can it be answered? A calibrated decision from the evidence itself, not from the search score alone.

Knows features of the best passage; not how they were measured. The weights are a logistic regression fitted by
``python -m eval.calibrate`` on development questions; ``eval/LOG.md`` has the numbers on questions it did not see.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the best passage for one question part; every value in 0..1.

    ``coverage``: weighted share of the question's terms in the passage and its headings. ``cosine``: best cosine of
    question and chunk. ``unknown``: weighted share of terms that stand nowhere in the corpus. ``rarest``: how far the
    passage speaks of the question's heaviest term. ``fit``: 1 where the passage holds what the kind of question asks
    for (an amount, a role), 0 where it does not, 0.5 where the kind asks for nothing special.
    """

    coverage: float
    cosine: float
    unknown: float
    rarest: float
    fit: float
    english: float

    def features(self) -> tuple[float, ...]:
        """Return the regression's input."""
        return (self.coverage, (self.cosine - 0.85) * 10, self.unknown, self.rarest, self.fit, self.english)


WEIGHTS = (4.0, 2.5, -3.0, 1.0, 1.0, 2.0)
BIAS = -3.0


def probability(evidence: Evidence) -> float:
    """Return how probable it is that the passage answers the question."""
    total = BIAS + sum(w * f for w, f in zip(WEIGHTS, evidence.features(), strict=True))
    return 1.0 / (1.0 + math.exp(-total))


def answerable(evidence: Evidence) -> bool:
    """Say whether the question is answered from this passage."""
    return probability(evidence) >= THRESHOLD
