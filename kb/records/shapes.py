"""The shapes of records: conversations and their turns, feedback, questions for the owner and their topics, numbers.

Times are UTC in ISO 8601. A ``person`` is the id of whoever asked (``""``: nobody said who they are), as ``ui`` decides
it. Knows no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb.model import Answer, Nearest
from kb.rows import document_id

Verdict = Literal["up", "down"]
TopicState = Literal["open", "answered", "dismissed"]
EntryKind = Literal["answer", "clause"]
EntryState = Literal["draft", "approved", "removed"]

# The document that is made of approved entries, and the chapter of it that each kind stands in.
FAQ_TITLE = "常见问答（FAQ）"
FAQ_DOCUMENT = document_id(FAQ_TITLE)

# What people tick when an answer was no good; ``reason`` may also be a sentence of their own.
DOWN_REASONS = ("没有答到问题", "不完整", "内容过时", "出处不对", "看不懂", "其他")
# The ``status`` of a question in the desk whose answer somebody marked 👎.
DISLIKED = "disliked"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one person thought of one turn."""

    turn: int
    person: str
    verdict: Verdict
    reason: str
    given_at: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and its answer in full; ``standalone`` is the question with what it left out."""

    id: int
    question: str
    standalone: str
    answer: Answer
    asked_at: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as a list shows it; ``title`` is the person's own, else the first question. ``turns`` counts them."""

    id: str
    person: str
    title: str
    created_at: str
    changed_at: str
    turns: int


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A question for the manual's owner.

    ``status`` is the answer's, or ``disliked``; ``nearest`` where one would look; ``comment`` what the person wrote
    when handing it over (``submitted``); ``turn`` the turn it was asked in and ``topic`` what it was gathered under (0: none).
    """

    id: int
    question: str
    status: str
    nearest: tuple[Nearest, ...]
    conversation: str
    asked_at: str
    person: str = ""
    comment: str = ""
    turn: int = 0
    topic: int = 0

    @property
    def submitted(self) -> bool:
        """Whether a person handed it over themselves."""
        return bool(self.comment)


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that mean the same, and what became of them. ``entry`` is the FAQ entry that answers them (0: none)."""

    id: int
    title: str
    state: TopicState
    note: str
    assignee: str
    entry: int
    changed_at: str
    changed_by: str
    questions: tuple[UnansweredQuestion, ...] = ()

    @property
    def times(self) -> int:
        """How often it was asked."""
        return len(self.questions)

    @property
    def people(self) -> int:
        """How many people asked; those who did not say who they are count as one."""
        return len({question.person for question in self.questions})

    @property
    def first_asked(self) -> str:
        """When it was asked first."""
        return min((question.asked_at for question in self.questions), default="")

    @property
    def last_asked(self) -> str:
        """When it was asked last."""
        return max((question.asked_at for question in self.questions), default="")

    @property
    def wordings(self) -> tuple[str, ...]:
        """The different ways in which it was asked, latest first."""
        return tuple(dict.fromkeys(question.question for question in self.questions))

    @property
    def nearest(self) -> tuple[Nearest, ...]:
        """Where one would look, most frequent first."""
        counted: dict[Nearest, int] = {}
        for question in self.questions:
            for place in question.nearest:
                counted[place] = counted.get(place, 0) + 1
        return tuple(sorted(counted, key=lambda place: -counted[place])[:5])


@dataclass(frozen=True, slots=True)
class Place:
    """A section of a document, or the document where ``section`` is empty."""

    document: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the owner wrote: an answer to a question, or a clause that the manual lacks.

    ``question`` is the heading it is found under (of a clause its title), ``wordings`` other ways to ask for it, ``place``
    the section a clause belongs after. It is found while it is ``approved``.
    """

    number: int
    kind: EntryKind
    question: str
    answer: str
    wordings: tuple[str, ...]
    place: Place
    state: EntryState
    author: str
    written_at: str
    approved_by: str
    changed_at: str


def chapter_of(kind: EntryKind) -> str:
    """Return the number of the chapter that entries of a kind stand in; an entry's section is ``FAQ.12``."""
    return "FAQ" if kind == "answer" else "补充"
