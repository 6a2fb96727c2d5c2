"""The catalogue's tables as SQLAlchemy Core sees them today.

Knows column names and types only. How a database gets this form is the business of ``kb.migrations``; a test holds
the two together. Times are ISO 8601 in UTC, vectors little-endian float32 blobs, keys raw SHA-256 digests.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table

METADATA = MetaData()

meta = Table(
    "meta",
    METADATA,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

documents = Table(
    "documents",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("source", String, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("place", String, nullable=False),
)

versions = Table(
    "versions",
    METADATA,
    Column("document", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("title", String, nullable=False),
    Column("checksum", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("parser", String, nullable=False),
    Column("health", String, nullable=False),
    Column("added_at", String, nullable=False),
)

sections = Table(
    "sections",
    METADATA,
    Column("document", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("number", String, nullable=False),
    Column("title", String, nullable=False),
    Column("level", Integer, nullable=False),
    Column("parent", String, nullable=False),
    Column("path", String, nullable=False),
    Column("body", String, nullable=False),
    Column("blocks", String, nullable=False),
    Column("status", String, nullable=False),
)

chunks = Table(
    "chunks",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("document", String, nullable=False),
    Column("section", String, nullable=False),
    Column("clauses", String, nullable=False),
    Column("heading", String, nullable=False),
    Column("text", String, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("key", LargeBinary, nullable=False),
)

embeddings = Table(
    "embeddings",
    METADATA,
    Column("model", String, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

people = Table(
    "people",
    METADATA,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("first_seen", String, nullable=False),
)

conversations = Table(
    "conversations",
    METADATA,
    Column("id", String, primary_key=True),
    Column("created_at", String, nullable=False),
    Column("person", String, nullable=False),
    Column("title", String, nullable=False),
    Column("changed_at", String, nullable=False),
    Column("deleted_at", String, nullable=False),
)

turns = Table(
    "turns",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("conversation", String, nullable=False),
    Column("question", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("asked_at", String, nullable=False),
)

feedback = Table(
    "feedback",
    METADATA,
    Column("turn", Integer, primary_key=True),
    Column("person", String, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("given_at", String, nullable=False),
)

unanswered = Table(
    "unanswered",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("question", String, nullable=False),
    Column("status", String, nullable=False),
    Column("nearest", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("asked_at", String, nullable=False),
    Column("person", String, nullable=False),
    Column("comment", String, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("topic", Integer, nullable=False),
)

topics = Table(
    "topics",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("title", String, nullable=False),
    Column("state", String, nullable=False),
    Column("note", String, nullable=False),
    Column("assignee", String, nullable=False),
    Column("entry", Integer, nullable=False),
    Column("changed_at", String, nullable=False),
    Column("changed_by", String, nullable=False),
)

faq = Table(
    "faq",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("question", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("wordings", String, nullable=False),
    Column("place", String, nullable=False),
    Column("state", String, nullable=False),
    Column("author", String, nullable=False),
    Column("written_at", String, nullable=False),
    Column("approved_by", String, nullable=False),
    Column("changed_at", String, nullable=False),
)

asked = Table(
    "asked",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("asked_at", String, nullable=False),
    Column("person", String, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("engine", String, nullable=False),
    Column("retrieve_ms", Integer, nullable=False),
    Column("total_ms", Integer, nullable=False),
    Column("cited", String, nullable=False),
)

removed = Table(
    "removed",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("document", String, nullable=False),
    Column("title", String, nullable=False),
    Column("source", String, nullable=False),
    Column("versions", Integer, nullable=False),
    Column("removed_at", String, nullable=False),
    Column("removed_by", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

quiz_items = Table(
    "quiz_items",
    METADATA,
    Column("id", String, primary_key=True),
    Column("item", String, nullable=False),
    Column("document", String, nullable=False),
    Column("clause", String, nullable=False),
    Column("basis", String, nullable=False),
    Column("state", String, nullable=False),
    Column("tags", String, nullable=False),
    Column("problems", String, nullable=False),
    Column("author", String, nullable=False),
    Column("kept_at", String, nullable=False),
    Column("changed_at", String, nullable=False),
)

quiz_papers = Table(
    "quiz_papers",
    METADATA,
    Column("id", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("paper", String, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", String, nullable=False),
)

quiz_attempts = Table(
    "quiz_attempts",
    METADATA,
    Column("id", String, primary_key=True),
    Column("paper", String, nullable=False),
    Column("person", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("finished_at", String, nullable=False),
    Column("responses", String, nullable=False),
    Column("score", String, nullable=False),
    Column("points", String, nullable=False),
)

quiz_answers = Table(
    "quiz_answers",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("attempt", String, nullable=False),
    Column("person", String, nullable=False),
    Column("item", String, nullable=False),
    Column("document", String, nullable=False),
    Column("section", String, nullable=False),
    Column("clause", String, nullable=False),
    Column("type", String, nullable=False),
    Column("score", String, nullable=False),
    Column("points", String, nullable=False),
    Column("answered_at", String, nullable=False),
)
