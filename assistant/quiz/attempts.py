"""Taking papers: start, keep answers while they are given, resume, hand in, the mistakes book.

Knows papers as JSON and the grading. Time is counted here; a clock in a page only shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.quiz.bank import from_json, to_json
from assistant.quiz.grade import Grade, Response, grade
from assistant.quiz.model import Paper, Question
from kb.errors import NotThere
from kb.records.quizzes import AnswerRow, AttemptRow, PaperRow, Quizzes
from kb.synonyms import Synonyms, load_synonyms

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

# What a slow line may cost after the last second before an answer counts as late.
GRACE_SECONDS = 30


@dataclass(frozen=True)
class Running:
    """An attempt as the person sees it: the paper, what is answered so far, the seconds left (nothing: no limit)."""

    id: str
    paper: Paper
    responses: Mapping[str, Response]
    finished: bool
    seconds_left: int | None


@dataclass(frozen=True)
class Result:
    """A handed-in attempt: the marks and the grade of every item, in printed order."""

    id: str
    paper: Paper
    score: float
    points: float
    grades: tuple[Grade, ...]
    responses: Mapping[str, Response]

    @property
    def share(self) -> float:
        """Marks earned of marks to be had, 0..1."""
        return self.score / self.points if self.points else 0.0


@dataclass(frozen=True)
class Mistake:
    """An item of the mistakes book: answered wrong last, how often wrong and how often at all."""

    question: Question
    wrong: int
    answered: int
    last_at: str


class Attempts:
    """The papers people take, of one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._rows: Quizzes = knowledge.records.quizzes
        self._home = knowledge.settings.home

    @property
    def _synonyms(self) -> Synonyms:
        return load_synonyms(self._home)

    def offer(self, paper: Paper, *, minutes: int = 0, by: str = "") -> str:
        """Keep a paper that people are to take, and return its id; ``minutes`` 0 is without limit."""
        fields = {"title": paper.title, "seed": paper.seed, "questions": [to_json(one) for one in paper.questions]}
        return self._rows.put_paper(paper.title, fields, minutes=minutes, by=by)

    def papers(self) -> tuple[PaperRow, ...]:
        """Return the papers that can be taken, latest first."""
        return self._rows.papers()

    def paper(self, key: str) -> Paper:
        """Return one paper that can be taken.

        Raises:
            NotThere: there is none of that id.
        """
        return _paper(self._rows.paper(key))

    def start(self, paper: str, person: str = "") -> Running:
        """Begin ``paper``, or go on with the attempt that this person has open on it.

        Raises:
            NotThere: there is no such paper.
        """
        row = self._rows.paper(paper)
        if person:
            for attempt in self._rows.attempts(person=person, paper=paper):
                if not attempt.finished_at and self._left(row, attempt) != 0:
                    return self._running(row, attempt)
        key = self._rows.start(paper, person, points=_paper(row).points)
        return self._running(row, self._rows.attempt(key))

    def resume(self, attempt: str, person: str = "") -> Running:
        """Return an attempt as it stands.

        Raises:
            NotThere: there is none of that id, or it is somebody else's.
        """
        found = self._own(attempt, person)
        return self._running(self._rows.paper(found.paper), found)

    def answer(self, attempt: str, responses: Mapping[str, Response], person: str = "") -> Running:
        """Keep responses by item id beside those given before; one given after the time is not taken.

        Raises:
            NotThere: there is no such attempt, or it is somebody else's.
        """
        found = self._own(attempt, person)
        row = self._rows.paper(found.paper)
        if not found.finished_at and not self._is_late(row, found):
            known = {one.id for one in _paper(row).questions}
            given = {key: value for key, value in responses.items() if key in known}
            self._rows.save(attempt, {**found.responses, **given})
        return self._running(row, self._rows.attempt(attempt))

    def hand_in(self, attempt: str, person: str = "") -> Result:
        """Close the attempt, grade it and return the result; one that is closed gives the same result again.

        Raises:
            NotThere: there is no such attempt, or it is somebody else's.
        """
        found = self._own(attempt, person)
        paper = _paper(self._rows.paper(found.paper))
        result = self._graded(found, paper)
        by_id = {one.id: one for one in paper.questions}
        rows = [_answer_row(attempt, found.person, by_id[one.question], one) for one in result.grades]
        self._rows.finish(attempt, rows, score=result.score)
        return result

    def result(self, attempt: str, person: str = "") -> Result:
        """Return the result of a handed-in attempt.

        Raises:
            NotThere: there is none of that id, it is somebody else's, or it is still open.
        """
        found = self._own(attempt, person)
        if not found.finished_at:
            raise NotThere("这份答卷还没有交，交卷后才有成绩")
        return self._graded(found, _paper(self._rows.paper(found.paper)))

    def mistakes(self, person: str) -> list[Mistake]:
        """Return the items this person last answered without full marks, latest first (错题本)."""
        latest: dict[str, AnswerRow] = {}
        wrong: dict[str, int] = {}
        total: dict[str, int] = {}
        for row in self._rows.answers(person=person):
            latest[row.item] = row
            total[row.item] = total.get(row.item, 0) + 1
            wrong[row.item] = wrong.get(row.item, 0) + (row.score < row.points)
        open_ = [row for row in latest.values() if row.score < row.points]
        questions = self._questions(open_)
        found = [
            Mistake(questions[row.item], wrong[row.item], total[row.item], row.answered_at)
            for row in open_
            if row.item in questions
        ]
        return sorted(found, key=lambda one: one.last_at, reverse=True)

    def _questions(self, rows: list[AnswerRow]) -> dict[str, Question]:
        """Return the items of answers as they stood in the papers."""
        attempts = {row.attempt for row in rows}
        papers = {attempt.paper for key in attempts if (attempt := self._rows.attempt(key))}
        return {one.id: one for key in papers for one in _paper(self._rows.paper(key)).questions}

    def _own(self, attempt: str, person: str) -> AttemptRow:
        found = self._rows.attempt(attempt)
        if found.person and found.person != person:
            raise NotThere(f"没有编号为 {attempt} 的答卷")
        return found

    def _graded(self, found: AttemptRow, paper: Paper) -> Result:
        synonyms = self._synonyms
        grades = tuple(grade(one, found.responses.get(one.id), synonyms=synonyms) for one in paper.questions)
        score = sum(one.score for one in grades)
        return Result(found.id, paper, score, paper.points, grades, dict(found.responses))

    def _running(self, row: PaperRow, found: AttemptRow) -> Running:
        return Running(found.id, _paper(row), dict(found.responses), bool(found.finished_at), self._left(row, found))

    def _left(self, row: PaperRow, found: AttemptRow) -> int | None:
        """Return the whole seconds left, 0 when the time is over, nothing where there is no limit."""
        if not row.minutes:
            return None
        return max(0, row.minutes * 60 - _seconds_since(found.started_at))

    def _is_late(self, row: PaperRow, found: AttemptRow) -> bool:
        return bool(row.minutes) and _seconds_since(found.started_at) > row.minutes * 60 + GRACE_SECONDS


def _seconds_since(moment: str) -> int:
    return int((datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds())


def _paper(row: PaperRow) -> Paper:
    fields: list[dict[str, Any]] = row.paper.get("questions", [])
    return Paper(row.title, tuple(from_json(one) for one in fields), int(row.paper.get("seed", 0)))


def _answer_row(attempt: str, person: str, question: Question, given: Grade) -> AnswerRow:
    cited = question.citation
    return AnswerRow(
        attempt,
        person,
        question.id,
        cited.document,
        cited.section,
        cited.clause,
        question.type,
        given.score,
        given.points,
        "",
    )
