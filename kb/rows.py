"""How the shapes of ``kb.model`` become rows of the catalogue and come back unchanged.

Knows JSON and hashes, no database connection. Fields at their default are left out of the JSON, so that a field added
to a shape later reads as its default from older rows.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from dataclasses import MISSING, dataclass, fields
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from kb.model import Block, Chunk, Document, Health, ParsedDocument, Repair, Section, SourceWarning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import RowMapping

T = TypeVar("T")
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk as the catalogue knows it: ``id`` is ASCII and the same for the same words of the same document."""

    id: str
    document: str
    chunk: Chunk


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield ``items`` in lists of at most ``size`` (itertools.batched is of Python 3.12)."""
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some


def storable(text: str) -> str:
    """Return ``text`` with lone surrogates, which no database takes, as ``?`` (the length stays)."""
    return text.encode("utf-8", "replace").decode("utf-8")


def normal_source(source: str) -> str:
    """Return one spelling for one source: ``/`` between folders, composed characters (macOS decomposes them)."""
    return storable(unicodedata.normalize("NFC", source.replace("\\", "/")))


def document_id(source: str) -> str:
    """Return the stable ASCII id of the file ``source``: a readable slug where its name has one, and a hash."""
    source = normal_source(source)
    slug = _SLUG.sub("-", PurePosixPath(source).stem.lower()).strip("-")[:24].strip("-")
    return f"{slug or 'doc'}-{hashlib.sha256(source.encode()).hexdigest()[:8]}"


def text_key(text: str) -> bytes:
    """Return the key of ``text`` in the cache of embeddings: its raw SHA-256 digest (32 bytes)."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def stored_chunks(document: str, chunks: Sequence[Chunk]) -> list[StoredChunk]:
    """Give each chunk its id: document, hash of the indexed text, and a counter for repeated text."""
    seen: Counter[str] = Counter()
    stored: list[StoredChunk] = []
    for chunk in chunks:
        name = f"{document}.{text_key(chunk.indexed).hex()[:16]}"
        seen[name] += 1
        stored.append(StoredChunk(name if seen[name] == 1 else f"{name}.{seen[name]}", document, chunk))
    return stored


def to_json(value: object) -> str:
    """Return compact JSON, Chinese as it is."""
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _sparse(item: Block | Repair | SourceWarning) -> dict[str, Any]:
    values = ((field.name, getattr(item, field.name), field.default) for field in fields(item))
    return {name: value for name, value, default in values if default is MISSING or value != default}


def health_json(health: Health) -> str:
    """Return a document's health as JSON."""
    repairs, warnings = map(_sparse, health.repairs), map(_sparse, health.warnings)
    return to_json({"repairs": list(repairs), "warnings": list(warnings)})


def section_row(document: str, version: int, position: int, section: Section) -> dict[str, Any]:
    """Return the row of one section."""
    return {
        "document": document,
        "version": version,
        "position": position,
        "number": storable(section.number),
        "title": storable(section.title),
        "level": section.level,
        "parent": storable(section.parent),
        "path": to_json(section.path),
        "body": storable(section.body),
        "blocks": to_json([_sparse(block) for block in section.blocks]),
        "status": section.status,
    }


def chunk_row(stored: StoredChunk) -> dict[str, Any]:
    """Return the row of one chunk."""
    chunk = stored.chunk
    return {
        "id": stored.id,
        "document": stored.document,
        "section": storable(chunk.section),
        "clauses": to_json(chunk.clauses),
        "heading": storable(chunk.heading),
        "text": storable(chunk.text),
        "tokens": chunk.tokens,
        "key": text_key(chunk.indexed),
    }


def to_document(row: RowMapping) -> Document:
    """Return the document of a row of ``documents`` joined with ``versions``."""
    health = json.loads(row["health"])
    return Document(
        id=row["id"],
        title=row["title"],
        source=row["source"],
        version=row["version"],
        checksum=row["checksum"],
        health=Health(
            repairs=tuple(Repair(**repair) for repair in health["repairs"]),
            warnings=tuple(SourceWarning(**warning) for warning in health["warnings"]),
        ),
    )


def _to_block(values: dict[str, Any]) -> Block:
    for name in ("header", "cells"):
        if name in values:
            values[name] = tuple(values[name])
    return Block(**values)


def to_section(row: RowMapping) -> Section:
    """Return the section of a row."""
    return Section(
        number=row["number"],
        title=row["title"],
        level=row["level"],
        parent=row["parent"],
        path=tuple(json.loads(row["path"])),
        body=row["body"],
        blocks=tuple(_to_block(values) for values in json.loads(row["blocks"])),
        status=row["status"],
    )


def to_chunk(row: RowMapping) -> StoredChunk:
    """Return the chunk of a row."""
    chunk = Chunk(
        section=row["section"],
        clauses=tuple(json.loads(row["clauses"])),
        heading=row["heading"],
        text=row["text"],
        tokens=row["tokens"],
    )
    return StoredChunk(row["id"], row["document"], chunk)


def fingerprint(parsed: ParsedDocument) -> str:
    """Return a digest of all that ingest found: equal digests mean that nothing a reader could see has changed."""
    rows: Iterable[str] = (
        to_json([parsed.title, parsed.source]),
        health_json(parsed.health),
        *(to_json(section_row("", 0, position, section)) for position, section in enumerate(parsed.sections)),
        *(to_json([c.section, c.clauses, c.heading, c.text, c.tokens]) for c in parsed.chunks),
    )
    digest = hashlib.sha256()
    for row in rows:
        digest.update(row.encode() + b"\n")
    return digest.hexdigest()
