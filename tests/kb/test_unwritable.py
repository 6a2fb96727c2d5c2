"""A home that cannot be written still answers; one that has been emptied says so."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest

from kb import migrations
from kb.backup import backup
from kb.errors import HomeUnusable
from kb.home import CATALOGUE, INDEX
from kb.knowledge import KnowledgeBase
from kb.model import Answer
from kb.search import HybridSearcher
from tests.fakes import HashEmbeddings
from tests.kb.samples import TOPICS, parsed_document, settings_for

NOBODY = 65534


def fill(home: Path) -> None:
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        knowledge.add(parsed_document())
        HybridSearcher(knowledge).search("投诉", limit=1)


def read(home: Path) -> set[str]:
    """Return what a search finds, and make sure that nothing was left open."""
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        assert len(knowledge.documents()) == 1
        return {hit.chunk.text for hit in HybridSearcher(knowledge).search("投诉受理", limit=99)}


@pytest.fixture
def place() -> Iterator[Path]:
    """Return an empty folder that another user can reach."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def read_only(place: Path) -> Iterator[Path]:
    """Return a filled home of another user, which this process may read and not write."""
    home = place / "home"
    fill(home)
    read(home)  # everything is imported before rights are given up
    yield from forbid(home)


def forbid(home: Path) -> Iterator[Path]:
    files = [home, *home.rglob("*")]
    for path in files:
        path.chmod(0o555 if path.is_dir() else 0o444)
    was = os.geteuid()
    if was == 0:  # root may write anywhere
        os.seteuid(NOBODY)
    try:
        yield home
    finally:
        os.seteuid(was)
        for path in files:
            if path.exists():
                path.chmod(0o755 if path.is_dir() else 0o644)


def test_read_only_home_answers(read_only: Path) -> None:
    assert set(TOPICS) >= read(read_only) != set()


def test_read_only_home_without_index_answers(place: Path) -> None:
    home = place / "home"
    fill(home)
    read(home)
    shutil.rmtree(home / INDEX)
    for forbidden in forbid(home):
        assert read(forbidden)
        assert not (forbidden / INDEX).exists()


def test_read_only_home_left_by_a_killed_writer_answers(place: Path) -> None:
    home, writing = place / "home", place / "writing"
    fill(home)
    read(home)
    with closing(sqlite3.connect(home / CATALOGUE)) as open_one:
        open_one.execute("PRAGMA wal_autocheckpoint=0")
        open_one.execute("UPDATE versions SET title = '后来的标题'")
        open_one.commit()
        shutil.copytree(home, writing)  # with a log that nobody has written back
    (writing / f"{CATALOGUE}-shm").unlink()
    for forbidden in forbid(writing):
        with KnowledgeBase.open(settings_for(forbidden), HashEmbeddings()) as knowledge:
            assert knowledge.documents()[0].title == "后来的标题"


def test_read_only_home_refuses_changes_in_one_line(read_only: Path) -> None:
    notices: list[str] = []
    with KnowledgeBase.open(settings_for(read_only), HashEmbeddings(), notice=notices.append) as knowledge:
        with pytest.raises(HomeUnusable, match="无法写入"):
            knowledge.add(parsed_document(["新的"]))
        with pytest.raises(HomeUnusable, match="无法写入"):
            knowledge.remove("服务手册")
        knowledge.records.record_unanswered("红烧肉怎么做？", status="not_found")
        knowledge.records.record(Answer(question="问", text="答", status="answered"), conversation="c1")
    assert [notice.partition("：")[0] for notice in notices] == ["没有记入待解问题", "这个问题没有记下"]


@pytest.fixture
def read_only_of_before(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return such a home that an earlier version has written, without today's tables."""
    home = place / "home"
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:5])
        fill(home)
    yield from forbid(home)


def test_read_only_home_of_an_earlier_version_answers(read_only_of_before: Path) -> None:
    assert TOPICS[0] in read(read_only_of_before)
    notices: list[str] = []
    with KnowledgeBase.open(settings_for(read_only_of_before), HashEmbeddings(), notice=notices.append) as knowledge:
        assert knowledge.read_only
        assert knowledge.records.conversations.list("p1") == ()
        knowledge.records.record(Answer(question="问", text="答", status="answered"), conversation="c1")
        with pytest.raises(HomeUnusable, match="无法写入"):
            knowledge.remove("服务手册")
    assert [notice.partition("：")[0] for notice in notices] == ["这个问题没有记下"]


def test_read_only_home_can_be_backed_up(read_only: Path) -> None:
    with TemporaryDirectory() as folder:
        assert CATALOGUE in backup(read_only, Path(folder) / "b.zip").files


def test_emptied_catalogue_is_reported(home: Path) -> None:
    fill(home)
    (home / CATALOGUE).write_bytes(b"")
    with pytest.raises(HomeUnusable, match="0 字节"):
        KnowledgeBase.open(settings_for(home), HashEmbeddings())


def test_catalogue_whose_creation_was_killed_is_a_new_home(home: Path) -> None:
    home.mkdir()
    (home / CATALOGUE).write_bytes(b"")
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        assert knowledge.documents() == ()


def test_file_in_the_place_of_the_index_is_named(home: Path) -> None:
    fill(home)
    shutil.rmtree(home / INDEX)
    (home / INDEX).write_text("x")
    with (
        KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge,
        pytest.raises(HomeUnusable, match=r"index 应该是文件夹.*自动重建"),
    ):
        knowledge.vector_search([1.0] * 64, limit=1)
