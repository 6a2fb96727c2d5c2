"""Rows of checklist templates, of runs of them and of ticks. The checklists themselves are JSON that others write and read.

Knows rows. Knows nothing of what a check is or when a run is complete. Ticks are only ever added: the latest of a line
counts, so that two people on one run never overwrite each other, and its history stays.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Integer, String, Table, insert, select, update

from kb.catalogue import now
from kb.errors import NotThere
from kb.records.ledger import Ledger
from kb.rows import storable, to_json
from kb.tables import METADATA

Json = dict[str, Any]

checklist_templates = Table(
    "checklist_templates",
    METADATA,
    Column("id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("title", String, nullable=False),
    Column("checklist", String, nullable=False),
    Column("wanted", String, nullable=False),
    Column("document", String, nullable=False),
    Column("repeat", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", String, nullable=False),
)
checklist_runs = Table(
    "checklist_runs",
    METADATA,
    Column("id", String, primary_key=True),
    Column("template", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("place", String, nullable=False),
    Column("shift", String, nullable=False),
    Column("day", String, nullable=False),
    Column("assigned", String, nullable=False),
    Column("started_by", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("finished_at", String, nullable=False),
)
checklist_ticks = Table(
    "checklist_ticks",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("run", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("result", String, nullable=False),
    Column("value", String, nullable=False),
    Column("note", String, nullable=False),
    Column("photo", String, nullable=False),
    Column("signed", String, nullable=False),
    Column("assigned", String, nullable=False),
    Column("person", String, nullable=False),
    Column("ticked_at", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One version of a template: its checklist as JSON, what it was asked for with, and how often it is due."""

    id: str
    version: int
    title: str
    checklist: Json
    wanted: str
    document: str
    repeat: str
    made_by: str
    made_at: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run: where, which shift, which day (ISO 8601), for whom; ``finished_at`` is empty while it is open."""

    id: str
    template: str
    version: int
    name: str
    place: str
    shift: str
    day: str
    assigned: str
    started_by: str
    started_at: str
    finished_at: str


@dataclass(frozen=True, slots=True)
class TickRow:
    """One entry on a line of a run. ``result`` is ``pass``, ``fail``, ``na`` or ``""`` (only a note or a name)."""

    number: int
    result: str
    value: str = ""
    note: str = ""
    photo: str = ""
    signed: str = ""
    assigned: str = ""
    person: str = ""
    ticked_at: str = ""
    sequence: int = 0


class Checklists:
    """The checklist tables of one catalogue; safe from several threads and processes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    # templates

    def put_template(
        self,
        title: str,
        checklist: Mapping[str, Any],
        *,
        wanted: str,
        document: str = "",
        repeat: str = "",
        by: str = "",
        key: str = "",
    ) -> TemplateRow:
        """Keep a checklist as a template; with the ``key`` of a known one, as its next version."""
        with self._ledger.write() as connection:
            of = checklist_templates.c
            last = connection.execute(select(of.version).where(of.id == key).order_by(of.version.desc())).scalar()
            row = TemplateRow(
                id=key or secrets.token_hex(4),
                version=int(last or 0) + 1,
                title=storable(title),
                checklist=dict(checklist),
                wanted=storable(wanted),
                document=storable(document),
                repeat=repeat,
                made_by=storable(by),
                made_at=now(),
            )
            values = {name: getattr(row, name) for name in TemplateRow.__dataclass_fields__}
            connection.execute(insert(checklist_templates).values({**values, "checklist": to_json(row.checklist)}))
        return row

    def template(self, key: str, *, version: int | None = None) -> TemplateRow:
        """Return a template, its latest version where none is named.

        Raises:
            NotThere: there is none of that id (and version).
        """
        of = checklist_templates.c
        statement = select(checklist_templates).where(of.id == key).order_by(of.version.desc())
        if version is not None:
            statement = statement.where(of.version == version)
        with self._ledger.read() as connection:
            row = connection.execute(statement).first()
        if row is None:
            raise NotThere(f"没有编号为 {key} 的检查表模板")
        return _template(row)

    def templates(self) -> tuple[TemplateRow, ...]:
        """Return the latest version of every template, latest first."""
        of = checklist_templates.c
        with self._ledger.read() as connection:
            rows = connection.execute(select(checklist_templates).order_by(of.made_at.desc(), of.version.desc())).all()
        latest: dict[str, TemplateRow] = {}
        for row in rows:
            kept = latest.get(row.id)
            if kept is None or kept.version < row.version:
                latest[row.id] = _template(row)
        return tuple(latest.values())

    # runs

    def start(  # noqa: PLR0913 (one argument a column)
        self,
        template: str,
        version: int,
        *,
        name: str,
        day: str,
        place: str = "",
        shift: str = "",
        assigned: str = "",
        by: str = "",
    ) -> RunRow:
        """Begin a run of a template's version."""
        row = RunRow(
            id=secrets.token_hex(4),
            template=template,
            version=version,
            name=storable(name),
            place=storable(place),
            shift=storable(shift),
            day=day,
            assigned=storable(assigned),
            started_by=storable(by),
            started_at=now(),
            finished_at="",
        )
        with self._ledger.write() as connection:
            values = {field: getattr(row, field) for field in RunRow.__dataclass_fields__}
            connection.execute(insert(checklist_runs).values(values))
        return row

    def run(self, key: str) -> RunRow:
        """Return one run.

        Raises:
            NotThere: there is none of that id.
        """
        with self._ledger.read() as connection:
            row = connection.execute(select(checklist_runs).where(checklist_runs.c.id == key)).first()
        if row is None:
            raise NotThere(f"没有编号为 {key} 的检查")
        return _run(row)

    def runs(self, *, template: str = "", day: str = "") -> tuple[RunRow, ...]:
        """Return runs, latest first; only those of a template or of a day where one is named."""
        of = checklist_runs.c
        statement = select(checklist_runs).order_by(of.day.desc(), of.started_at.desc())
        if template:
            statement = statement.where(of.template == template)
        if day:
            statement = statement.where(of.day == day)
        with self._ledger.read() as connection:
            return tuple(_run(row) for row in connection.execute(statement).all())

    def finish(self, key: str) -> None:
        """Close a run."""
        with self._ledger.write() as connection:
            connection.execute(update(checklist_runs).where(checklist_runs.c.id == key).values(finished_at=now()))

    # ticks

    def tick(self, run: str, tick: TickRow) -> None:
        """Add an entry to a line of a run."""
        values = {name: getattr(tick, name) for name in TickRow.__dataclass_fields__ if name != "sequence"}
        cleaned = {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}
        with self._ledger.write() as connection:
            connection.execute(insert(checklist_ticks).values({**cleaned, "run": run, "ticked_at": now()}))

    def ticks(self, run: str) -> tuple[TickRow, ...]:
        """Return every entry of a run, oldest first."""
        of = checklist_ticks.c
        with self._ledger.read() as connection:
            rows = connection.execute(select(checklist_ticks).where(of.run == run).order_by(of.sequence)).all()
        return tuple(TickRow(**{name: getattr(row, name) for name in TickRow.__dataclass_fields__}) for row in rows)


def _template(row: Any) -> TemplateRow:  # noqa: ANN401 (a row)
    values = {name: getattr(row, name) for name in TemplateRow.__dataclass_fields__}
    return TemplateRow(**{**values, "checklist": json.loads(row.checklist)})


def _run(row: Any) -> RunRow:  # noqa: ANN401 (a row)
    return RunRow(**{name: getattr(row, name) for name in RunRow.__dataclass_fields__})
