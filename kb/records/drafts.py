"""Rows of drafts: checklists, plans and figures as they were made, so that an export is what somebody has read.

Knows rows; what was made is JSON that others write and read. A draft never changes: its id is a digest of its content, so
that the same content made again is one row. Drafts are made often and kept seldom, so the oldest beyond ``MOST`` go.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Column, Integer, String, Table, delete, func, insert, select

from kb.catalogue import now
from kb.errors import NotThere
from kb.records.ledger import Ledger
from kb.rows import storable, to_json
from kb.tables import METADATA

Json = dict[str, Any]
Kind = Literal["checklist", "plan", "figures"]
MOST = 2000  # some 50 KB each at most
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
)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as it was made, and what it was asked for with."""

    id: str
    kind: str
    title: str
    made: Json
    asked: Json
    made_by: str
    made_at: str


class Drafts:
    """The drafts of one catalogue; safe from several threads and processes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def put(
        self, kind: Kind, title: str, made: Mapping[str, Any], *, asked: Mapping[str, Any] | None = None, by: str = ""
    ) -> str:
        """Keep a draft and return its id; ``""`` where it cannot be written, which is told and costs nobody the draft."""
        content, wish = to_json(made), to_json(asked or {})
        key = sha256(f"{kind}\n{content}\n{wish}".encode()).hexdigest()[:16]
        values = {
            "id": key,
            "kind": kind,
            "title": storable(title),
            "made": content,
            "asked": wish,
            "made_by": storable(by),
            "made_at": now(),
        }
        written = False
        with self._ledger.told("草稿没有存下"), self._ledger.write() as connection:
            connection.execute(delete(drafts).where(drafts.c.id == key))
            connection.execute(insert(drafts).values(values))
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
            row = connection.execute(select(drafts).where(of.id == key, of.kind == kind)).first()
        if row is None:
            raise NotThere(f"没有编号为 {key[:40]} 的{_WORDS[kind]}，可能已经清掉，请重做一次")
        return DraftRow(
            row.id, row.kind, row.title, json.loads(row.made), json.loads(row.asked), row.made_by, row.made_at
        )
