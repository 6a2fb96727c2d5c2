"""Conversations: whose they are, what they are called, their turns; deleted ones can be brought back for a while.

Knows rows. A person sees their own conversations only: every call names the person, and what is not theirs is not
there. ``""`` is nobody in particular: the command line, whose conversations anybody may go on with who knows the id.
"""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from kb.catalogue import now
from kb.errors import NotThere
from kb.records.answers import from_stored
from kb.records.shapes import Conversation, Turn
from kb.rows import storable
from kb.tables import conversations, turns

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from kb.records.ledger import Ledger

KEPT_DAYS = 30  # a deleted conversation can be brought back
LONGEST_TITLE = 60
_FIRST = (
    select(turns.c.question)
    .where(turns.c.conversation == conversations.c.id)
    .order_by(turns.c.sequence)
    .limit(1)
    .scalar_subquery()
)
_COUNT = select(func.count()).where(turns.c.conversation == conversations.c.id).scalar_subquery()
# Made once, because building a statement costs more than running it.
_START = sqlite_insert(conversations)
_BEGIN = _START.on_conflict_do_update(
    index_elements=[conversations.c.id], set_={"changed_at": _START.excluded.changed_at}
).returning(conversations.c.person)
_TURN = insert(turns).returning(turns.c.sequence)
_QUESTIONS = (
    select(turns.c.question, func.json_extract(turns.c.answer, "$.standalone").label("standalone"))
    .join_from(turns, conversations, turns.c.conversation == conversations.c.id)
    .where(conversations.c.id == bindparam("conversation"), conversations.c.deleted_at == "")
    .order_by(turns.c.sequence.desc())
    .limit(bindparam("last"))
)
_SHOWN = select(conversations, _FIRST.label("first"), _COUNT.label("counted")).where(conversations.c.deleted_at == "")


class Conversations:
    """The conversations of one catalogue."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def new(self, person: str = "", *, title: str = "") -> str:
        """Start a conversation and return its id; where nothing can be written the id stands for nothing stored."""
        key, at = secrets.token_hex(8), now()
        row = {"id": key, "created_at": at, "changed_at": at, "person": storable(person), "title": _title(title)}
        with self._ledger.told("这个对话不会保存"), self._ledger.write() as connection:
            connection.execute(insert(conversations).values(row))
        return key

    def list(self, person: str, *, search: str = "", limit: int = 100) -> tuple[Conversation, ...]:
        """Return the person's conversations that have a turn, latest first; only those with ``search`` in title or text."""
        statement = _SHOWN.where(conversations.c.person == person, _COUNT > 0)
        for word in search.split():
            inside = select(turns.c.sequence).where(
                turns.c.conversation == conversations.c.id,
                or_(_contains(turns.c.question, word), _contains(func.json_extract(turns.c.answer, "$.text"), word)),
            )
            statement = statement.where(or_(_contains(conversations.c.title, word), inside.exists()))
        statement = statement.order_by(conversations.c.changed_at.desc(), _LATEST.desc()).limit(limit)
        with self._ledger.read() as connection:
            return tuple(_conversation(row) for row in connection.execute(statement))

    def get(self, conversation: str, *, person: str) -> Conversation:
        """Return one conversation.

        Raises:
            NotThere: there is no such conversation, or it is somebody else's.
        """
        with self._ledger.read() as connection:
            row = connection.execute(_SHOWN.where(conversations.c.id == conversation)).first()
        if row is None or row.person != person:
            raise _not_there(conversation)
        return _conversation(row)

    def turns(self, conversation: str, *, person: str | None = None, last: int | None = None) -> tuple[Turn, ...]:
        """Return the turns of a conversation (only the ``last`` ones), oldest first; ``person`` None: whosever it is.

        Raises:
            NotThere: there is no such conversation, or it is not that person's.
        """
        known = select(conversations.c.person).where(
            conversations.c.id == conversation, conversations.c.deleted_at == ""
        )
        statement = select(turns).where(turns.c.conversation == conversation).order_by(turns.c.sequence.desc())
        with self._ledger.read() as connection:
            owner = connection.execute(known).scalar()
            if owner is None or person not in (None, owner):
                raise _not_there(conversation)
            rows = connection.execute(statement.limit(last)).all()
        return tuple(_turn(row) for row in reversed(rows))

    def questions(self, conversation: str, *, last: int) -> tuple[str, ...]:
        """Return the ``last`` questions of a conversation, standing alone, latest first; none where there is no such one."""
        with self._ledger.read() as connection:
            rows = connection.execute(_QUESTIONS, {"conversation": conversation, "last": last}).all()
        return tuple(row.standalone or row.question for row in rows)

    def turn(self, turn: int) -> tuple[str, Turn]:
        """Return (conversation id, turn).

        Raises:
            NotThere: there is no such turn.
        """
        with self._ledger.read() as connection:
            row = connection.execute(select(turns).where(turns.c.sequence == turn)).first()
        if row is None:
            raise NotThere(f"没有编号为 {turn} 的问答")
        return row.conversation, _turn(row)

    def rename(self, conversation: str, title: str, *, person: str) -> None:
        """Give a conversation a title; an empty one brings back the first question.

        Raises:
            NotThere: there is no such conversation, or it is somebody else's.
            HomeUnusable: nothing can be written.
        """
        self._set(conversation, person, {"title": _title(title)})

    def delete(self, conversation: str, *, person: str) -> None:
        """Delete a conversation; ``undelete`` brings it back for ``KEPT_DAYS`` days, then its turns are gone.

        Raises:
            NotThere: there is no such conversation, or it is somebody else's.
            HomeUnusable: nothing can be written.
        """
        self._set(conversation, person, {"deleted_at": now()})
        self._forget_deleted()

    def undelete(self, conversation: str, *, person: str) -> None:
        """Bring a deleted conversation back.

        Raises:
            NotThere: it is gone for good, or somebody else's.
            HomeUnusable: nothing can be written.
        """
        self._set(conversation, person, {"deleted_at": ""}, deleted=True)

    def _set(self, conversation: str, person: str, values: dict[str, str], *, deleted: bool = False) -> None:
        statement = update(conversations).where(
            conversations.c.id == conversation,
            conversations.c.person == person,
            conversations.c.deleted_at != "" if deleted else conversations.c.deleted_at == "",
        )
        with self._ledger.write() as connection:
            changed = connection.execute(statement.values(values)).rowcount
        if not changed:
            raise _not_there(conversation)

    def _forget_deleted(self) -> None:
        before = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat(timespec="seconds")
        old = (conversations.c.deleted_at != "") & (conversations.c.deleted_at < before)
        with self._ledger.write() as connection:
            connection.execute(delete(conversations).where(old))


def begin_turn(connection: Connection, conversation: str) -> str:
    """Start a conversation where there is none, inside the caller's transaction; return whose it is."""
    key, at = storable(conversation), now()
    return str(connection.execute(_BEGIN, {"id": key, "created_at": at, "changed_at": at, "person": ""}).scalar_one())


def add_turn(connection: Connection, conversation: str, question: str, answer: str) -> int:
    """Add a turn inside the caller's transaction and return its number; ``answer`` as JSON."""
    row = {"conversation": storable(conversation), "question": storable(question), "answer": answer, "asked_at": now()}
    return int(connection.execute(_TURN, row).scalar_one())


_LATEST = select(func.max(turns.c.sequence)).where(turns.c.conversation == conversations.c.id).scalar_subquery()


def _contains(column: Any, word: str) -> Any:  # noqa: ANN401
    return column.icontains(word, autoescape=True)


def _title(text: str) -> str:
    return storable(" ".join(text.split())[:LONGEST_TITLE])


def _conversation(row: Row[Any]) -> Conversation:
    title = row.title or _title(row.first or "") or "新对话"
    return Conversation(row.id, row.person, title, row.created_at, row.changed_at, row.counted)


def _turn(row: Row[Any]) -> Turn:
    values = json.loads(row.answer)
    standalone = str(values.get("standalone") or row.question)
    return Turn(row.sequence, row.question, standalone, from_stored(row.question, values), row.asked_at)


def _not_there(conversation: str) -> NotThere:
    return NotThere(f"没有编号为 {conversation} 的对话")
