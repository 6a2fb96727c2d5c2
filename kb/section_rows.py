"""Which rows of a word index are of one section, so that a section can be scored as a whole from its chunks' postings.

Knows rows, and sections by a label (a hash of document and number); no words, no scores. Rows of a section that follow
on each other are a *run*. In an index of several segments the chunks of a changed section may lie in two of them: the
same label then has a run in each.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def label_of(document: str, section: str) -> int:
    """Return the label of a section: 64 bits of a hash."""
    return int.from_bytes(hashlib.blake2b(f"{document}\n{section}".encode(), digest_size=8).digest(), "little")


class SectionsWriter:
    """Takes the section of one row after the other."""

    def __init__(self) -> None:
        self._last: tuple[str, str] | None = None
        self._rows = 0
        self._labels = array("Q")
        self._starts = array("i")
        self._heads: list[Sequence[int]] = []

    def add(self, document: str, section: str) -> bool:
        """Add the next row; return whether it begins a run, of which ``head`` is to be told."""
        begins = (document, section) != self._last
        if begins:
            self._last = document, section
            self._labels.append(label_of(document, section))
            self._starts.append(self._rows)
        self._rows += 1
        return begins

    def head(self, tokens: Sequence[int]) -> None:
        """Say how many tokens of each kind the heading takes that every row of the new run repeats."""
        self._heads.append(tokens)

    def finish(self, directory: Path) -> None:
        """Write the files."""
        np.save(directory / "section_labels.npy", np.array(self._labels, dtype=np.uint64))
        np.save(directory / "section_starts.npy", np.array([*self._starts, self._rows], dtype=np.int32))
        np.save(directory / "section_heads.npy", np.array(self._heads, dtype=np.int32))


class SectionRows:
    """What ``SectionsWriter`` wrote, rows counted from the segment's own 0."""

    def __init__(self, directory: Path, rows: int) -> None:
        """Open ``directory`` of a segment with so many ``rows``.

        Raises:
            OSError, ValueError, EOFError: files are missing, damaged or do not fit each other.
        """
        self.labels: NDArray[np.uint64] = np.load(directory / "section_labels.npy")
        self.starts: NDArray[np.int32] = np.load(directory / "section_starts.npy")
        self.heads: NDArray[np.int32] = np.load(directory / "section_heads.npy")
        runs = len(self.labels)
        if self.starts.shape != (runs + 1,) or self.starts[-1] != rows or len(self.heads) != runs:
            raise ValueError(f"{directory}: sections do not fit the rows")

    def labels_of(self, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Return the label of the section of each row."""
        return self.labels[np.searchsorted(self.starts, rows, side="right") - 1]

    def runs_of(self, labels: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the number of the run of each label, -1 where there is none."""
        if not len(self.labels):
            return np.full(len(labels), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.labels, labels, sorter=self._order), len(self.labels) - 1)
        runs = self._order[places]
        return np.where(self.labels[runs] == labels, runs, -1)

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.argsort(self.labels, kind="stable")
