"""Removed documents, kept whole for some time, so that a removal can be taken back.

Knows the rows of one document: every version with its sections, and the chunks of the current one. Knows nothing of
vectors, which are computed again when a document comes back.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from kb.errors import NotThere
from kb.rows import batched, storable
from kb.tables import chunks, documents, removed, sections, versions

if TYPE_CHECKING:
    from sqlalchemy import Connection

KEPT_DAYS = 30
_TABLES = (documents, versions, sections, chunks)  # in the order in which they refer to one another
_COLUMN = {"documents": "id", "versions": "document", "sections": "document", "chunks": "document"}


@dataclass(frozen=True, slots=True)
class Removed:
    """A document that can be brought back. ``versions`` counts those that come back with it; the time is UTC."""

    id: int
    document: str
    title: str
    source: str
    versions: int
    removed_at: str
    removed_by: str


def keep(connection: Connection, document: str, *, by: str = "") -> None:
    """Keep a document that is about to be removed, inside the caller's transaction; what is too old is forgotten."""
    at = datetime.now(UTC)
    connection.execute(delete(removed).where(removed.c.removed_at < _text(at - timedelta(days=KEPT_DAYS))))
    rows = {
        table.name: [
            {name: _plain(value) for name, value in row.items()}
            for row in connection.execute(select(table).where(table.c[_COLUMN[table.name]] == document)).mappings()
        ]
        for table in _TABLES
    }
    if not rows["documents"]:
        return
    current = next(one for one in rows["versions"] if one["version"] == rows["documents"][0]["version"])
    row = {
        "document": document,
        "title": current["title"],
        "source": rows["documents"][0]["source"],
        "versions": len(rows["versions"]),
        "removed_at": _text(at),
        "removed_by": storable(by),
        "payload": zlib.compress(json.dumps(rows, ensure_ascii=False).encode()),
    }
    connection.execute(insert(removed).values(row))


def kept(connection: Connection) -> tuple[Removed, ...]:
    """Return what can be brought back, latest removed first."""
    columns = [column for column in removed.c if column.name != "payload"]
    rows = connection.execute(select(*columns).order_by(removed.c.sequence.desc()))
    return tuple(Removed(*row) for row in rows)


def rows_of(connection: Connection, key: int) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a removed document by table.

    Raises:
        NotThere: it cannot be brought back any more.
    """
    payload = connection.execute(select(removed.c.payload).where(removed.c.sequence == key)).scalar()
    if payload is None:
        raise NotThere(f"这份文档删除已超过 {KEPT_DAYS} 天，或已经恢复过，请重新导入文件")
    rows = json.loads(zlib.decompress(payload))
    for row in rows["chunks"]:
        row["key"] = b64decode(row["key"])
    return dict(rows)


def put_back(connection: Connection, key: int, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Write the rows of a removed document again, inside the caller's transaction."""
    for table in _TABLES:
        dropped = "sequence" if table in (documents, chunks) else ""
        for some in batched(rows[table.name], 1000):
            connection.execute(insert(table), [{n: v for n, v in row.items() if n != dropped} for row in some])
    connection.execute(delete(removed).where(removed.c.sequence == key))


def _plain(value: Any) -> Any:  # noqa: ANN401
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
