"""BM25 of whole sections, out of the postings of their chunks: how well all that stands under a heading fits a question.

A long section's evidence is spread over its chunks, of which none says it all. Only the sections of given rows are
looked up, each token by bisection, so it costs the same in an index of any size. Knows the word index; no vectors, no
texts. A heading, which every chunk repeats, counts once: what stands in each chunk of a section is taken as said once
besides what is more. How rare a token is among chunks serves for sections too (measured: no difference).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.word_index import K1, B, Segment, WordIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.postings import Postings


@dataclass(frozen=True, slots=True)
class _Runs:
    """Where the sections stand in one segment, one row range for each; an empty one where it is not in this segment."""

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    lengths: NDArray[np.int64]


def section_scores(
    index: WordIndex, name: str, weights: Mapping[str, float], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the BM25 score of the section of each row; arguments as of ``WordIndex.scores``."""
    if not len(rows):
        return np.zeros(0, dtype=np.float32)
    sections, places = np.unique(index.section_labels(rows), return_inverse=True)
    runs = {segment.first: _runs(segment, name, sections) for segment in index.segments}
    lengths = np.sum([run.lengths for run in runs.values()], axis=0)
    norms = K1 * ((1 - B) + B * lengths / index.mean_section_length(name))
    total = np.zeros(len(sections), dtype=np.float64)
    for token, weight in weights.items():
        found = index.find(name, token)
        often = np.zeros(len(sections), dtype=np.float64)
        for segment, postings, number in found:
            often += _counts(postings, number, runs[segment.first])
        if often.any():
            idf = index.idf(sum(postings.frequency(number) for _, postings, number in found))
            total += weight * idf * often / (often + norms)
    result: NDArray[np.float32] = total[places].astype(np.float32)
    return result


def _runs(segment: Segment, name: str, sections: NDArray[np.uint64]) -> _Runs:
    runs = segment.sections.runs_of(sections)
    there = runs >= 0
    starts = np.where(there, segment.sections.starts[:-1][runs], 0).astype(np.int32)
    ends = np.where(there, segment.sections.starts[1:][runs], 0).astype(np.int32)
    return _Runs(starts, ends, np.where(there, segment.section_lengths(name)[runs], 0))


def _counts(postings: Postings, number: int, runs: _Runs) -> NDArray[np.float64]:
    """Return how often a token stands in each section, what stands in every chunk of it counted once."""
    rows, counts = postings.of(number)
    first, last = np.searchsorted(rows, runs.starts), np.searchsorted(rows, runs.ends)
    sizes = last - first
    often = np.zeros(len(sizes), dtype=np.float64)
    held = np.flatnonzero(sizes)
    if not held.size:
        return often
    sizes = sizes[held]
    begins = np.cumsum(sizes) - sizes
    chosen = counts[np.repeat(first[held] - begins, sizes) + np.arange(int(sizes.sum()))].astype(np.float64)
    often[held] = np.add.reduceat(chosen, begins)
    chunks = (runs.ends - runs.starts)[held]
    least = np.minimum.reduceat(chosen, begins)
    often[held] -= np.where(sizes == chunks, (chunks - 1) * least, 0)
    return often
