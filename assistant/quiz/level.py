"""How hard an item is and what it asks of the mind, by rule: what is near, how much, how long. Knows one item, no answers."""

from __future__ import annotations

from dataclasses import replace

from assistant.quiz.material.names import overlap
from assistant.quiz.model import Difficulty, Question

_BLOOM = {"remember": 0.0, "understand": 0.6, "apply": 1.2, "analyze": 1.8}
_TYPE = {"true_false": -0.5, "single": 0.0, "cloze": 0.4, "multiple": 0.9, "short_answer": 0.9, "case": 1.2}


def level(question: Question) -> Question:
    """Return ``question`` with its difficulty.

    The sum of: what it asks of the mind, its type, how much is asked (blanks, right options, points), how alike the
    options are and how long it is to read. Below 0.75 easy, from 1.9 hard.
    """
    score = _BLOOM[question.bloom] + _TYPE[question.type]
    score += 0.3 * max(0, len(question.blanks) - 1)
    score += 0.15 * max(0, len(question.points_required) - 3)
    score += 0.4 * _nearness(question)
    score += 0.3 * (len(question.scenario + question.stem) + sum(len(option.text) for option in question.options) > 140)
    difficulty: Difficulty = "easy" if score < 0.75 else "medium" if score < 1.9 else "hard"
    return replace(question, difficulty=difficulty)


def _nearness(question: Question) -> float:
    """Return how alike right and wrong options are, 0..1; numbers differ only in their digits."""
    right = [option.text for option in question.options if option.key in question.right]
    wrong = [option.text for option in question.options if option.key not in question.right]
    if not right or not wrong:
        return 0.0
    return sum(max(overlap(one, other) for other in wrong) for one in right) / len(right)
