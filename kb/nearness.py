"""How near whole sections are to a question: by their two nearest chunks, not by one that may be near by chance.

The more chunks a section has, the nearer the best of them lies by chance alone. So the chunks of the sections that any
searcher found are compared with the question exactly, those too that are not among its nearest neighbours.
Knows rows of the word index and vectors; no words, no texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kb.embeddings import normalised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.word_index import WordIndex

# Of a section's nearest chunks how many count, and their share beside a chunk's own cosine.
NEAREST = 2
SECTION_SHARE = 0.35
# Of a section of more chunks than this only those found are compared: a text without headings may be one of thousands.
LONG = 256


class Nearness:
    """The cosines of a question with the chunks in some rows and with the sections they are of.

    ``cosines`` is by row, shape (rows,); 0 where the vector index does not hold the chunk, or it points away.
    """

    def __init__(
        self,
        index: WordIndex,
        rows: NDArray[np.int64],
        question: NDArray[np.float32],
        *,
        depth: int,
        vectors_of: Callable[[Sequence[str]], NDArray[np.float32]],
    ) -> None:
        """Read the vectors of all chunks of the sections of ``rows``, which ascend.

        ``depth``: the cosine at this place among them becomes 0, the best 1.
        """
        labels, self._sections = np.unique(index.section_labels(rows), return_inverse=True)
        every, places = index.rows_of_sections(labels)
        read = (np.bincount(places, minlength=len(labels))[places] <= LONG) | np.isin(every, rows)
        every, places = every[read], places[read]
        order = np.argsort(every, kind="stable")
        every = every[order]
        self._depth = depth
        self._count = len(labels)
        self._places = places[order]
        self._own = np.searchsorted(every, rows)
        vectors = vectors_of(index.keys(every))
        units = normalised(question).ravel()
        self._all = np.maximum(vectors @ units, 0) if vectors.shape[1] else np.zeros(len(vectors), dtype=np.float32)
        self.cosines: NDArray[np.float32] = self._all[self._own]

    def scores(self) -> NDArray[np.float32]:
        """Return the nearness of each row, with its section's, in 0..1."""
        cosines, depth = self._all, self._depth
        if not cosines.size:
            return cosines
        high = float(cosines.max())
        low = float(np.partition(cosines, -depth)[-depth]) if cosines.size >= depth else 0.0
        sections = _between(self._of_sections(), low, high)[self._sections]
        result: NDArray[np.float32] = (1 - SECTION_SHARE) * _between(self.cosines, low, high) + SECTION_SHARE * sections
        return result

    def _of_sections(self) -> NDArray[np.float32]:
        """Return the mean of the ``NEAREST`` best cosines of each section, of fewer where it has fewer."""
        cosines = self._all
        order = np.lexsort((-cosines, self._places))
        sections = self._places[order]
        rank = np.arange(len(order)) - np.searchsorted(sections, sections)
        kept = (rank < NEAREST) & (cosines[order] > 0)
        total = np.bincount(sections[kept], cosines[order][kept], minlength=self._count)
        often = np.bincount(sections[kept], minlength=self._count)
        return (total / np.maximum(often, 1)).astype(np.float32)


def _between(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.float32]:
    if high <= low:
        return (values > 0).astype(np.float32)
    scaled: NDArray[np.float32] = np.clip((values - low) / (high - low), 0, 1)
    return scaled
