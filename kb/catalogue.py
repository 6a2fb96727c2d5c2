"""The catalogue: the one truth about documents, their versions, sections, chunks and cached vectors, in SQLite.

Knows rows; transactions are those of ``kb.database``. Knows nothing of models, or of indexes beyond the generation that
they carry. Every change of a document raises the generation in its own transaction. Who may write is decided by
``kb.locking``, a transaction here only takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from kb import removed
from kb.database import Database
from kb.derived import Stamp
from kb.migrations import Migration, migrate, pending
from kb.model import Document, ParsedDocument, Section
from kb.rows import (
    StoredChunk,
    batched,
    chunk_row,
    document_id,
    fingerprint,
    health_json,
    section_row,
    storable,
    to_chunk,
    to_document,
    to_section,
)
from kb.tables import chunks, documents, embeddings, meta, sections, versions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

_VARIABLES = 500  # of one statement; SQLite's own limit was 999 for long
_DOCUMENT = select(
    documents.c.id,
    documents.c.source,
    versions.c.version,
    versions.c.title,
    versions.c.checksum,
    versions.c.health,
).join_from(documents, versions, versions.c.document == documents.c.id)
_CURRENT = _DOCUMENT.where(versions.c.version == documents.c.version)
# Made once: building a statement costs more than running it (0.24 against 0.1 ms for one chunk).
_CHUNKS_BY_ID = select(chunks).where(chunks.c.id.in_(bindparam("ids", expanding=True)))
_SECTION = select(sections).where(
    sections.c.number == bindparam("number"),
    sections.c.document == bindparam("document"),
    sections.c.version == bindparam("version"),
)
_META = select(meta)


def now() -> str:
    """Return the time in UTC, to the second, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Model:
    """The vector space of the chunks: the embedding model's name and the length of its vectors."""

    id: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Signature:
    """Of a document's current version: the file's checksum, the parser that read it, a digest of what it found."""

    checksum: str
    parser: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class State:
    """Which state a catalogue is in; ``model`` is None until something has been embedded."""

    stamp: Stamp
    model: Model | None


class Catalogue:
    """One open catalogue; usable from several threads."""

    def __init__(self, path: Path) -> None:
        """Open or create the database file ``path`` and bring it to today's form.

        Raises:
            HomeUnusable: the file cannot be created or read, is no catalogue, or comes from a later version.
        """
        self.path = path
        waiting: list[Migration] = []
        self._database = Database(path, lambda connection: waiting.extend(pending(connection)))
        self.read, self.write, self.close = self._database.read, self._database.write, self._database.close
        try:
            if waiting and self.read_only:
                self._database.change_copy(migrate)
            elif waiting:
                with self.write() as connection:
                    migrate(connection)
        except BaseException:
            self.close()
            raise

    @property
    def read_only(self) -> str:
        """Why nothing can be written, as a message; empty where something can."""
        return self._database.read_only

    # state

    def state(self) -> State:
        """Return which state this is, and of which model the vectors are."""
        with self.read() as connection:
            return read_state(connection)

    def adopt_model(self, model: Model) -> None:
        """Record ``model`` for all chunks; the cached vectors of any other one are forgotten."""
        with self.write() as connection:
            write_meta(connection, {"embedding_model": model.id, "embedding_dimension": str(model.dimension)})
            connection.execute(delete(embeddings).where(embeddings.c.model != model.id))
            raise_generation(connection)

    def forget_vectors_unlike(self, model: Model) -> None:
        """Drop what is cached under the model's name in another length (a server may change behind a name)."""
        unlike = (embeddings.c.model == model.id) & (func.length(embeddings.c.vector) != 4 * model.dimension)
        with self.write() as connection:
            connection.execute(delete(embeddings).where(unlike))

    # documents

    def documents(self) -> tuple[Document, ...]:
        """Return the current version of every document, in the order in which they first came."""
        return self._documents(_CURRENT.order_by(documents.c.sequence))

    def document(self, document: str, *, version: int | None = None) -> Document | None:
        """Return a document's current or given version."""
        statement = _CURRENT if version is None else _DOCUMENT.where(versions.c.version == version)
        found = self._documents(statement.where(documents.c.id == document))
        return found[0] if found else None

    def versions(self, document: str) -> tuple[Document, ...]:
        """Return every version of a document, oldest first."""
        return self._documents(_DOCUMENT.where(documents.c.id == document).order_by(versions.c.version))

    def _documents(self, statement: Select[Any]) -> tuple[Document, ...]:
        with self.read() as connection:
            return tuple(to_document(row) for row in connection.execute(statement).mappings())

    def signature(self, document: str) -> Signature | None:
        """Return what tells whether a document has to be read, or stored, again."""
        statement = select(versions.c.checksum, versions.c.parser, versions.c.fingerprint).join_from(
            documents, versions, (versions.c.document == documents.c.id) & (versions.c.version == documents.c.version)
        )
        with self.read() as connection:
            row = connection.execute(statement.where(documents.c.id == document)).first()
        return Signature(*row) if row else None

    def confirm(self, document: str, *, parser: str) -> None:
        """Record that ``parser`` finds the same as is there."""
        statement = update(versions).where(
            versions.c.document == document,
            versions.c.version == select(documents.c.version).where(documents.c.id == document).scalar_subquery(),
        )
        with self.write() as connection:
            connection.execute(statement.values(parser=parser))

    def places(self) -> dict[str, str]:
        """Return the digest of where each document's file was read from, by document id; unknown ones are left out."""
        statement = select(documents.c.id, documents.c.place).where(documents.c.place != "")
        with self.read() as connection:
            return {row.id: row.place for row in connection.execute(statement)}

    def put(
        self, parsed: ParsedDocument, stored: Sequence[StoredChunk], *, model: Model, parser: str, place: str = ""
    ) -> Document:
        """Add the next version of a document, its sections and its chunks in one transaction; return it.

        ``place`` is a digest of where the file was read from. Sections of older versions stay. Cached vectors that no
        chunk needs any more go.
        """
        key = document_id(parsed.source)
        with self.write() as connection:
            known = connection.execute(select(documents.c.version).where(documents.c.id == key)).scalar()
            version = (known or 0) + 1
            if known:
                connection.execute(update(documents).where(documents.c.id == key).values(version=version, place=place))
            else:
                row = {"id": key, "source": parsed.source, "version": version, "place": place}
                connection.execute(insert(documents).values(row))
            about = {
                "document": key,
                "version": version,
                "title": storable(parsed.title),
                "checksum": parsed.checksum,
                "fingerprint": fingerprint(parsed),
                "parser": parser,
                "health": health_json(parsed.health),
                "added_at": now(),
            }
            connection.execute(insert(versions).values(about))
            _insert(connection, sections, (section_row(key, version, *at) for at in enumerate(parsed.sections)))
            old_keys = _drop_chunks(connection, key)
            _insert(connection, chunks, map(chunk_row, stored))
            _forget_vectors(connection, old_keys)
            write_meta(connection, {"embedding_model": model.id, "embedding_dimension": str(model.dimension)})
            raise_generation(connection)
        return Document(key, parsed.title, parsed.source, version, parsed.checksum, parsed.health)

    def remove(self, document: str, *, keep: bool = False, by: str = "") -> None:
        """Remove a document with all its versions, chunks and vectors; ``keep`` it to bring it back, if wanted."""
        with self.write() as connection:
            if keep:
                removed.keep(connection, document, by=by)
            old_keys = _drop_chunks(connection, document)
            connection.execute(delete(documents).where(documents.c.id == document))
            _forget_vectors(connection, old_keys)
            raise_generation(connection)

    def removed(self) -> tuple[removed.Removed, ...]:
        """Return the documents that can be brought back, latest removed first."""
        with self.read() as connection:
            return removed.kept(connection)

    def put_back(self, key: int, rows: Mapping[str, list[dict[str, Any]]], *, model: Model) -> None:
        """Bring a removed document back, with the rows that ``kb.removed`` gave, in one transaction."""
        with self.write() as connection:
            removed.put_back(connection, key, rows)
            write_meta(connection, {"embedding_model": model.id, "embedding_dimension": str(model.dimension)})
            raise_generation(connection)

    # sections

    def outline(self, document: str, version: int) -> tuple[tuple[str, str], ...]:
        """Return (number, parent's number) of every section of a version, in reading order."""
        statement = (
            select(sections.c.number, sections.c.parent)
            .where(sections.c.document == document, sections.c.version == version)
            .order_by(sections.c.position)
        )
        with self.read() as connection:
            return tuple((row.number, row.parent) for row in connection.execute(statement))

    def sections(self, document: str, version: int, *, numbers: Sequence[str] = ()) -> tuple[Section, ...]:
        """Return the sections of a version (only the given ``numbers``), in reading order."""
        statement = (
            select(sections)
            .where(sections.c.document == document, sections.c.version == version)
            .order_by(sections.c.position)
        )
        if 0 < len(numbers) <= _VARIABLES:
            statement = statement.where(sections.c.number.in_(numbers))
        wanted = set(numbers)
        with self.read() as connection:
            rows = connection.execute(statement).mappings()
            return tuple(to_section(row) for row in rows if not wanted or row["number"] in wanted)

    def section(self, document: str, version: int, number: str) -> Section | None:
        """Return one section."""
        with self.read() as connection:
            values = {"document": document, "version": version, "number": number}
            row = connection.execute(_SECTION, values).mappings().first()
        return to_section(row) if row else None

    def section_numbers(self) -> tuple[tuple[str, str], ...]:
        """Return (document id, number) of every section of the current versions."""
        statement = select(sections.c.document, sections.c.number).join_from(
            documents, sections, (sections.c.document == documents.c.id) & (sections.c.version == documents.c.version)
        )
        with self.read() as connection:
            return tuple((row.document, row.number) for row in connection.execute(statement))

    def documents_with(self, number: str) -> tuple[str, ...]:
        """Return the ids of the documents whose current version has a section of that number."""
        statement = (
            select(documents.c.id)
            .join_from(
                sections,
                documents,
                (sections.c.document == documents.c.id) & (sections.c.version == documents.c.version),
            )
            .where(sections.c.number == number)
            .order_by(documents.c.sequence)
        )
        with self.read() as connection:
            return tuple(connection.execute(statement).scalars())

    # chunks

    def chunks(self, document: str | None = None) -> Iterator[StoredChunk]:
        """Yield the current chunks in order, from one snapshot, without holding them all."""
        statement = select(chunks).order_by(chunks.c.sequence)
        if document is not None:
            statement = statement.where(chunks.c.document == document)
        with self.read() as connection:
            for row in connection.execution_options(yield_per=1000).execute(statement).mappings():
                yield to_chunk(row)

    def chunks_by_id(self, ids: Iterable[str]) -> dict[str, StoredChunk]:
        """Return those of ``ids`` that are there."""
        found: dict[str, StoredChunk] = {}
        with self.read() as connection:
            for some in batched(ids, _VARIABLES):
                rows = connection.execute(_CHUNKS_BY_ID, {"ids": some}).mappings()
                found.update((row["id"], to_chunk(row)) for row in rows)
        return found

    def chunk_count(self, document: str | None = None) -> int:
        """Return how many chunks there are."""
        statement = select(func.count()).select_from(chunks)
        if document is not None:
            statement = statement.where(chunks.c.document == document)
        with self.read() as connection:
            return int(connection.execute(statement).scalar_one())


def read_state(connection: Connection) -> State:
    """Return which state the snapshot ``connection`` sees."""
    values = {row.key: row.value for row in connection.execute(_META)}
    known = values.get("embedding_model")
    return State(
        stamp=Stamp(values["identity"], int(values["generation"])),
        model=Model(known, int(values["embedding_dimension"])) if known else None,
    )


def write_meta(connection: Connection, values: Mapping[str, str]) -> None:
    """Set single values."""
    connection.execute(delete(meta).where(meta.c.key.in_(values)))
    connection.execute(insert(meta), [{"key": key, "value": value} for key, value in values.items()])


def raise_generation(connection: Connection) -> None:
    """Say that the documents have changed."""
    write_meta(connection, {"generation": str(read_state(connection).stamp.generation + 1)})


def _insert(connection: Connection, table: Any, rows: Iterable[Mapping[str, Any]]) -> None:  # noqa: ANN401
    for some in batched(rows, 1000):
        connection.execute(insert(table), list(some))


def _drop_chunks(connection: Connection, document_id: str) -> list[bytes]:
    keys = list(connection.execute(select(chunks.c.key).where(chunks.c.document == document_id)).scalars())
    connection.execute(delete(chunks).where(chunks.c.document == document_id))
    return keys


def _forget_vectors(connection: Connection, keys: Sequence[bytes]) -> None:
    needed = select(chunks.c.key).where(chunks.c.key == embeddings.c.key).exists()
    for some in batched(keys, _VARIABLES):
        connection.execute(delete(embeddings).where(embeddings.c.key.in_(some), ~needed))
