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
    question and chunk. ``fit``: 1 where the passage holds what the form of the question asks for (an amount with its
    unit, a name), 0 where it does not, 0.5 where nothing special is asked. ``english``: 1 for an English question,
    whose cosines with Chinese text are lower throughout.
    """

    coverage: float
    cosine: float
    fit: float
    english: float

    def features(self) -> tuple[float, ...]:
        """Return the regression's input; the cosines of e5 lie close together, so they are spread first."""
        return (
            self.coverage,
            (self.cosine - COSINE_CENTRE) * COSINE_SPREAD,
            float(self.fit == 0.0),
            float(self.fit == 1.0),
            self.english,
        )


COSINE_CENTRE = 0.87
COSINE_SPREAD = 20.0
WEIGHTS = (2.0, 2.0, -3.0, 0.5, 2.0)
BIAS = 0.0


def probability(evidence: Evidence) -> float:
    """Return how probable it is that the passage answers the question."""
    total = BIAS + sum(w * f for w, f in zip(WEIGHTS, evidence.features(), strict=True))
    return 1.0 / (1.0 + math.exp(-total))


def answerable(evidence: Evidence) -> bool:
    """Say whether the question is answered from this passage."""
    return probability(evidence) >= THRESHOLD
