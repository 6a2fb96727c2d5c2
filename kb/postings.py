"""Postings in plain files: for each token of a set of texts, the rows of the texts it stands in and how often.

Knows tokens and row numbers; not words, not scores, not chunks. Written in runs of bounded size that are merged at the
end, so memory grows with the vocabulary and not with the texts; read memory-mapped, five bytes a posting, tokens found
by bisection, so opening costs the same for any size.
"""

from __future__ import annotations

import os
import shutil
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Tokens held before they are sorted and put aside as one run: about 200 MB at its peak.
RUN_TOKENS = 6_000_000
# A count is one byte. BM25 with k1 = 1.2 gives 255 occurrences 0.995 of what any number could reach.
MOST = 255


class PostingsWriter:
    """Takes the tokens of one text after the other; ``finish`` writes the files."""

    def __init__(self, directory: Path, *, run_tokens: int = RUN_TOKENS) -> None:
        """Begin to fill ``directory``, which must not exist yet."""
        directory.mkdir()
        self._directory = directory
        self._run_tokens = run_tokens
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__  # a new token gets the next number
        self._tokens = array("i")
        self._lengths = array("i")  # of every text
        self._written = 0  # texts that are in runs
        self._runs: list[Path] = []

    def add(self, tokens: Sequence[str]) -> None:
        """Add the tokens of the next row."""
        self._tokens.extend(map(self._numbers.__getitem__, tokens))
        self._lengths.append(len(tokens))
        if len(self._tokens) >= self._run_tokens:
            self._flush()

    def finish(self) -> None:
        """Write all files.

        Raises:
            OSError: the directory cannot be written.
        """
        self._flush()
        encoded = [token.encode("utf-8", "surrogatepass") for token in self._numbers]
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        ranks = np.empty(len(order), dtype=np.int64)
        ranks[order] = np.arange(len(order))
        sizes = np.zeros(len(order), dtype=np.int64)
        for run in self._read_runs():
            sizes[ranks[run["tokens"]]] += run["sizes"]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self._merge(ranks, starts)
        blob = b"".join(encoded[at] for at in order)
        np.save(self._directory / "tokens.npy", np.frombuffer(blob, dtype=np.uint8))
        ends = np.cumsum([0, *(len(encoded[at]) for at in order)], dtype=np.int64)
        np.save(self._directory / "ends.npy", ends)
        np.save(self._directory / "starts.npy", starts)
        np.save(self._directory / "lengths.npy", np.array(self._lengths, dtype=np.int32))
        shutil.rmtree(self._directory / "runs", ignore_errors=True)

    def _flush(self) -> None:
        """Put what is held aside as one run: postings sorted by token, then row."""
        if not self._tokens:
            self._written = len(self._lengths)
            return
        lengths = np.array(self._lengths[self._written :], dtype=np.int64)
        rows = np.repeat(np.arange(lengths.size, dtype=np.int64), lengths)
        keys = np.array(self._tokens, dtype=np.int64) * lengths.size + rows
        postings, counts = np.unique(keys, return_counts=True)
        tokens, sizes = np.unique(postings // lengths.size, return_counts=True)
        path = self._directory / "runs" / f"{len(self._runs)}.npz"
        path.parent.mkdir(exist_ok=True)
        np.savez(
            path,
            tokens=tokens,
            sizes=sizes,
            rows=(postings % lengths.size + self._written).astype(np.int32),
            counts=np.minimum(counts, MOST).astype(np.uint8),
        )
        self._runs.append(path)
        self._tokens = array("i")
        self._written = len(self._lengths)

    def _read_runs(self) -> Iterator[dict[str, NDArray[np.int64]]]:
        for path in self._runs:
            with np.load(path) as run:
                yield run

    def _merge(self, ranks: NDArray[np.int64], starts: NDArray[np.int64]) -> None:
        """Append run after run, so that the rows of each token stay ascending."""
        rows = _new(self._directory / "rows.npy", np.dtype("<i4"), int(starts[-1]))
        counts = _new(self._directory / "counts.npy", np.dtype("u1"), int(starts[-1]))
        ahead = starts[:-1].copy()  # where the next posting of each token goes
        for run in self._read_runs():
            own, sizes = ranks[run["tokens"]], run["sizes"]
            before = np.cumsum(sizes) - sizes
            places = np.repeat(ahead[own] - before, sizes) + np.arange(int(sizes.sum()))
            rows[places] = run["rows"]
            counts[places] = run["counts"]
            ahead[own] += sizes
        for written in (rows, counts):
            if isinstance(written, np.memmap):
                written.flush()


def _new(path: Path, dtype: np.dtype[np.generic], size: int) -> NDArray[np.generic]:
    if size:  # an empty file cannot be mapped
        mapped: NDArray[np.generic] = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=(size,))
        if hasattr(os, "posix_fallocate"):  # a disk that fills up while a mapping is written ends the process
            with path.open("r+b") as file:
                os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
        return mapped
    empty: NDArray[np.generic] = np.empty(0, dtype=dtype)
    np.save(path, empty)
    return empty


class Postings:
    """What ``PostingsWriter`` wrote."""

    def __init__(self, directory: Path) -> None:
        """Open ``directory``.

        Raises:
            OSError, ValueError, EOFError: files are missing, damaged or do not fit each other.
        """
        self._rows = _mapped(directory / "rows.npy")
        self._counts = _mapped(directory / "counts.npy")
        self.lengths = _mapped(directory / "lengths.npy")
        tokens, ends, starts = (_mapped(directory / f"{name}.npy") for name in ("tokens", "ends", "starts"))
        fit = (ends.size, int(ends[-1]), int(starts[-1]), self._rows.size)
        if fit != (starts.size, tokens.size, self._rows.size, self._counts.size):
            raise ValueError(f"{directory}: files do not fit each other")
        # memory views: single items of them are Python's own numbers, five times faster than an array's
        self._tokens, self._ends, self._starts = tokens.data, ends.data, starts.data

    def find(self, token: str) -> int | None:
        """Return the number of ``token``, None where it does not occur."""
        wanted = token.encode("utf-8", "surrogatepass")
        last = high = len(self._ends) - 1
        low = 0
        while low < high:
            middle = (low + high) // 2
            if self._token(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < last and self._token(low) == wanted else None

    def frequency(self, number: int) -> int:
        """Return in how many rows the token of that ``number`` stands."""
        start, end = self._starts[number : number + 2]
        return end - start

    def of(self, number: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """Return the rows of a token, ascending, and how often it stands in each (at most ``MOST``)."""
        start, end = self._starts[number : number + 2]
        return self._rows[start:end], self._counts[start:end]

    def tokens(self) -> Iterator[str]:
        """Yield every token, in the order of their bytes."""
        for start, end in pairwise(self._ends):
            yield self._tokens[start:end].tobytes().decode("utf-8", "surrogatepass")

    def _token(self, number: int) -> bytes:
        start, end = self._ends[number : number + 2]
        return self._tokens[start:end].tobytes()


def _mapped(path: Path) -> NDArray[Any]:
    """Return the array as a plain one over the mapped file: a slice of ``np.memmap`` costs a microsecond more."""
    mapped: np.memmap[Any, Any] = np.load(path, mmap_mode="r")
    return mapped.view(np.ndarray)
