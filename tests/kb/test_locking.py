import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from kb import locking
from kb.errors import HomeBusy, HomeUnusable
from kb.home import LOCK
from kb.knowledge import KnowledgeBase
from kb.locking import WriterLock
from kb.model import Answer
from tests.fakes import HashEmbeddings
from tests.kb.samples import TOPICS, parsed_document, settings_for

PROCESSES = multiprocessing.get_context("spawn")


def work(home: str, line: Connection) -> None:
    """Hold the lock for two seconds and show progress all the while."""
    lock = WriterLock(Path(home), wait_seconds=5)
    with lock.held():
        line.send("held")
        for done in range(20):
            time.sleep(0.1)
            lock.beat(f"大手册.docx 已向量化 {done}/20 块")


def hold(home: str, line: Connection) -> None:
    with WriterLock(Path(home), wait_seconds=5).held():
        line.send("held")
        line.poll(30)


def add_some(home: str, name: str) -> None:
    with KnowledgeBase.open(settings_for(Path(home), lock_seconds=30), HashEmbeddings()) as knowledge:
        for at in range(4):
            knowledge.add(parsed_document(source=f"{name}{at}.txt"))


@pytest.fixture
def holder(home: Path) -> Iterator[tuple[BaseProcess, Connection]]:
    """Another process that holds the lock of ``home`` until something is sent to it."""
    home.mkdir(parents=True)
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=hold, args=(str(home), theirs))
    process.start()
    theirs.close()
    assert ours.recv() == "held"
    yield process, ours
    ours.close()
    process.join(30)
    process.close()


def test_lock_is_taken_again_inside_itself(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path, wait_seconds=0)
    with lock.held(), lock.held(), lock.held_if_free() as mine:
        assert mine
    with WriterLock(tmp_path, wait_seconds=0).held():
        pass


def test_lock_keeps_two_threads_apart(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path, wait_seconds=5)
    inside: list[str] = []

    def work(name: str) -> None:
        with lock.held():
            inside.append(name)
            time.sleep(0.05)
            inside.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inside in (list("aabb"), list("bbaa"))


def test_waiting_says_so_and_then_names_the_other_process(home: Path, holder: tuple[BaseProcess, Connection]) -> None:
    notices: list[str] = []
    settings = settings_for(home, lock_seconds=0.2)
    with KnowledgeBase.open(settings, HashEmbeddings(), notice=notices.append) as knowledge:
        with pytest.raises(HomeBusy, match=f"PID {holder[0].pid}"):
            knowledge.add(parsed_document())
        assert len(notices) == 1
        assert f"PID {holder[0].pid}" in notices[0]


def test_waiting_lasts_as_long_as_the_other_makes_progress(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "TOLD_SECONDS", 0.5)
    home.mkdir(parents=True)
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=work, args=(str(home), theirs))
    process.start()
    assert ours.recv() == "held"
    notices: list[str] = []
    started = time.monotonic()
    with WriterLock(home, wait_seconds=1.5, notice=notices.append).held():
        assert time.monotonic() - started > 1.5  # longer than it would wait for one that shows nothing
    assert any(f"PID {process.pid}" in one and "大手册.docx 已向量化" in one for one in notices)
    process.join(30)
    process.close()


def test_adding_shows_others_how_far_it_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "BEAT_SECONDS", 0.0)
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        knowledge.add(parsed_document())
    process, _, doing = (home / f"{LOCK}.owner").read_text(encoding="utf-8").split("\n")[:3]
    assert int(process) == os.getpid()
    assert doing == f"服务手册.txt 已向量化 {len(TOPICS)}/{len(TOPICS)} 块"


def test_reading_and_conversations_do_not_wait_for_a_writer(home: Path, holder: tuple[BaseProcess, Connection]) -> None:
    assert holder[0].is_alive()
    with KnowledgeBase.open(settings_for(home, lock_seconds=0), HashEmbeddings()) as knowledge:
        assert knowledge.documents() == ()
        knowledge.records.record(Answer(question="问", text="答", status="answered"), conversation="c1")
        assert len(knowledge.records.turns("c1")) == 1


def test_writer_goes_on_when_the_other_is_done(home: Path, holder: tuple[BaseProcess, Connection]) -> None:
    threading.Timer(0.3, holder[1].send, ["done"]).start()
    with KnowledgeBase.open(settings_for(home, lock_seconds=20), HashEmbeddings()) as knowledge:
        assert knowledge.add(parsed_document()).status == "added"


def test_lock_of_a_killed_process_is_free(home: Path, holder: tuple[BaseProcess, Connection]) -> None:
    assert holder[0].pid
    os.kill(holder[0].pid, signal.SIGKILL)
    holder[0].join()
    with KnowledgeBase.open(settings_for(home, lock_seconds=0), HashEmbeddings()) as knowledge:
        assert knowledge.add(parsed_document()).status == "added"


def test_two_processes_that_add_at_once_both_get_in(home: Path) -> None:
    processes = [PROCESSES.Process(target=add_some, args=(str(home), name)) for name in ("甲", "乙")]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
        process.close()
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        assert len(knowledge.documents()) == 8
        assert len(knowledge.vector_search([1.0] * 64, limit=999)) == 8 * len(TOPICS)


def test_lock_in_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(HomeUnusable, match="file"), WriterLock(tmp_path / "file", wait_seconds=0).held():
        pass
