"""The word side of search: two BM25 indexes over the chunks, one of words, one of bigrams.

Knows tokens and chunk ids; not vectors, not documents. Written once per generation into a directory of its own and
read memory-mapped. Scores: BM25 (Lucene's form, k1 1.2, b 0.75), Robertson & Zaragoza 2009, by the bm25s library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.fold import fold
from kb.model import Chunk
from kb.segment import Segmenter, bigrams, unigrams

if TYPE_CHECKING:
    from bm25s import BM25
    from numpy.typing import NDArray

_LEXICON_WORD = re.compile(r"^[\u3400-\u9fff]{2,8}$")
_SEPARATORS = re.compile(r"[\s>、，,。；;：:（）()《》“”\"'与和及或/|-]+")


def learn_lexicon(chunks: Iterable[Chunk]) -> set[str]:
    """Return the corpus' own words: the parts of headings and the leading terms of items, 2 to 8 Han characters."""
    words: set[str] = set()
    for chunk in chunks:
        terms = [line.partition("：")[0] for line in chunk.text.split("\n") if "：" in line[:24]]
        for source in [*chunk.heading.split(" > "), *terms]:
            words.update(part for part in _SEPARATORS.split(fold(source)) if _LEXICON_WORD.match(part))
    return words


class WordIndex:
    """BM25 over words and bigrams of every chunk."""

    def __init__(self, directory: Path) -> None:
        from bm25s import BM25

        self.segmenter = Segmenter(json.loads((directory / "lexicon.json").read_text(encoding="utf-8")))
        self.ids: NDArray[np.bytes_] = np.load(directory / "ids.npy", mmap_mode="r")
        self._indexes: dict[str, BM25 | None] = {
            name: BM25.load(directory / name, mmap=True, show_progress=False) if (directory / name).exists() else None
            for name in ("words", "bigrams")
        }

    @staticmethod
    def build(directory: Path, chunks: Iterable[tuple[str, Chunk]]) -> None:
        """Write the index of ``chunks`` (pairs of id and chunk) into the existing, empty ``directory``."""
        from bm25s import BM25

        pairs = list(chunks)
        lexicon = sorted(learn_lexicon(chunk for _, chunk in pairs))
        (directory / "lexicon.json").write_text(json.dumps(lexicon, ensure_ascii=False), encoding="utf-8")
        np.save(directory / "ids.npy", np.array([key.encode("ascii") for key, _ in pairs], dtype=np.bytes_))
        segmenter = Segmenter(lexicon)
        tokens = {
            "words": [segmenter.words(chunk.indexed) for _, chunk in pairs],
            "bigrams": [[*bigrams(chunk.indexed), *unigrams(chunk.indexed)] for _, chunk in pairs],
        }
        for name, lists in tokens.items():
            if any(lists):
                bm25 = BM25(k1=1.2, b=0.75, method="lucene")
                bm25.index(lists, show_progress=False)
                bm25.save(directory / name, show_progress=False)

    def __len__(self) -> int:
        """Return how many chunks are indexed."""
        return len(self.ids)

    def scores(self, name: str, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """Return one BM25 score for each chunk, shape (chunks,).

        Args:
            name: ``words`` or ``bigrams``.
            weights: query tokens, each with the weight its score is multiplied by.
        """
        total = np.zeros(len(self.ids), dtype=np.float32)
        index = self._indexes[name]
        if index is None:
            return total
        by_weight: dict[float, list[int]] = {}
        for token, weight in weights.items():
            number = index.vocab_dict.get(token)
            if number is not None:
                by_weight.setdefault(weight, []).append(number)
        for weight, numbers in by_weight.items():
            total += np.float32(weight) * index.get_scores_from_ids(numbers)
        return total

    def document_frequency(self, name: str, token: str) -> int:
        """Return in how many chunks ``token`` stands."""
        index = self._indexes[name]
        if index is None:
            return 0
        number = index.vocab_dict.get(token)
        if number is None:
            return 0
        indptr = index.scores["indptr"]
        return int(indptr[number + 1] - indptr[number])

    def vocabulary(self, name: str) -> Sequence[str]:
        """Return every token of index ``name``."""
        index = self._indexes[name]
        return () if index is None else tuple(token for token in index.vocab_dict if token)
