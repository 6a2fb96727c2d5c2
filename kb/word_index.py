"""The word side of search: BM25 over the words and over the bigrams of every chunk, memory-mapped.

Knows tokens, chunk ids and scores; not vectors, not texts. An index is one or several *segments* (``kb.word_build``
writes them), each with rows of its own that follow on those of the segment before; rows of chunks that are gone are
dead until segments are merged. Scores: BM25 (Lucene's form, k1 1.2, b 0.75), Robertson & Zaragoza 2009, with the
statistics of all segments together, so that how an index came to be changes no score but for the dead rows.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.postings import Postings
from kb.section_rows import SectionRows
from kb.segment import Segmenter

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 3  # 1 was bm25s' own files, 2 knew no sections
NAMES = ("words", "bigrams")
K1 = 1.2
B = 0.75
_BLOCK = 256


class Segment:
    """Consecutive rows of an index: ids and postings. ``first`` is the row with which they begin."""

    def __init__(self, directory: Path, first: int) -> None:
        self.first = first
        self.ids: NDArray[np.bytes_] = np.load(directory / "ids.npy", mmap_mode="r").view(np.ndarray)
        self._order: NDArray[np.int32] = np.load(directory / "order.npy", mmap_mode="r").view(np.ndarray)
        self.postings = {name: Postings(directory / name) for name in NAMES}
        self._section_lengths: dict[str, NDArray[np.int64]] = {}
        self.sections = SectionRows(directory, len(self))
        self._runs = directory / "documents.json"
        if any(part.lengths.size != len(self) for part in self.postings.values()) or self._order.size != len(self):
            raise ValueError(f"{directory}: files do not fit each other")

    def __len__(self) -> int:
        """Return the number of rows, dead ones included."""
        return len(self.ids)

    @cached_property
    def runs(self) -> list[tuple[str, int, int]]:
        """The consecutive chunks of one document, as (document, first row, row after the last) in this segment."""
        return [(document, start, end) for document, start, end in json.loads(self._runs.read_text(encoding="utf-8"))]

    def section_lengths(self, name: str) -> NDArray[np.int64]:
        """Return how many tokens each run of a section's rows has, their heading counted once; ``name`` as in ``NAMES``."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        if name not in self._section_lengths:
            starts = self.sections.starts
            totals = np.add.reduceat(self.postings[name].lengths.astype(np.int64), starts[:-1])
            repeated = (np.diff(starts) - 1) * self.sections.heads[:, NAMES.index(name)]
            self._section_lengths[name] = (totals - repeated).astype(np.int64)
        return self._section_lengths[name]

    def rows(self, keys: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each chunk id, counted in the whole index; -1 where it is not in this segment."""
        found = np.full(len(keys), -1, dtype=np.int64)
        if not len(self) or not keys:
            return found
        width = self.ids.dtype.itemsize
        wanted = np.array([key.encode("utf-8") if len(key) <= width else b"" for key in keys], dtype=self.ids.dtype)
        places = np.searchsorted(self.ids, wanted, sorter=self._order)
        rows = self._order[np.minimum(places, len(self) - 1)].astype(np.int64)
        known = (self.ids[rows] == wanted) & (wanted != b"")
        found[known] = rows[known] + self.first
        return found


class WordIndex:
    """One open index directory. Rows are ascending in the order in which chunks came."""

    def __init__(self, directory: Path) -> None:
        """Open what ``kb.word_build.build`` wrote.

        Raises:
            OSError, ValueError, KeyError, EOFError, TypeError: files are missing, damaged or of another format.
        """
        about = json.loads((directory / "index.json").read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise ValueError(f"{directory}: format {about['format']}")
        self.segmenter = Segmenter(json.loads((directory / "lexicon.json").read_text(encoding="utf-8")))
        self.segments: list[Segment] = []
        self._size = 0
        for name in about["segments"]:
            self.segments.append(Segment(directory / name, self._size))
            self._size += len(self.segments[-1])
        self._dead: NDArray[np.int64] = np.load(directory / "dead.npy")
        self._norms: dict[str, NDArray[np.float64]] = {}
        self._section_means: dict[str, float] = {}

    def __len__(self) -> int:
        """Return how many chunks are indexed."""
        return self._size - len(self._dead)

    def keys(self, rows: NDArray[np.int64]) -> list[str]:
        """Return the chunk id of each row."""
        found = np.empty(len(rows), dtype=object)
        for segment in self.segments:
            own = (rows >= segment.first) & (rows < segment.first + len(segment))
            found[own] = [key.decode("utf-8") for key in segment.ids[rows[own] - segment.first].tolist()]
        keys: list[str] = found.tolist()
        return keys

    def rows(self, keys: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each chunk id, -1 for those that are not indexed."""
        found = np.full(len(keys), -1, dtype=np.int64)
        for segment in self.segments:
            found = np.maximum(found, segment.rows(keys))
        if len(self._dead):
            found[np.isin(found, self._dead)] = -1
        return found

    def section_labels(self, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Return the label of the section of each row, as of ``kb.section_rows``."""
        labels = np.zeros(len(rows), dtype=np.uint64)
        for segment in self.segments:
            own = (rows >= segment.first) & (rows < segment.first + len(segment))
            labels[own] = segment.sections.labels_of(rows[own] - segment.first)
        return labels

    def rows_of_sections(self, labels: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return all living rows of the sections with those labels, and for each row the place of its label."""
        rows, places = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for segment in self.segments:
            runs = segment.sections.runs_of(labels)
            held = np.flatnonzero(runs >= 0)
            starts, ends = segment.sections.starts[:-1][runs[held]], segment.sections.starts[1:][runs[held]]
            sizes = (ends - starts).astype(np.int64)
            begins = np.cumsum(sizes) - sizes
            rows.append(np.repeat(segment.first + starts - begins, sizes) + np.arange(int(sizes.sum())))
            places.append(np.repeat(held, sizes))
        found, at = np.concatenate(rows), np.concatenate(places)
        living = ~np.isin(found, self._dead)
        return found[living], at[living]

    def inside(self, documents: Collection[str]) -> NDArray[np.bool_]:
        """Return for each row whether its chunk is of one of the ``documents`` (ids)."""
        mask = np.zeros(self._size, dtype=np.bool_)
        for segment in self.segments:
            for document, start, end in segment.runs:
                if document in documents:
                    mask[segment.first + start : segment.first + end] = True
        return mask

    def best(
        self, name: str, weights: Mapping[str, float], limit: int, *, inside: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows and scores of the ``limit`` best chunks with a score above 0, best first, ties by row.

        Args:
            name: ``words`` or ``bigrams``.
            weights: query tokens, each with the weight its score is multiplied by.
            limit: at most so many.
            inside: only rows for which this is true, as from the method of that name; None for all.
        """
        scores = self.scores(name, weights)
        if inside is not None:
            scores *= inside
        return _best(scores, limit)

    def scores(self, name: str, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """Return one BM25 score for each row, 0 for dead ones."""
        total = np.zeros(self._size, dtype=np.float32)
        norms = self._norms_of(name)
        for token, weight in weights.items():
            found = self.find(name, token)
            idf = self.idf(sum(postings.frequency(number) for _, postings, number in found))
            for segment, postings, number in found:
                rows, counts = postings.of(number)
                places = rows.astype(np.intp)
                places += segment.first
                often = counts.astype(np.float64)
                score = norms.take(places)
                score += often
                np.divide(often, score, out=score)
                score *= idf
                single = score.astype(np.float32)
                if weight != 1.0:
                    single *= np.float32(weight)
                np.add.at(total, places, single)
        total[self._dead] = 0
        return total

    def document_frequency(self, name: str, token: str) -> int:
        """Return in how many chunks ``token`` stands."""
        return sum(postings.frequency(number) for _, postings, number in self.find(name, token))

    def vocabulary(self, name: str) -> Sequence[str]:
        """Return every token of index ``name``."""
        every: Iterable[str] = (token for segment in self.segments for token in segment.postings[name].tokens())
        return tuple(dict.fromkeys(token for token in every if token))

    def mean_section_length(self, name: str) -> float:
        """Return the mean number of tokens of a section, its heading counted once."""
        if name not in self._section_means:
            lengths = np.concatenate([np.zeros(0), *(segment.section_lengths(name) for segment in self.segments)])
            self._section_means[name] = max(1.0, float(lengths.mean())) if lengths.size else 1.0
        return self._section_means[name]

    def find(self, name: str, token: str) -> list[tuple[Segment, Postings, int]]:
        """Return the segments that have ``token``, each with its postings and the token's number there."""
        places = ((segment, segment.postings[name]) for segment in self.segments)
        found = ((segment, postings, postings.find(token)) for segment, postings in places)
        return [(segment, postings, number) for segment, postings, number in found if number is not None]

    def idf(self, frequency: int) -> float:
        """Return how much a token says that stands in so many chunks."""
        return float(np.float32(math.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5))))

    def _norms_of(self, name: str) -> NDArray[np.float64]:
        """Return what BM25 sets against a token's count, for each row: it grows with the length of the chunk."""
        if name not in self._norms:
            parts = [segment.postings[name].lengths for segment in self.segments]
            lengths = np.concatenate([np.empty(0, dtype=np.int32), *parts]).astype(np.float64)
            mean = float(lengths.mean()) if lengths.any() else 1.0
            self._norms[name] = K1 * ((1 - B) + B * lengths / mean)
        return self._norms[name]


def _best(scores: NDArray[np.float32], limit: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return (rows, scores) of the ``limit`` highest above 0, best first, ties by row.

    The highest score of each block of rows gives a bound that at least ``limit`` rows reach, which leaves few to sort:
    half a millisecond for a million rows.
    """
    blocks = scores.size // _BLOCK
    bound = np.float32(0)
    if blocks > limit:
        highest = scores[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
        bound = np.partition(highest, blocks - limit)[blocks - limit]
    rows = np.flatnonzero(scores >= bound) if bound > 0 else np.flatnonzero(scores > 0)
    rows = rows[np.argsort(-scores[rows], kind="stable")][:limit]
    return rows.astype(np.int64), scores[rows]
