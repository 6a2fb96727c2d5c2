"""Choosing items for a paper: as many of each type as asked, spread over sections and ways of asking, none twice.

Knows drafted items and the checks; nothing of how they were made.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import ceil
from random import Random

from assistant.quiz.check.every import MOST_PATTERN, same_item
from assistant.quiz.material.amounts import ascending
from assistant.quiz.model import QUESTION_TYPES, Option, Question, QuestionType, Rejected

SHORT_PAPER = 20
Test = Callable[[Question], Rejected | None]


def family(question: Question) -> str:
    """Return the way of asking without its wording."""
    return re.sub(r"(?:-\d+)+$", "", question.pattern)


class Chooser:
    """Picks items one by one; each pick weighs what was picked before. The same seed picks the same."""

    def __init__(self, test: Test, *, seed: int, size: int) -> None:
        self._test = test
        self._random = Random(seed)
        # A share of a short paper says little: there two of a kind are no monotony.
        self._most = max(2, ceil(size * MOST_PATTERN)) if size < SHORT_PAPER else int(size * MOST_PATTERN)
        self._patterns: Counter[str] = Counter()
        self._families: Counter[str] = Counter()
        self._sections: Counter[tuple[str, str]] = Counter()
        self._clauses: Counter[tuple[str, str]] = Counter()
        self._truths: Counter[bool | None] = Counter()
        self._passed: dict[str, bool] = {}
        self.chosen: list[Question] = []
        self.rejected: list[Rejected] = []

    def take(self, pool: Sequence[Question], count: int, *, worn: bool = False) -> list[Question]:
        """Return ``count`` items of ``pool`` (fewer where it has no more that pass), and remember them.

        ``worn`` also takes ways of asking that the paper has enough of.
        """
        jitter = {question.id: self._random.random() for question in sorted(pool, key=lambda one: one.id)}
        left = [question for question in pool if self._passed.get(question.id, True)]
        taken: list[Question] = []
        while left and len(taken) < count:
            best = min(left, key=lambda question: (self._cost(question) + jitter[question.id], question.id))
            left.remove(best)
            if self._patterns[best.pattern] >= self._most and not worn:
                # The cost of a worn pattern is above all others: nothing fresher is left.
                break
            if any(same_item(best, other) for other in self.chosen) or not self._passes(best):
                continue
            self._remember(best)
            taken.append(best)
        return taken

    def _passes(self, question: Question) -> bool:
        if question.id not in self._passed:
            failed = self._test(question)
            self._passed[question.id] = failed is None
            if failed:
                self.rejected.append(failed)
        return self._passed[question.id]

    def _cost(self, question: Question) -> float:
        key = (question.citation.document, question.citation.section)
        cost = 1.5 * self._patterns[question.pattern] + 0.8 * self._families[family(question)]
        cost += 1.2 * self._sections[key] + 3.0 * self._clauses[key[0], question.citation.clause]
        cost += 0.7 * self._truths[question.truth] if question.truth is not None else 0.0
        return cost + (1000.0 if self._patterns[question.pattern] >= self._most else 0.0)

    def _remember(self, question: Question) -> None:
        self.chosen.append(question)
        self._patterns[question.pattern] += 1
        self._families[family(question)] += 1
        self._sections[question.citation.document, question.citation.section] += 1
        self._clauses[question.citation.document, question.citation.clause] += 1
        self._truths[question.truth] += 1


def shares(types: Sequence[QuestionType], count: int) -> dict[QuestionType, int]:
    """Return how many items of each type make ``count``: even, the first types get what is left over."""
    each, more = divmod(count, len(types))
    return {type_: each + (at < more) for at, type_ in enumerate(types)}


def printed_order(questions: Iterable[Question], places: Sequence[tuple[str, str]]) -> list[Question]:
    """Return items in the order of a paper: by type, then as they stand in the documents."""
    rank = {place: at for at, place in enumerate(places)}
    return sorted(
        questions,
        key=lambda one: (
            QUESTION_TYPES.index(one.type),
            rank.get((one.citation.document, one.citation.section), len(rank)),
            one.id,
        ),
    )


def balanced(questions: Sequence[Question], seed: int) -> list[Question]:
    """Return the items with the right letters spread evenly: options of words change places, amounts stay in their order."""
    choose = Random(seed)
    used: Counter[str] = Counter()
    for question in questions:
        if question.type == "single" and _is_sorted(question):
            used[question.right[0]] += 1
    return [_placed(question, used, choose) for question in questions]


def _is_sorted(question: Question) -> bool:
    return ascending([option.text for option in question.options]) is not None


def _placed(question: Question, used: Counter[str], choose: Random) -> Question:
    if question.type != "single" or _is_sorted(question):
        return question
    keys = [option.key for option in question.options]
    least = min(used[key] for key in keys)
    target = choose.choice([key for key in keys if used[key] == least])
    used[target] += 1
    right = next(option.text for option in question.options if option.key in question.right)
    rest = [option.text for option in question.options if option.text != right]
    rest.insert(keys.index(target), right)
    options = tuple(Option(key, text) for key, text in zip(keys, rest, strict=True))
    moved = {option.key: new.key for option in question.options for new in options if new.text == option.text}
    return replace(question, options=options, right=(target,), explanation=_relettered(question.explanation, moved))


def _relettered(explanation: str, moved: dict[str, str]) -> str:
    """Return the explanation with the letters it names (B错在…) changed to the new ones."""
    parts = []
    for at, character in enumerate(explanation):
        names = character in moved and explanation[at + 1 : at + 3] == "错在"
        parts.append(moved[character] if names else character)
    return "".join(parts)
