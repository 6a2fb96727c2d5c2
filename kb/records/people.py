"""Who is behind a person's id: the name they gave. Knows rows; who somebody is is decided in ``ui/identity.py``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from kb.catalogue import now
from kb.rows import storable
from kb.tables import people

if TYPE_CHECKING:
    from kb.records.ledger import Ledger


class People:
    """The people of one catalogue."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def remember(self, person: str, name: str) -> None:
        """Keep the name that ``person`` gave, in place of an earlier one; told where nothing can be written."""
        row = {"id": storable(person), "name": storable(name)}
        with self._ledger.told("名字没有记下"), self._ledger.write() as connection:
            start = insert(people).prefix_with("OR IGNORE")
            connection.execute(start.values(**row, first_seen=now()))
            connection.execute(update(people).where(people.c.id == row["id"]).values(name=row["name"]))

    def names(self, persons: Iterable[str]) -> dict[str, str]:
        """Return the names of those of ``persons`` that gave one, by id."""
        with self._ledger.read() as connection:
            rows = connection.execute(select(people).where(people.c.id.in_(list(persons))))
            return {row.id: row.name for row in rows}
