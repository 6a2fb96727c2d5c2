import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as some

from kb.postings import MOST, Postings, PostingsWriter

TOKENS = some.text(alphabet="ab1客户\ud800𠀀", max_size=3)


def write(directory: Path, texts: list[list[str]], *, run_tokens: int = 1000) -> Postings:
    writer = PostingsWriter(directory, run_tokens=run_tokens)
    for tokens in texts:
        writer.add(tokens)
    writer.finish()
    return Postings(directory)


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=some.lists(some.lists(TOKENS, max_size=12), max_size=12), run_tokens=some.sampled_from([1, 7, 1000]))
def test_postings_say_where_each_token_stands_and_how_often(
    texts: list[list[str]], run_tokens: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    postings = write(tmp_path_factory.mktemp("p") / "words", texts, run_tokens=run_tokens)
    every = {token for tokens in texts for token in tokens}
    assert set(postings.tokens()) == every
    assert postings.lengths.tolist() == [len(tokens) for tokens in texts]
    for token in every:
        number = postings.find(token)
        assert number is not None
        rows, counts = postings.of(number)
        wanted = [(row, tokens.count(token)) for row, tokens in enumerate(texts) if token in tokens]
        assert list(zip(rows.tolist(), counts.tolist(), strict=True)) == wanted
        assert postings.frequency(number) == len(wanted)


def test_token_that_does_not_occur_is_not_found(tmp_path: Path) -> None:
    postings = write(tmp_path / "words", [["b", "d"]])
    assert [postings.find(token) for token in ("", "a", "c", "e", "bb")] == [None] * 5


def test_count_stops_at_one_byte(tmp_path: Path) -> None:
    postings = write(tmp_path / "words", [["a"] * 1000])
    number = postings.find("a")
    assert number is not None
    assert postings.of(number)[1].tolist() == [MOST]
    assert postings.lengths.tolist() == [1000]


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="this system cannot reserve space")
def test_disk_without_room_is_an_error_before_anything_is_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path / "words", [["a", "b"]])


def test_runs_leave_nothing_behind(tmp_path: Path) -> None:
    write(tmp_path / "words", [["a", "b"], ["c"], ["a"]], run_tokens=1)
    assert {path.suffix for path in (tmp_path / "words").iterdir()} == {".npy"}


@pytest.mark.parametrize("name", ["tokens", "ends", "starts", "rows", "counts", "lengths"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1])])
def test_damaged_files_are_noticed_when_opened(tmp_path: Path, name: str, damage: Callable[[Path], object]) -> None:
    write(tmp_path / "words", [["客户", "投诉"], ["回访"]])
    damage(tmp_path / "words" / f"{name}.npy")
    with pytest.raises((OSError, ValueError, EOFError)):
        Postings(tmp_path / "words")


def test_files_of_two_indexes_are_not_mixed(tmp_path: Path) -> None:
    write(tmp_path / "one", [["客户", "投诉"], ["回访"]])
    write(tmp_path / "two", [["客户"]])
    np.save(tmp_path / "one" / "rows.npy", np.load(tmp_path / "two" / "rows.npy"))
    with pytest.raises(ValueError, match="do not fit"):
        Postings(tmp_path / "one")
