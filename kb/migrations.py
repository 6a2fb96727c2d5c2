"""How a catalogue of any age gets today's form: named functions in a list, applied once each, in order.

Knows SQL only. A released migration is never edited; a change of form is a new function at the end of the list. The
names of those applied stand in the table ``migrations``, after the pattern of simonw/sqlite-utils and simonw/llm.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kb.errors import HomeUnusable

if TYPE_CHECKING:
    from sqlalchemy import Connection

Migration = Callable[["Connection"], None]
MIGRATIONS: list[Migration] = []


def migration(function: Migration) -> Migration:
    """Append ``function`` to the list; its name is what is recorded."""
    MIGRATIONS.append(function)
    return function


def pending(connection: Connection) -> list[Migration]:
    """Return the migrations that this database lacks.

    Raises:
        HomeUnusable: the database knows a migration that this program does not (it was written by a later one).
    """
    has_table = connection.exec_driver_sql(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"
    ).first()
    applied = set(connection.exec_driver_sql("SELECT name FROM migrations").scalars()) if has_table else set()
    unknown = applied - {function.__name__ for function in MIGRATIONS}
    if unknown:
        raise HomeUnusable(f"知识库由更新版本的 shouce 写成（{sorted(unknown)[0]}），请升级 shouce 后再打开")
    return [function for function in MIGRATIONS if function.__name__ not in applied]


def migrate(connection: Connection) -> None:
    """Apply what is pending, inside the caller's transaction (all or nothing)."""
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)"
    )
    for function in pending(connection):
        function(connection)
        connection.exec_driver_sql(
            "INSERT INTO migrations (name, applied_at) VALUES (?, ?)",
            (function.__name__, datetime.now(UTC).isoformat(timespec="seconds")),
        )


@migration
def m001_meta(connection: Connection) -> None:
    """Add the generation, and an identity that tells this catalogue's derived indexes from another's."""
    connection.exec_driver_sql("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    connection.exec_driver_sql(
        "INSERT INTO meta (key, value) VALUES ('identity', ?), ('generation', '0')", (secrets.token_hex(4),)
    )


@migration
def m002_documents(connection: Connection) -> None:
    """Add documents, their versions and the sections of every version."""
    connection.exec_driver_sql(
        """CREATE TABLE documents (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL UNIQUE,
            version INTEGER NOT NULL)"""
    )
    connection.exec_driver_sql(
        """CREATE TABLE versions (
            document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            title TEXT NOT NULL,
            checksum TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            parser TEXT NOT NULL,
            health TEXT NOT NULL,
            added_at TEXT NOT NULL,
            PRIMARY KEY (document, version))"""
    )
    connection.exec_driver_sql(
        """CREATE TABLE sections (
            document TEXT NOT NULL,
            version INTEGER NOT NULL,
            position INTEGER NOT NULL,
            number TEXT NOT NULL,
            title TEXT NOT NULL,
            level INTEGER NOT NULL,
            parent TEXT NOT NULL,
            path TEXT NOT NULL,
            body TEXT NOT NULL,
            blocks TEXT NOT NULL,
            status TEXT NOT NULL,
            PRIMARY KEY (document, version, position),
            FOREIGN KEY (document, version) REFERENCES versions (document, version) ON DELETE CASCADE)"""
    )
    connection.exec_driver_sql("CREATE UNIQUE INDEX sections_number ON sections (number, document, version)")


@migration
def m003_chunks(connection: Connection) -> None:
    """Add the chunks of the current versions and the cache of embeddings."""
    connection.exec_driver_sql(
        """CREATE TABLE chunks (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            section TEXT NOT NULL,
            clauses TEXT NOT NULL,
            heading TEXT NOT NULL,
            text TEXT NOT NULL,
            tokens INTEGER NOT NULL,
            "key" BLOB NOT NULL)"""
    )
    connection.exec_driver_sql("CREATE INDEX chunks_document ON chunks (document)")
    connection.exec_driver_sql('CREATE INDEX chunks_key ON chunks ("key")')
    connection.exec_driver_sql(
        """CREATE TABLE embeddings (
            model TEXT NOT NULL,
            "key" BLOB NOT NULL,
            vector BLOB NOT NULL,
            PRIMARY KEY (model, "key"))"""
    )


@migration
def m004_conversations(connection: Connection) -> None:
    """Add conversations with their turns, and the questions that the sources could not answer."""
    connection.exec_driver_sql("CREATE TABLE conversations (id TEXT PRIMARY KEY, created_at TEXT NOT NULL)")
    connection.exec_driver_sql(
        """CREATE TABLE turns (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            asked_at TEXT NOT NULL)"""
    )
    connection.exec_driver_sql("CREATE INDEX turns_conversation ON turns (conversation)")
    connection.exec_driver_sql(
        """CREATE TABLE unanswered (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            question TEXT NOT NULL,
            status TEXT NOT NULL,
            nearest TEXT NOT NULL,
            conversation TEXT NOT NULL,
            asked_at TEXT NOT NULL)"""
    )


@migration
def m005_places(connection: Connection) -> None:
    """Add where a document's file was read from, as a digest: empty for those that came before."""
    connection.exec_driver_sql("ALTER TABLE documents ADD COLUMN place TEXT NOT NULL DEFAULT ''")


@migration
def m006_people(connection: Connection) -> None:
    """Add people, what belongs to them, what they thought of an answer, and a line of numbers for every question."""
    connection.exec_driver_sql(
        "CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, first_seen TEXT NOT NULL)"
    )
    for table, column in (
        ("conversations", "person"),
        ("conversations", "title"),
        ("conversations", "changed_at"),
        ("conversations", "deleted_at"),
        ("unanswered", "person"),
        ("unanswered", "comment"),
    ):
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    for column in ("turn", "topic"):
        connection.exec_driver_sql(f"ALTER TABLE unanswered ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")
    connection.exec_driver_sql("UPDATE conversations SET changed_at = created_at")
    connection.exec_driver_sql("CREATE INDEX conversations_person ON conversations (person, changed_at)")
    connection.exec_driver_sql("CREATE INDEX unanswered_turn ON unanswered (turn)")
    connection.exec_driver_sql(
        """CREATE TABLE feedback (
            turn INTEGER NOT NULL REFERENCES turns (sequence) ON DELETE CASCADE,
            person TEXT NOT NULL,
            verdict TEXT NOT NULL,
            reason TEXT NOT NULL,
            given_at TEXT NOT NULL,
            PRIMARY KEY (turn, person))"""
    )
    connection.exec_driver_sql(
        """CREATE TABLE asked (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            asked_at TEXT NOT NULL,
            person TEXT NOT NULL,
            turn INTEGER NOT NULL,
            status TEXT NOT NULL,
            engine TEXT NOT NULL,
            retrieve_ms INTEGER NOT NULL,
            total_ms INTEGER NOT NULL,
            cited TEXT NOT NULL)"""
    )
    connection.exec_driver_sql("CREATE INDEX asked_time ON asked (asked_at)")


@migration
def m007_desk(connection: Connection) -> None:
    """Add the topics that unanswered questions are gathered under, and what the owner wrote in answer."""
    connection.exec_driver_sql(
        """CREATE TABLE topics (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            state TEXT NOT NULL,
            note TEXT NOT NULL,
            assignee TEXT NOT NULL,
            entry INTEGER NOT NULL,
            changed_at TEXT NOT NULL,
            changed_by TEXT NOT NULL)"""
    )
    connection.exec_driver_sql(
        """CREATE TABLE faq (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            wordings TEXT NOT NULL,
            place TEXT NOT NULL,
            state TEXT NOT NULL,
            author TEXT NOT NULL,
            written_at TEXT NOT NULL,
            approved_by TEXT NOT NULL,
            changed_at TEXT NOT NULL)"""
    )


@migration
def m008_removed(connection: Connection) -> None:
    """Add removed documents, whole, so that a removal can be taken back for some time."""
    connection.exec_driver_sql(
        """CREATE TABLE removed (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            document TEXT NOT NULL,
            title TEXT NOT NULL,
            source TEXT NOT NULL,
            versions INTEGER NOT NULL,
            removed_at TEXT NOT NULL,
            removed_by TEXT NOT NULL,
            payload BLOB NOT NULL)"""
    )


@migration
def m009_quizzes(connection: Connection) -> None:
    """Add the item bank, papers that can be taken, attempts at them and graded answers."""
    connection.exec_driver_sql(
        """CREATE TABLE quiz_items (
            id TEXT PRIMARY KEY,
            item TEXT NOT NULL,
            document TEXT NOT NULL,
            clause TEXT NOT NULL,
            basis TEXT NOT NULL,
            state TEXT NOT NULL,
            tags TEXT NOT NULL,
            problems TEXT NOT NULL,
            author TEXT NOT NULL,
            kept_at TEXT NOT NULL,
            changed_at TEXT NOT NULL)"""
    )
    connection.exec_driver_sql(
        """CREATE TABLE quiz_papers (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            paper TEXT NOT NULL,
            minutes INTEGER NOT NULL,
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL)"""
    )
    connection.exec_driver_sql(
        """CREATE TABLE quiz_attempts (
            id TEXT PRIMARY KEY,
            paper TEXT NOT NULL REFERENCES quiz_papers (id) ON DELETE CASCADE,
            person TEXT NOT NULL,
            started_at TEXT NOT NULL,
            finished_at TEXT NOT NULL,
            responses TEXT NOT NULL,
            score TEXT NOT NULL,
            points TEXT NOT NULL)"""
    )
    connection.exec_driver_sql("CREATE INDEX quiz_attempts_person ON quiz_attempts (person, started_at)")
    connection.exec_driver_sql(
        """CREATE TABLE quiz_answers (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            attempt TEXT NOT NULL REFERENCES quiz_attempts (id) ON DELETE CASCADE,
            person TEXT NOT NULL,
            item TEXT NOT NULL,
            document TEXT NOT NULL,
            section TEXT NOT NULL,
            clause TEXT NOT NULL,
            type TEXT NOT NULL,
            score TEXT NOT NULL,
            points TEXT NOT NULL,
            answered_at TEXT NOT NULL)"""
    )
    connection.exec_driver_sql("CREATE INDEX quiz_answers_person ON quiz_answers (person)")


@migration
def m010_checklists(connection: Connection) -> None:
    """Add checklist templates with their versions, runs of them, and what was entered on each line."""
    connection.exec_driver_sql(
        """CREATE TABLE checklist_templates (
            id TEXT NOT NULL,
            version INTEGER NOT NULL,
            title TEXT NOT NULL,
            checklist TEXT NOT NULL,
            wanted TEXT NOT NULL,
            document TEXT NOT NULL,
            repeat TEXT NOT NULL,
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL,
            PRIMARY KEY (id, version))"""
    )
    connection.exec_driver_sql(
        """CREATE TABLE checklist_runs (
            id TEXT PRIMARY KEY,
            template TEXT NOT NULL,
            version INTEGER NOT NULL,
            name TEXT NOT NULL,
            place TEXT NOT NULL,
            shift TEXT NOT NULL,
            day TEXT NOT NULL,
            assigned TEXT NOT NULL,
            started_by TEXT NOT NULL,
            started_at TEXT NOT NULL,
            finished_at TEXT NOT NULL,
            FOREIGN KEY (template, version) REFERENCES checklist_templates (id, version) ON DELETE CASCADE)"""
    )
    connection.exec_driver_sql("CREATE INDEX checklist_runs_day ON checklist_runs (template, day)")
    connection.exec_driver_sql(
        """CREATE TABLE checklist_ticks (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            run TEXT NOT NULL REFERENCES checklist_runs (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            result TEXT NOT NULL,
            value TEXT NOT NULL,
            note TEXT NOT NULL,
            photo TEXT NOT NULL,
            signed TEXT NOT NULL,
            assigned TEXT NOT NULL,
            person TEXT NOT NULL,
            ticked_at TEXT NOT NULL)"""
    )
    connection.exec_driver_sql("CREATE INDEX checklist_ticks_run ON checklist_ticks (run, sequence)")


@migration
def m011_plans(connection: Connection) -> None:
    """Add improvement plans with their versions, and what became of their actions."""
    connection.exec_driver_sql(
        """CREATE TABLE plans (
            id TEXT NOT NULL,
            version INTEGER NOT NULL,
            title TEXT NOT NULL,
            plan TEXT NOT NULL,
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL,
            PRIMARY KEY (id, version))"""
    )
    connection.exec_driver_sql(
        """CREATE TABLE plan_progress (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            plan TEXT NOT NULL,
            action TEXT NOT NULL,
            state TEXT NOT NULL,
            note TEXT NOT NULL,
            person TEXT NOT NULL,
            entered_at TEXT NOT NULL)"""
    )
    connection.exec_driver_sql("CREATE INDEX plan_progress_plan ON plan_progress (plan, sequence)")


@migration
def m012_drafts(connection: Connection) -> None:
    """Add checklists, plans and figures as they were made, so that what is exported is what was read."""
    connection.exec_driver_sql(
        """CREATE TABLE drafts (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            made TEXT NOT NULL,
            asked TEXT NOT NULL,
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL)"""
    )


@migration
def m013_drafts_of_people(connection: Connection) -> None:
    """Say whose a draft is, which one it was edited from, and when it was deleted."""
    for column in ("person", "root", "deleted_at"):
        connection.exec_driver_sql(f"ALTER TABLE drafts ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    connection.exec_driver_sql("UPDATE drafts SET root = coalesce(json_extract(asked, '$.of'), id)")
    connection.exec_driver_sql("CREATE INDEX drafts_root ON drafts (root)")
