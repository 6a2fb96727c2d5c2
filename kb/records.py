"""What people asked: conversations turn by turn, and the questions that the sources could not answer.

Knows rows of the catalogue's file. Knows nothing of how an answer is made; it is kept as the JSON that was shown.
Written in transactions of their own, beside a running ingest, and without raising the generation. What cannot be
written down (a read-only home, a full disk) is told, and never costs the answer.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert, select

from kb.catalogue import Catalogue, now
from kb.errors import HomeBusy, HomeUnusable, NotThere
from kb.locking import Notice
from kb.model import Nearest
from kb.rows import storable, to_json
from kb.tables import conversations, turns, unanswered


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and its answer as JSON; ``asked_at`` in UTC, ISO 8601."""

    question: str
    answer: Mapping[str, Any]
    asked_at: str


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A question for the manual's owner; ``status`` is the answer's, ``nearest`` where one would look."""

    id: int
    question: str
    status: str
    nearest: tuple[Nearest, ...]
    conversation: str
    asked_at: str


class Records:
    """Conversations and unanswered questions of one catalogue."""

    def __init__(self, catalogue: Catalogue, notice: Notice | None = None) -> None:
        self._catalogue = catalogue
        self._notice = notice or (lambda _: None)

    def new_conversation(self) -> str:
        """Start a conversation and return its id."""
        key = secrets.token_hex(6)
        with self._catalogue.write() as connection:
            connection.execute(insert(conversations).values(id=key, created_at=now()))
        return key

    def append_turn(self, conversation: str, question: str, answer: Mapping[str, Any]) -> None:
        """Add a turn; a conversation of that id is started where there is none."""
        row = {
            "conversation": storable(conversation),
            "question": storable(question),
            "answer": to_json(answer),
            "asked_at": now(),
        }
        start = insert(conversations).prefix_with("OR IGNORE")
        with self._told("这一轮对话没有记下"), self._catalogue.write() as connection:
            connection.execute(start.values(id=row["conversation"], created_at=row["asked_at"]))
            connection.execute(insert(turns).values(row))

    def turns(self, conversation: str, *, last: int | None = None) -> tuple[Turn, ...]:
        """Return the turns of a conversation (only the ``last`` ones), oldest first.

        Raises:
            NotThere: there is no such conversation.
        """
        known = select(conversations.c.id).where(conversations.c.id == conversation)
        statement = select(turns).where(turns.c.conversation == conversation).order_by(turns.c.sequence.desc())
        with self._catalogue.read() as connection:
            if connection.execute(known).first() is None:
                raise NotThere(f"没有编号为 {conversation} 的对话")
            rows = connection.execute(statement.limit(last)).all()
        return tuple(Turn(row.question, json.loads(row.answer), row.asked_at) for row in reversed(rows))

    def record_unanswered(
        self, question: str, *, status: str, nearest: Sequence[Nearest] = (), conversation: str = ""
    ) -> None:
        """Note a question that was not, or only partly, answered."""
        row = {
            "question": storable(question),
            "status": status,
            "nearest": to_json([asdict(place) for place in nearest]),
            "conversation": storable(conversation),
            "asked_at": now(),
        }
        with self._told("没有记入待解问题"), self._catalogue.write() as connection:
            connection.execute(insert(unanswered).values(row))

    def unanswered(self) -> tuple[UnansweredQuestion, ...]:
        """Return all such questions, latest first."""
        with self._catalogue.read() as connection:
            rows = connection.execute(select(unanswered).order_by(unanswered.c.sequence.desc())).all()
        return tuple(
            UnansweredQuestion(
                id=row.sequence,
                question=row.question,
                status=row.status,
                nearest=tuple(Nearest(**place) for place in json.loads(row.nearest)),
                conversation=row.conversation,
                asked_at=row.asked_at,
            )
            for row in rows
        )

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Tell, rather than raise, that something could not be written."""
        try:
            yield
        except (HomeBusy, HomeUnusable) as error:
            self._notice(f"{what}：{error}")
