import os
import time
from pathlib import Path

import pytest

from kb.derived import DerivedDirectories, Stamp
from kb.errors import HomeUnusable


class Clock:
    """A catalogue that only has a stamp."""

    def __init__(self) -> None:
        self.stamp = Stamp("00aa", 1)

    def __call__(self) -> Stamp:
        return self.stamp

    def tick(self) -> None:
        self.stamp = Stamp(self.stamp.identity, self.stamp.generation + 1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def derived(tmp_path: Path, clock: Clock) -> DerivedDirectories:
    return DerivedDirectories(tmp_path / "index", clock)


def write(directory: Path) -> None:
    (directory / "x").write_text("x")


def test_directory_is_whole_or_not_there(derived: DerivedDirectories, tmp_path: Path) -> None:
    def fail(directory: Path) -> None:
        write(directory)
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        derived.directory("words", fail)
    assert list((tmp_path / "index").iterdir()) == []
    assert [path.name for path in derived.directory("words", write).iterdir()] == ["x"]


def test_directory_overtaken_while_built_is_built_again(derived: DerivedDirectories, clock: Clock) -> None:
    builds: list[int] = []

    def build(directory: Path) -> None:
        write(directory)
        builds.append(clock.stamp.generation)
        if len(builds) == 1:
            clock.tick()

    assert derived.directory("words", build).name == "words-00aa-2"
    assert builds == [1, 2]


def test_directory_overtaken_again_and_again_is_taken_as_it_is(derived: DerivedDirectories, clock: Clock) -> None:
    assert derived.directory("words", lambda path: (write(path), clock.tick())[0]).joinpath("x").exists()


def test_directories_of_another_catalogue_are_removed(derived: DerivedDirectories, clock: Clock) -> None:
    old = derived.directory("words", write)
    clock.stamp = Stamp("00bb", 1)
    assert derived.newest("words", "00bb") is None
    assert derived.directory("words", write).exists()
    assert not old.exists()


def test_directories_of_other_names_are_left_alone(derived: DerivedDirectories, clock: Clock) -> None:
    other = derived.directory("words-extra", write)
    for _ in range(4):
        clock.tick()
        derived.directory("words", write)
    derived.discard("words")
    assert other.exists()
    assert derived.newest("words", "00aa") is None


def test_leftovers_of_killed_builds_are_removed_after_a_while(derived: DerivedDirectories, tmp_path: Path) -> None:
    old, young = (tmp_path / "index" / name for name in (".words-old", ".words-young"))
    for path in (old, young):
        path.mkdir(parents=True)
    os.utime(old, (time.time() - 9999, time.time() - 9999))
    derived.directory("words", write)
    assert (old.exists(), young.exists()) == (False, True)


def test_long_build_that_still_writes_is_left_alone(derived: DerivedDirectories, tmp_path: Path) -> None:
    busy = tmp_path / "index" / ".words-busy"
    (busy / "0" / "runs").mkdir(parents=True)
    (busy / "0" / "runs" / "9.npz").write_text("x")
    for path in (busy / "0" / "runs", busy / "0", busy):
        os.utime(path, (time.time() - 9999, time.time() - 9999))
    derived.directory("words", write)
    assert busy.exists()


def test_directory_that_another_process_published_first_is_taken(derived: DerivedDirectories, tmp_path: Path) -> None:
    def build(directory: Path) -> None:
        write(directory)
        rival = tmp_path / "index" / "words-00aa-1"
        rival.mkdir()
        (rival / "y").write_text("y")

    assert [path.name for path in derived.directory("words", build).iterdir()] == ["y"]


def test_index_that_cannot_be_written_is_named(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "index").write_text("in the way")
    with pytest.raises(HomeUnusable, match="index"):
        DerivedDirectories(tmp_path / "index", clock).directory("words", write)
