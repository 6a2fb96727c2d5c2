"""The shapes of a quiz: an item, its options and answer, a paper. Knows no way to make, check or write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb.model import Citation

QuestionType = Literal["single", "multiple", "true_false", "cloze", "short_answer", "case"]
QUESTION_TYPES: tuple[QuestionType, ...] = ("single", "multiple", "true_false", "cloze", "short_answer", "case")
TYPE_WORDS: dict[QuestionType, str] = {
    "single": "单选题",
    "multiple": "多选题",
    "true_false": "判断题",
    "cloze": "填空题",
    "short_answer": "简答题",
    "case": "案例题",
}
Difficulty = Literal["easy", "medium", "hard"]
Bloom = Literal["remember", "understand", "apply", "analyze"]
BLANK = "____"


@dataclass(frozen=True)
class Option:
    """One choice of an item, with the letter it is printed under."""

    key: str
    text: str


@dataclass(frozen=True)
class Blank:
    """One blank of a cloze item: every written form that counts as right, the source's own form first."""

    accepted: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """One point an open answer must make: its words in the source, and other words that make it as well."""

    text: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """The one thing that makes a statement false: its kind, what is written and what the source says."""

    kind: Literal["number", "role", "order", "negation", "term"]
    written: str
    original: str


@dataclass(frozen=True)
class Question:
    """One item of a quiz.

    ``stem`` of a cloze item holds ``BLANK`` once for each of ``blanks``, in order. ``right`` holds the keys of the right
    options (one for single choice), ``truth`` is set for true/false only, ``points_required`` for open questions only;
    ``scenario`` is the story of a case. ``explanation`` says why, with the clause; ``citation`` is the checked quote.
    ``pattern`` names the way the item was made, ``points`` its marks. ``change`` is set where a statement is false;
    ``asks`` names the fact asked for (a clause and what of it), so that two items on one fact are known.
    """

    id: str
    type: QuestionType
    stem: str
    citation: Citation
    explanation: str
    points: float
    difficulty: Difficulty
    bloom: Bloom
    pattern: str
    options: tuple[Option, ...] = ()
    right: tuple[str, ...] = ()
    truth: bool | None = None
    blanks: tuple[Blank, ...] = ()
    points_required: tuple[Point, ...] = ()
    scenario: str = ""
    tags: tuple[str, ...] = ()
    change: Change | None = None
    asks: str = ""


@dataclass(frozen=True)
class Rejected:
    """A drafted item that a check turned down, and why: shown to the trainer."""

    question: Question
    check: str
    reason: str


@dataclass(frozen=True)
class Paper:
    """A quiz paper: its items in printed order, and what was turned down on the way."""

    title: str
    questions: tuple[Question, ...]
    seed: int
    rejected: tuple[Rejected, ...] = ()

    @property
    def points(self) -> float:
        """The marks of the whole paper."""
        return sum(question.points for question in self.questions)
