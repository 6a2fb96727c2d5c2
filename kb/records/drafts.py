"""Rows of drafts: checklists, plans and figures as they were made, so that an export is what somebody has read.

Knows rows; what was made is JSON that others write and read. A draft never changes: its id is a digest of its content, so
that the same content made again by the same person is one row. What was edited is a draft of its own that knows its
``root``, the one that was first made. Drafts are made often and kept seldom, so the oldest beyond ``MOST`` go.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Column, Integer, String, Table, delete, func, insert, select, update

from kb.catalogue import now
from kb.errors import NotThere
from kb.records.ledger import Ledger
from kb.rows import storable, to_json
from kb.tables import METADATA

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

Json = dict[str, Any]
Kind = Literal["checklist", "plan", "figures"]
MOST = 2000  # some 50 KB each at most
KEPT_DAYS = 30  # that a deleted draft can be brought back
_WORDS: dict[Kind, str] = {"checklist": "检查表草稿", "plan": "改进方案草稿", "figures": "上传数据的结果"}

drafts = Table(
    "drafts",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("title", String, nullable=False),
    Column("made", String, nullable=False),
    Column("asked", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("person", String, nullable=False),
    Column("root", String, nullable=False),
    Column("deleted_at", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a draft: the name they gave, and whose it is; nobody's where it was made by a program or a command."""

    name: str = ""
    person: str = ""


NOBODY = Author()


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as it was made, and what it was asked for with; ``root`` is the one it was edited from, or itself."""

    id: str
    kind: str
    title: str
    made: Json
    asked: Json
    made_by: str
    made_at: str
    root: str


@dataclass(frozen=True, slots=True)
class ListedDraft:
    """A draft without its content: of those that were edited from one, the latest.

    ``documents`` are those it was drafted from as ``{"document","title","version"}``; ``made_at`` is in ISO 8601.
    """

    id: str
    kind: str
    title: str
    documents: tuple[Json, ...]
    made_by: str
    made_at: str
    person: str


class Drafts:
    """The drafts of one catalogue; safe from several threads and processes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def put(
        self,
        kind: Kind,
        title: str,
        made: Mapping[str, Any],
        *,
        asked: Mapping[str, Any] | None = None,
        by: Author = NOBODY,
        of: str = "",
    ) -> str:
        """Keep a draft and return its id; ``""`` where it cannot be written, which is told and costs nobody the draft.

        ``of`` is the draft it was edited from.
        """
        content, wish = to_json(made), to_json(asked or {})
        whose = f"\n{by.person}" if by.person else ""
        key = sha256(f"{kind}\n{content}\n{wish}{whose}".encode()).hexdigest()[:16]
        values = {
            "id": key,
            "kind": kind,
            "title": storable(title),
            "made": content,
            "asked": wish,
            "made_by": storable(by.name),
            "made_at": now(),
            "person": by.person,
            "deleted_at": "",
        }
        written = False
        with self._ledger.told("草稿没有存下"), self._ledger.write() as connection:
            root = connection.execute(select(drafts.c.root).where(drafts.c.id == of)).scalar() if of else None
            connection.execute(delete(drafts).where(drafts.c.id == key))
            connection.execute(insert(drafts).values({**values, "root": root or key}))
            last = int(connection.execute(select(func.max(drafts.c.sequence))).scalar() or 0)
            connection.execute(delete(drafts).where(drafts.c.sequence <= last - MOST))
            written = True
        return key if written else ""

    def draft(self, key: str, kind: Kind) -> DraftRow:
        """Return a draft.

        Raises:
            NotThere: there is none of that id and kind, or no longer.
        """
        of = drafts.c
        with self._ledger.read() as connection:
            row = connection.execute(select(drafts).where(of.id == key, of.kind == kind, of.deleted_at == "")).first()
        if row is None:
            raise NotThere(f"没有编号为 {key[:40]} 的{_WORDS[kind]}，可能已经清掉，请重做一次")
        made, asked = json.loads(row.made), json.loads(row.asked)
        return DraftRow(row.id, row.kind, row.title, made, asked, row.made_by, row.made_at, row.root)

    def list(self, kind: Kind, *, person: str | None = None, limit: int = 60) -> tuple[ListedDraft, ...]:
        """Return drafts, latest first; ``person`` None: whosever they are.

        Of what was edited only the latest edit is listed, and its root where that was made anew since.
        """
        of = drafts.c
        latest = select(func.max(of.sequence)).where(of.kind == kind, of.deleted_at == "")
        latest = latest.group_by(of.root, of.person, of.id == of.root)
        if person is not None:
            latest = latest.where(of.person == person)
        documents = func.json_extract(of.made, "$.documents").label("documents")
        shown = select(of.id, of.kind, of.title, documents, of.made_by, of.made_at, of.person, of.root)
        statement = shown.where(of.sequence.in_(latest)).order_by(of.sequence.desc()).limit(2 * limit)
        with self._ledger.read() as connection:
            rows = connection.execute(statement).all()
        found: list[ListedDraft] = []
        edited: set[tuple[str, str]] = set()
        for row in rows:
            if row.id == row.root and (row.root, row.person) in edited:
                continue
            edited.add((row.root, row.person))
            sources = tuple(json.loads(row.documents or "[]"))
            found.append(ListedDraft(row.id, row.kind, row.title, sources, row.made_by, row.made_at, row.person))
        return tuple(found[:limit])

    def delete(self, key: str, *, person: str | None = None) -> None:
        """Delete a draft, an edited one with all that it was edited from; ``undelete`` brings it back for ``KEPT_DAYS`` days.

        Args:
            key: its id.
            person: whose it has to be; None: whosever it is.

        Raises:
            NotThere: there is no such draft, or it is somebody else's.
            HomeUnusable: nothing can be written.
        """
        of = drafts.c
        before = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat(timespec="seconds")
        with self._ledger.write() as connection:
            row = _owned(connection, key, person)
            gone = of.sequence == row.sequence
            if row.id != row.root:
                gone = (of.root == row.root) & (of.person == row.person) & (of.sequence <= row.sequence)
            connection.execute(update(drafts).where(gone, of.deleted_at == "").values(deleted_at=now()))
            connection.execute(delete(drafts).where(of.deleted_at != "", of.deleted_at < before))

    def undelete(self, key: str, *, person: str | None = None) -> None:
        """Bring a deleted draft back, with all that went with it.

        Raises:
            NotThere: it is gone for good, or somebody else's.
            HomeUnusable: nothing can be written.
        """
        of = drafts.c
        with self._ledger.write() as connection:
            row = _owned(connection, key, person)
            gone = (of.root == row.root) & (of.person == row.person) & (of.deleted_at == row.deleted_at)
            connection.execute(update(drafts).where(gone).values(deleted_at=""))


def _owned(connection: Connection, key: str, person: str | None) -> Row[Any]:
    row = connection.execute(select(drafts).where(drafts.c.id == key)).first()
    if row is None or person not in (None, row.person):
        raise NotThere(f"没有编号为 {key[:40]} 的草稿")
    return row
