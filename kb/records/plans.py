"""Rows of improvement plans, version by version, and of what became of their actions. A plan is JSON that others write.

Knows rows. Knows nothing of what an action is; it is known by a key that stays the same from version to version. Progress
is only ever added: the latest entry of an action counts.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Column, Integer, String, Table, insert, select, update

from kb.catalogue import now
from kb.errors import NotThere
from kb.records.ledger import Ledger
from kb.rows import storable, to_json
from kb.tables import METADATA

Json = dict[str, Any]

plans = Table(
    "plans",
    METADATA,
    Column("id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("title", String, nullable=False),
    Column("plan", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", String, nullable=False),
)
plan_progress = Table(
    "plan_progress",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("plan", String, nullable=False),
    Column("action", String, nullable=False),
    Column("state", String, nullable=False),
    Column("note", String, nullable=False),
    Column("person", String, nullable=False),
    Column("entered_at", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One version of a plan."""

    id: str
    version: int
    title: str
    plan: Json
    made_by: str
    made_at: str


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """What was entered of an action: its state, a note, by whom and when."""

    action: str
    state: str
    note: str
    person: str
    entered_at: str


class Plans:
    """The plan tables of one catalogue; safe from several threads and processes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def put(self, title: str, plan: Mapping[str, Any], *, by: str = "", key: str = "") -> PlanRow:
        """Keep a plan; with the ``key`` of a known one, as its next version."""
        with self._ledger.write() as connection:
            of = plans.c
            last = connection.execute(select(of.version).where(of.id == key).order_by(of.version.desc())).scalar()
            row = PlanRow(
                key or secrets.token_hex(4), int(last or 0) + 1, storable(title), dict(plan), storable(by), now()
            )
            values = {name: getattr(row, name) for name in PlanRow.__dataclass_fields__}
            connection.execute(insert(plans).values({**values, "plan": to_json(row.plan)}))
        return row

    def change(self, key: str, change: Callable[[Json], Json]) -> PlanRow:
        """Replace the latest version of a plan by what ``change`` makes of it, in one transaction.

        Raises:
            NotThere: there is none of that id.
        """
        of = plans.c
        with self._ledger.write() as connection:
            row = connection.execute(select(plans).where(of.id == key).order_by(of.version.desc())).first()
            if row is None:
                raise _not_there(key)
            known = _plan(row)
            after = replace(known, plan=change(known.plan))
            latest = (of.id == key) & (of.version == known.version)
            connection.execute(update(plans).where(latest).values(plan=to_json(after.plan)))
        return after

    def plan(self, key: str, *, version: int | None = None) -> PlanRow:
        """Return a plan, its latest version where none is named.

        Raises:
            NotThere: there is none of that id (and version).
        """
        statement = select(plans).where(plans.c.id == key).order_by(plans.c.version.desc())
        if version is not None:
            statement = statement.where(plans.c.version == version)
        with self._ledger.read() as connection:
            row = connection.execute(statement).first()
        if row is None:
            raise _not_there(key)
        return _plan(row)

    def latest(self) -> tuple[PlanRow, ...]:
        """Return the latest version of every plan, latest first."""
        with self._ledger.read() as connection:
            rows = connection.execute(select(plans).order_by(plans.c.made_at.desc(), plans.c.version.desc())).all()
        found: dict[str, PlanRow] = {}
        for row in rows:
            if row.id not in found or found[row.id].version < row.version:
                found[row.id] = _plan(row)
        return tuple(found.values())

    def enter(self, plan: str, action: str, state: str, *, note: str = "", by: str = "") -> None:
        """Enter what became of an action."""
        values = {
            "plan": plan,
            "action": action,
            "state": state,
            "note": storable(note),
            "person": storable(by),
            "entered_at": now(),
        }
        with self._ledger.write() as connection:
            connection.execute(insert(plan_progress).values(values))

    def progress(self, plan: str) -> tuple[ProgressRow, ...]:
        """Return every entry of a plan, oldest first."""
        of = plan_progress.c
        with self._ledger.read() as connection:
            rows = connection.execute(select(plan_progress).where(of.plan == plan).order_by(of.sequence)).all()
        return tuple(ProgressRow(row.action, row.state, row.note, row.person, row.entered_at) for row in rows)


def _not_there(key: str) -> NotThere:
    return NotThere(f"没有编号为 {key} 的改进方案，可用 shouce plans list 查看")


def _plan(row: Any) -> PlanRow:  # noqa: ANN401 (a row)
    return PlanRow(row.id, row.version, row.title, json.loads(row.plan), row.made_by, row.made_at)
