"""What answers tell: of each person, of each clause, of each item (how hard it is, whether it tells the able from the rest).

Pure functions on graded answers; knows no database and no page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from assistant.quiz.model import Paper, Question
from kb.records.quizzes import AnswerRow

# Fewer answers say nothing about an item.
ENOUGH_ANSWERS = 5
WEAK = 0.6  # a clause with less than this share of its marks earned is weak


@dataclass(frozen=True)
class Tally:
    """Marks earned and to be had under one key (a person, a clause), and how many answers there were."""

    key: str
    score: float
    points: float
    answers: int

    @property
    def share(self) -> float:
        """Marks earned of marks to be had, 0..1."""
        return self.score / self.points if self.points else 0.0


@dataclass(frozen=True)
class ItemFigures:
    """An item in numbers.

    ``difficulty`` is the mean share of marks earned (low: hard); ``discrimination`` the correlation of its marks with those
    of the rest of the paper, nothing where all answered alike or too few answered.
    """

    item: str
    answers: int
    difficulty: float
    discrimination: float | None

    @property
    def advice(self) -> str:
        """What a trainer would do with the item, in Chinese; empty where there is nothing to say."""
        if self.answers < ENOUGH_ANSWERS:
            return ""
        if self.discrimination is not None and self.discrimination < 0:
            return "好学员反而错得多：请检查答案和题干"
        if self.difficulty > 0.95:
            return "几乎人人答对：太容易"
        if self.difficulty < 0.2:
            return "几乎人人答错：太难，或没有教过"
        if self.discrimination is not None and self.discrimination < 0.1:
            return "分不出会与不会"
        return ""


def by_person(rows: Iterable[AnswerRow]) -> list[Tally]:
    """Return what each person earned, best first."""
    return sorted(_tallies(rows, lambda row: row.person), key=lambda one: -one.share)


def by_clause(rows: Iterable[AnswerRow]) -> list[Tally]:
    """Return what was earned on each clause, weakest first; the key is ``document/clause``."""
    return sorted(_tallies(rows, clause_key), key=lambda one: one.share)


def clause_key(row: AnswerRow) -> str:
    """Return the key of the clause an answer is about."""
    return f"{row.document}/{row.clause}"


def _tallies(rows: Iterable[AnswerRow], key: Callable[[AnswerRow], str]) -> list[Tally]:
    score: dict[str, float] = defaultdict(float)
    points: dict[str, float] = defaultdict(float)
    answers: dict[str, int] = defaultdict(int)
    for row in rows:
        one = key(row)
        score[one] += row.score
        points[one] += row.points
        answers[one] += 1
    return [Tally(one, score[one], points[one], answers[one]) for one in points]


def by_item(rows: Sequence[AnswerRow]) -> list[ItemFigures]:
    """Return the figures of each item that was answered, in order of their ids.

    Discrimination: Pearson's correlation between the share earned on the item and on the rest of the same attempt
    (corrected item-total correlation; Ebel & Frisbie, Essentials of Educational Measurement, 5th ed.).
    """
    attempts: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for row in rows:
        score, points = attempts[row.attempt]
        attempts[row.attempt] = (score + row.score, points + row.points)
    items: dict[str, list[tuple[float, float | None]]] = defaultdict(list)
    for row in rows:
        if not row.points:
            continue
        score, points = attempts[row.attempt]
        rest = (score - row.score) / (points - row.points) if points > row.points else None
        items[row.item].append((row.score / row.points, rest))
    return [
        ItemFigures(item, len(pairs), fmean(own for own, _ in pairs), _correlation(pairs))
        for item, pairs in sorted(items.items())
    ]


def _correlation(pairs: Sequence[tuple[float, float | None]]) -> float | None:
    known = [(own, rest) for own, rest in pairs if rest is not None]
    if len(known) < ENOUGH_ANSWERS:
        return None
    own, rest = [one for one, _ in known], [other for _, other in known]
    spread = pstdev(own) * pstdev(rest)
    if not spread:
        return None
    middle_own, middle_rest = fmean(own), fmean(rest)
    return fmean((one - middle_own) * (other - middle_rest) for one, other in known) / spread


def weak_clauses(rows: Iterable[AnswerRow], *, most: int = 20) -> list[Tally]:
    """Return the clauses on which less than ``WEAK`` of the marks were earned, weakest first."""
    return [one for one in by_clause(rows) if one.share < WEAK][:most]


def spread(shares: Sequence[float], *, steps: int = 10) -> list[int]:
    """Return how many results fall into each of ``steps`` equal parts of 0..1 (1.0 counts into the last)."""
    counts = [0] * steps
    for share in shares:
        counts[min(steps - 1, max(0, int(share * steps)))] += 1
    return counts


def aimed(pool: Sequence[Question], rows: Sequence[AnswerRow], count: int, *, title: str = "巩固练习") -> Paper:
    """Return a paper of ``count`` items aimed at the weak clauses: on them first, unseen items before seen ones."""
    weak = {one.key: one.share for one in weak_clauses(rows)}
    seen = {row.item for row in rows}

    def rank(question: Question) -> tuple[float, bool, str]:
        key = f"{question.citation.document}/{question.citation.clause}"
        return (weak.get(key, _section_share(question, weak)), question.id in seen, question.id)

    taken: list[Question] = []
    for question in sorted(pool, key=rank):
        if len(taken) == count:
            break
        if all(question.asks != other.asks or not question.asks for other in taken):
            taken.append(question)
    return Paper(title, tuple(taken), seed=0)


def _section_share(question: Question, weak: dict[str, float]) -> float:
    """Return 1 for a clause nobody was weak on, a little less where a clause of the same section was."""
    start = f"{question.citation.document}/{question.citation.section}-"
    return 1.0 if any(key.startswith(start) for key in weak) else 2.0
