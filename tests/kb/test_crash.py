"""Kill -9 at any point of an ingest: the catalogue is whole, the index agrees with it, and the ingest can go on."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from kb.backup import backup, restore
from kb.home import CATALOGUE
from kb.knowledge import KnowledgeBase
from kb.vectors.index import bring_up_to_date
from tests.fakes import HashEmbeddings
from tests.kb.samples import parsed_document, settings_for

# Children come from a server process that has loaded everything once: 20 ms each instead of a second.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.kb.test_crash", "kb.vectors.faiss_vectors", "kb.vectors.chroma_store"])
SOURCES = ("甲.txt", "乙.txt", "丙.txt")


def lines_of(source: str, version: int) -> list[str]:
    """Return what version ``version`` of ``source`` says: half of it changes each time."""
    return [f"{source}不变的要求{at}" for at in range(6)] + [f"{source}第{version}版的要求{at}" for at in range(6)]


def ingest(home: str, store: str, point: str, count: int) -> None:
    """Add the next version of every document, again and again, until the process is killed at ``point``."""
    model = HashEmbeddings(before=lambda _: counter("embed"))
    left = {point: count}

    def counter(name: str) -> None:
        if name in left:
            left[name] -= 1
            if not left[name]:
                os.kill(os.getpid(), signal.SIGKILL)

    _watch(counter)
    while True:
        with KnowledgeBase.open(settings_for(Path(home), store=store, lock_seconds=30), model) as knowledge:
            versions = {document.source: document.version for document in knowledge.documents()}
            for source in SOURCES:
                version = versions.get(source, 0) + 1
                knowledge.add(parsed_document(lines_of(source, version), source=source))
                if version % 2:
                    knowledge.refresh()


def _watch(counter: Callable[[str], None]) -> None:
    event.listen(Engine, "before_cursor_execute", lambda *_: counter("statement"))
    event.listen(Engine, "commit", lambda *_: counter("before commit"))

    def around(owner: Any, name: str, label: str) -> None:
        original = getattr(owner, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            counter(f"before {label}")
            result = original(*args, **kwargs)
            counter(f"after {label}")
            return result

        setattr(owner, name, counted)

    from kb.vectors import index
    from kb.vectors.chroma_store import ChromaStore
    from kb.vectors.faiss_vectors import FaissVectors

    around(Path, "rename", "publish")
    around(FaissVectors, "save", "save")
    around(ChromaStore, "add_vectors", "chroma add")
    around(ChromaStore, "delete", "chroma delete")
    around(index, "bring_up_to_date", "update")
    assert bring_up_to_date is not index.bring_up_to_date


def check(home: Path, store: str) -> None:
    """Assert that every document is wholly in one version, and that the index holds exactly its chunks."""
    with closing(sqlite3.connect(home / CATALOGUE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    model = HashEmbeddings()
    with KnowledgeBase.open(settings_for(home, store=store), model) as knowledge:
        for document in knowledge.documents():
            for version in knowledge.versions(document.id):
                wanted = parsed_document(lines_of(document.source, version.version), source=document.source)
                assert knowledge.sections(document.id, version=version.version) == wanted.sections
            assert tuple(chunk for _, chunk in knowledge.chunks(document.id)) == wanted.chunks
            for key, chunk in knowledge.chunks(document.id):
                vector = model.embed_query(chunk.indexed)
                assert knowledge.vector_search(vector, limit=1) == [(key, pytest.approx(1.0, abs=1e-5))]
        present = {key for key, _ in knowledge.vector_search([1.0] * 64, limit=10_000)}
        assert present == {key for key, _ in knowledge.chunks()}


def kill(home: Path, store: str, point: str = "", count: int = 0, *, after: float | None = None) -> None:
    """Run ``ingest`` until it is killed at the point's ``count``-th time, or ``after`` seconds."""
    process = PROCESSES.Process(target=ingest, args=(str(home), store, point, count))
    process.start()
    if after is not None:
        deadline = time.monotonic() + 30
        while not (home / CATALOGUE).exists() and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(after)
        process.kill()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    process.close()


def points() -> Iterator[tuple[str, int]]:
    for point, counts in {
        "embed": (1, 2, 5),
        "statement": (1, 3, 9, 20, 31, 37, 44, 52, 60, 75, 90, 120),
        "before commit": (1, 2, 3, 4, 6, 9),
        "before update": (1, 2),
        "after update": (1, 2),
        "before save": (2,),
        "after save": (2,),
        "before publish": (1, 2),
        "after publish": (1, 2),
    }.items():
        for count in counts:
            yield point, count


@pytest.mark.parametrize("fresh", [True, False], ids=["first ingest", "next ingest"])
def test_ingest_killed_at_named_points_leaves_the_last_good_state(home: Path, fresh: bool) -> None:
    if not fresh:
        kill(home, "faiss", "after publish", 4)
    for number, (point, count) in enumerate(points()):
        place = home / str(number) if fresh else home
        kill(place, "faiss", point, count)
        check(place, "faiss")


def test_ingest_killed_at_random_moments_leaves_the_last_good_state(home: Path) -> None:
    chance = random.Random(20261123)
    for _ in range(30):
        kill(home, "faiss", after=chance.uniform(0, 0.3))  # also reaches a commit on a busy machine
        check(home, "faiss")
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        assert max(document.version for document in knowledge.documents()) > 3


def test_ingest_killed_while_chroma_is_updated_leaves_the_last_good_state(home: Path) -> None:
    for point in ("before update", "before chroma add", "after chroma add", "after chroma delete", "after update"):
        for count in (1, 2):
            kill(home, "chroma", point, count)
            check(home, "chroma")


def put_back(archive: str, home: str) -> None:
    """Restore again and again until the process is killed."""
    while True:
        restore(Path(archive), Path(home), replace=True)


def test_restore_killed_at_random_moments_leaves_the_old_state_or_the_new(home: Path, tmp_path: Path) -> None:
    chance = random.Random(5)
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        knowledge.add(parsed_document(lines_of("甲.txt", 1), source="甲.txt"))
        archive = backup(home, tmp_path / "backup.zip").path
        knowledge.add(parsed_document(lines_of("甲.txt", 2), source="甲.txt"))
    for _ in range(12):
        process = PROCESSES.Process(target=put_back, args=(str(archive), str(home)))
        process.start()
        time.sleep(chance.uniform(0.02, 0.3))
        process.kill()
        process.join()
        process.close()
        check(home, "faiss")
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        assert knowledge.documents()[0].version == 1


def test_ingest_goes_on_after_a_kill_without_embedding_again(home: Path) -> None:
    kill(home, "faiss", "before commit", 6)
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        before = {document.source: document.version for document in knowledge.documents()}
        for source in SOURCES:
            version = max(before.get(source, 0), 1)
            knowledge.add(parsed_document(lines_of(source, version), source=source))
        statuses = [
            knowledge.add(parsed_document(lines_of(source, max(before.get(source, 0), 1)), source=source)).status
            for source in SOURCES
        ]
    assert statuses == ["unchanged"] * 3
