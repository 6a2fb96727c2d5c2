"""What the owner wrote: answers to questions and clauses the manual lacks, as drafts, approved, or removed again.

Knows rows. That approved entries are found is the work of ``ingest/faq.py``, which makes a document of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from kb.catalogue import now
from kb.errors import NotThere
from kb.records.shapes import Entry, EntryKind, EntryState, Place
from kb.rows import storable, to_json
from kb.tables import faq

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from kb.records.ledger import Ledger


class Entries:
    """The entries of one catalogue. Numbers are given once and never again."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def all(self, *states: EntryState) -> tuple[Entry, ...]:
        """Return the entries in these states (none given: all that are not removed), in order of their numbers."""
        statement = select(faq).where(faq.c.state.in_(states or ("draft", "approved"))).order_by(faq.c.number)
        with self._ledger.read() as connection:
            return tuple(_entry(row) for row in connection.execute(statement))

    def get(self, number: int) -> Entry:
        """Return one entry, also a removed one.

        Raises:
            NotThere: there is none of that number.
        """
        with self._ledger.read() as connection:
            return _get(connection, number)

    def add(
        self,
        question: str,
        answer: str,
        *,
        author: str,
        kind: EntryKind = "answer",
        wordings: Sequence[str] = (),
        place: Place | None = None,
    ) -> Entry:
        """Add a draft and return it.

        Raises:
            HomeUnusable: nothing can be written.
        """
        at, state = now(), "draft"
        row = {
            "kind": kind,
            "question": storable(question),
            "answer": storable(answer),
            "wordings": to_json(list(wordings)),
            "place": to_json(asdict(place or Place())),
            "state": state,
            "author": storable(author),
            "written_at": at,
            "approved_by": "",
            "changed_at": at,
        }
        with self._ledger.write() as connection:
            result = connection.execute(insert(faq).values(row))
            number = int(result.inserted_primary_key[0]) if result.inserted_primary_key else 0
            return _get(connection, number)

    def edit(
        self,
        number: int,
        *,
        question: str,
        answer: str,
        author: str,
        wordings: Sequence[str] | None = None,
    ) -> Entry:
        """Change what an entry says; it keeps its state.

        Raises:
            NotThere: there is none of that number.
            HomeUnusable: nothing can be written.
        """
        at = now()
        values = {"question": storable(question), "answer": storable(answer), "author": storable(author)}
        if wordings is not None:
            values["wordings"] = to_json(list(wordings))
        return self._update(number, {**values, "written_at": at, "changed_at": at})

    def set_state(self, number: int, state: EntryState, *, by: str = "") -> Entry:
        """Approve an entry, make it a draft again, or remove it.

        Raises:
            NotThere: there is none of that number.
            HomeUnusable: nothing can be written.
        """
        values = {"state": state, "changed_at": now()}
        if state == "approved":
            values["approved_by"] = storable(by)
        return self._update(number, values)

    def _update(self, number: int, values: dict[str, str]) -> Entry:
        with self._ledger.write() as connection:
            connection.execute(update(faq).where(faq.c.number == number).values(values))
            return _get(connection, number)


def _get(connection: Connection, number: int) -> Entry:
    row = connection.execute(select(faq).where(faq.c.number == number)).first()
    if row is None:
        raise NotThere(f"没有编号为 {number} 的常见问答")
    return _entry(row)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        number=row.number,
        kind=row.kind,
        question=row.question,
        answer=row.answer,
        wordings=tuple(json.loads(row.wordings)),
        place=Place(**json.loads(row.place)),
        state=row.state,
        author=row.author,
        written_at=row.written_at,
        approved_by=row.approved_by,
        changed_at=row.changed_at,
    )
