"""What people asked and thought, and what the owner wrote: conversations, feedback, open questions, entries, numbers.

Knows rows of the catalogue's file. Knows nothing of how an answer is made. Written in transactions of their own, beside
a running ingest, and without raising the generation. What cannot be written down while somebody waits for an answer
(a read-only home, a full disk) is told, and never costs the answer; what a person does on purpose (rename, 👎) raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kb.records.answers import to_stored
from kb.records.checklists import Checklists
from kb.records.conversations import Conversations, add_turn, begin_turn
from kb.records.drafts import Drafts
from kb.records.entries import Entries
from kb.records.feedback import FeedbackBook
from kb.records.ledger import Ledger
from kb.records.people import People
from kb.records.plans import Plans
from kb.records.questions import Questions, add_unanswered
from kb.records.quizzes import Quizzes
from kb.records.shapes import (
    DISLIKED,
    DOWN_REASONS,
    Conversation,
    Entry,
    Feedback,
    Place,
    Topic,
    Turn,
    UnansweredQuestion,
)
from kb.records.usage import ADD_ASKED, Usage, UsageSummary, asked_row
from kb.rows import to_json

if TYPE_CHECKING:
    from kb.catalogue import Catalogue
    from kb.locking import Notice
    from kb.model import Answer, Nearest


class Records:
    """All records of one catalogue; safe from several threads."""

    def __init__(self, catalogue: Catalogue, notice: Notice | None = None) -> None:
        self._ledger = Ledger(catalogue, notice)
        self.conversations = Conversations(self._ledger)
        self.feedback = FeedbackBook(self._ledger)
        self.questions = Questions(self._ledger)
        self.entries = Entries(self._ledger)
        self.people = People(self._ledger)
        self.usage = Usage(self._ledger)
        self.quizzes = Quizzes(self._ledger)
        self.checklists = Checklists(self._ledger)
        self.plans = Plans(self._ledger)
        self.drafts = Drafts(self._ledger)

    def record(
        self, answer: Answer, *, standalone: str = "", conversation: str = "", open_question: bool = False
    ) -> int:
        """Write down one question and its answer in one transaction; return the turn's number, 0 where there is none.

        Args:
            answer: as it is shown.
            standalone: the question with what it took from the turn before.
            conversation: whose next turn this is; ``""``: only the numbers are kept.
            open_question: put the question on the owner's desk.
        """
        stored = to_json(to_stored(answer, standalone=standalone)) if conversation else ""
        line = asked_row(answer)
        turn, person = 0, ""
        with self._ledger.told("这个问题没有记下"), self._ledger.write() as connection:
            if conversation:
                person = begin_turn(connection, conversation)
                turn = add_turn(connection, conversation, answer.question, stored)
            connection.execute(ADD_ASKED, {**line, "person": person, "turn": turn})
            if open_question:
                add_unanswered(
                    connection,
                    standalone or answer.question,
                    status=answer.status,
                    nearest=answer.nearest,
                    conversation=conversation,
                    person=person,
                    turn=turn,
                )
        return turn

    def turns(self, conversation: str, *, last: int | None = None) -> tuple[Turn, ...]:
        """Return the turns of a conversation (only the ``last`` ones), oldest first.

        Raises:
            NotThere: there is no such conversation.
        """
        return self.conversations.turns(conversation, last=last)

    def record_unanswered(
        self, question: str, *, status: str, nearest: Sequence[Nearest] = (), conversation: str = ""
    ) -> None:
        """Note a question that was not, or only partly, answered."""
        with self._ledger.told("没有记入待解问题"), self._ledger.write() as connection:
            add_unanswered(connection, question, status=status, nearest=nearest, conversation=conversation)

    def unanswered(self) -> tuple[UnansweredQuestion, ...]:
        """Return all questions for the manual's owner, latest first."""
        return self.questions.all()


__all__ = [
    "DISLIKED",
    "DOWN_REASONS",
    "Conversation",
    "Entry",
    "Feedback",
    "Place",
    "Records",
    "Topic",
    "Turn",
    "UnansweredQuestion",
    "UsageSummary",
]
