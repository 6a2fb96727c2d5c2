"""How hard an item is, by rule: what it asks of the mind, how much, how near the wrong is to the right, how long it reads.

Knows one item, no answers; once there are answers, ``statistics`` says how hard an item really was. Weights were set so
that every type of both corpora at hand spreads over easy, medium and hard.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.quiz.material.amounts import amounts
from assistant.quiz.material.names import overlap
from assistant.quiz.model import BLANK, Difficulty, Question

_BLOOM = {"remember": 0.0, "understand": 0.3, "apply": 0.4, "analyze": 0.5}
_TYPE = {"true_false": 0.25, "single": 0.25, "cloze": 0.35, "multiple": 0.3, "short_answer": 0.3, "case": 0.0}
# A changed number or role is seen only by those who know it; a turned rule often sounds wrong.
_CHANGE = {"number": 0.3, "role": 0.3, "order": 0.25, "term": 0.15, "negation": 0.0}
EASY, HARD = 0.55, 0.8


def level(question: Question) -> Question:
    """Return ``question`` with its difficulty: below ``EASY`` easy, from ``HARD`` hard."""
    score = _BLOOM[question.bloom] + _TYPE[question.type] + _extent(question) + _nearness(question)
    difficulty: Difficulty = "easy" if score < EASY else "medium" if score < HARD else "hard"
    return replace(question, difficulty=difficulty)


def _extent(question: Question) -> float:
    """Return what there is to answer and to read."""
    shown = len(question.scenario + question.stem) + sum(len(option.text) for option in question.options)
    much = 0.3 * max(0, len(question.blanks) - 1) + 0.1 * max(0, len(question.points_required) - 2)
    return much + min(0.4, max(0, shown - 60) * 0.0025)


def _nearness(question: Question) -> float:
    """Return how near the wrong stands to the right, 0..0.45: options alike, exact numbers, a small change."""
    if question.type == "true_false":
        return _CHANGE[question.change.kind] if question.change else 0.1
    if question.type == "cloze":
        exact = sum(any(form[0].isdigit() for form in blank.accepted) for blank in question.blanks)
        return 0.15 * bool(exact) + 0.1 * (question.stem.count(BLANK) > 1)
    right = [option.text for option in question.options if option.key in question.right]
    wrong = [option.text for option in question.options if option.key not in question.right]
    if not right or not wrong:
        return 0.0
    if all(amounts(text) for text in right + wrong):
        return 0.3
    return 0.45 * sum(max(overlap(one, other) for other in wrong) for one in right) / len(right)
