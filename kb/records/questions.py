"""The owner's desk as rows: questions that were not answered well, the topics they are gathered under, what became of them.

Knows rows. Which questions mean the same is decided elsewhere (``assistant/desk.py``) and only kept here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from kb.catalogue import now
from kb.errors import NotThere
from kb.model import Nearest
from kb.records.shapes import Topic, TopicState, UnansweredQuestion
from kb.records.vectors import question_vectors
from kb.rows import storable, to_json
from kb.tables import topics, unanswered

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection, Row

    from kb.embeddings import EmbeddingModel
    from kb.records.ledger import Ledger

LONGEST_NOTE = 2000
SUBMITTED = "请补充"


class Questions:
    """Unanswered questions and their topics, of one catalogue."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def all(self) -> tuple[UnansweredQuestion, ...]:
        """Return every question, latest first."""
        with self._ledger.read() as connection:
            return _questions(connection)

    def submit(self, turn: int, *, person: str = "", comment: str = "") -> None:
        """Hand the question of a turn over to the owner, with what the person wants to add.

        Raises:
            NotThere: the turn is on nobody's desk (it was answered: give a 👎 instead).
            HomeUnusable: nothing can be written.
        """
        words = storable(comment.strip()[:LONGEST_NOTE]) or SUBMITTED
        statement = update(unanswered).where(unanswered.c.turn == turn, unanswered.c.person == storable(person))
        with self._ledger.write() as connection:
            if not turn or not connection.execute(statement.values(comment=words)).rowcount:
                raise NotThere("这个问题没有记入待解问题，可以点 👎 说明哪里不对")

    def forget(self, question: int) -> None:
        """Take one question off the desk for good (a joke, somebody's name).

        Raises:
            HomeUnusable: nothing can be written.
        """
        with self._ledger.write() as connection:
            connection.execute(delete(unanswered).where(unanswered.c.sequence == question))

    def vectors(self, model: EmbeddingModel, questions: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of ``questions``, shape (questions, dimension); see ``question_vectors``."""
        return question_vectors(self._ledger, model, questions)

    # topics

    def topics(self) -> tuple[Topic, ...]:
        """Return every topic with its questions (latest first), in the order in which they were made."""
        with self._ledger.read() as connection:
            rows = connection.execute(select(topics).order_by(topics.c.id)).all()
            questions = _questions(connection)
        under: dict[int, list[UnansweredQuestion]] = {}
        for question in questions:
            under.setdefault(question.topic, []).append(question)
        return tuple(_topic(row, under.get(row.id, ())) for row in rows)

    def topic(self, topic: int) -> Topic:
        """Return one topic.

        Raises:
            NotThere: there is none of that number.
        """
        found = next((one for one in self.topics() if one.id == topic), None)
        if found is None:
            raise _no_topic(topic)
        return found

    def gather(self, groups: Sequence[tuple[int, str, Sequence[int]]]) -> None:
        """Put questions under topics in one transaction: (topic or 0 for a new one, title of a new one, question ids).

        A question that comes in under an answered topic after it was answered opens it again.

        Raises:
            HomeUnusable: nothing can be written.
        """
        with self._ledger.write() as connection:
            for known, title, ids in groups:
                topic = known or _new_topic(connection, title)
                free = (unanswered.c.sequence.in_(list(ids))) & (unanswered.c.topic == 0)
                connection.execute(update(unanswered).where(free).values(topic=topic))
                latest = select(func.max(unanswered.c.asked_at)).where(unanswered.c.topic == topic).scalar_subquery()
                again = (topics.c.id == topic) & (topics.c.state == "answered") & (topics.c.changed_at < latest)
                connection.execute(update(topics).where(again).values(state="open"))

    def move(self, question: int, topic: int) -> int:
        """Put a question under another topic, 0 for one of its own; return the topic.

        Raises:
            NotThere: there is no such question or topic.
            HomeUnusable: nothing can be written.
        """
        with self._ledger.write() as connection:
            row = connection.execute(select(unanswered).where(unanswered.c.sequence == question)).first()
            if row is None:
                raise NotThere(f"没有编号为 {question} 的待解问题")
            if topic and connection.execute(select(topics.c.id).where(topics.c.id == topic)).first() is None:
                raise _no_topic(topic)
            topic = topic or _new_topic(connection, row.question)
            connection.execute(update(unanswered).where(unanswered.c.sequence == question).values(topic=topic))
        return topic

    def merge(self, topic: int, into: int) -> None:
        """Put every question of ``topic`` under ``into``; ``topic`` is gone.

        Raises:
            NotThere: there is no such topic.
            HomeUnusable: nothing can be written.
        """
        with self._ledger.write() as connection:
            for one in (topic, into):
                if connection.execute(select(topics.c.id).where(topics.c.id == one)).first() is None:
                    raise _no_topic(one)
            if topic != into:
                connection.execute(update(unanswered).where(unanswered.c.topic == topic).values(topic=into))
                connection.execute(delete(topics).where(topics.c.id == topic))

    def change(self, topic: int, values: Mapping[str, str | int], *, by: str = "") -> None:
        """Set ``title``, ``state``, ``note``, ``assignee`` or ``entry`` of a topic.

        Raises:
            NotThere: there is no such topic.
            HomeUnusable: nothing can be written.
        """
        kept = {
            name: storable(value.strip()[:LONGEST_NOTE]) if isinstance(value, str) else value
            for name, value in values.items()
        }
        with self._ledger.write() as connection:
            statement = update(topics).where(topics.c.id == topic)
            if not connection.execute(statement.values(**kept, changed_at=now(), changed_by=storable(by))).rowcount:
                raise _no_topic(topic)

    def reopen_entry(self, entry: int) -> None:
        """Open the topics again that an entry answered, because it is no longer found."""
        with self._ledger.write() as connection:
            answered = (topics.c.entry == entry) & (topics.c.state == "answered")
            connection.execute(update(topics).where(answered).values(state="open", changed_at=now()))


def add_unanswered(
    connection: Connection,
    question: str,
    *,
    status: str,
    nearest: Sequence[Nearest] = (),
    conversation: str = "",
    person: str = "",
    turn: int = 0,
) -> None:
    """Put a question on the desk inside the caller's transaction."""
    row = {
        "question": storable(question),
        "status": status,
        "nearest": to_json([asdict(place) for place in nearest]),
        "conversation": storable(conversation),
        "asked_at": now(),
        "person": storable(person),
        "turn": turn,
    }
    connection.execute(insert(unanswered).values(row))


def _new_topic(connection: Connection, title: str) -> int:
    state: TopicState = "open"
    row = {
        "title": title,
        "state": state,
        "note": "",
        "assignee": "",
        "entry": 0,
        "changed_at": now(),
        "changed_by": "",
    }
    result = connection.execute(insert(topics).values(row))
    return int(result.inserted_primary_key[0]) if result.inserted_primary_key else 0


def _questions(connection: Connection) -> tuple[UnansweredQuestion, ...]:
    rows = connection.execute(select(unanswered).order_by(unanswered.c.sequence.desc()))
    return tuple(
        UnansweredQuestion(
            id=row.sequence,
            question=row.question,
            status=row.status,
            nearest=tuple(Nearest(**place) for place in json.loads(row.nearest)),
            conversation=row.conversation,
            asked_at=row.asked_at,
            person=row.person,
            comment=row.comment,
            turn=row.turn,
            topic=row.topic,
        )
        for row in rows
    )


def _topic(row: Row[Any], questions: Sequence[UnansweredQuestion]) -> Topic:
    return Topic(
        id=row.id,
        title=row.title,
        state=row.state,
        note=row.note,
        assignee=row.assignee,
        entry=row.entry,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        questions=tuple(questions),
    )


def _no_topic(topic: int) -> NotThere:
    return NotThere(f"没有编号为 {topic} 的待解问题")
