"""The plain pipeline that the product has to beat: BM25 over characters and pairs, and cosines, half and half.

Each is min-max scaled over its best ``DEPTH`` passages, the sum ranks; a passage is title and text as they are. Knows
passages and vectors; it shares only the embedding model with the product, so that it stays what it is when that changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eval.beir import RetrievalSet
    from eval.cached_embeddings import CachedEmbeddings

DEPTH = 100
SHARE = 0.5
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """What the plain pipeline says of one question: BM25 and cosine of every passage, shape (passages,)."""

    words: NDArray[np.float32]
    cosines: NDArray[np.float32]
    weights: dict[str, float]

    def fused(self, allowed: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
        """Return the convex sum for every passage; those not ``allowed`` take no part, and are not scaled by."""
        kept = np.ones(len(self.words), dtype=bool) if allowed is None else allowed
        total = SHARE * _scaled(self.words, kept) + SHARE * _scaled(self.cosines, kept)
        return np.where(kept, total, np.float32(-1))


class PlainPipeline:
    """The plain pipeline over one set."""

    def __init__(self, one: RetrievalSet, model: CachedEmbeddings) -> None:
        from bm25s import BM25

        texts = [passage.full for passage in one.passages]
        self.ids = [passage.id for passage in one.passages]
        self._model = model
        self._vectors = model.passages(texts)
        tokens = [_tokens(text) for text in texts]
        self._sets = [frozenset(found) for found in tokens]
        self._held = Counter(token for found in self._sets for token in found)
        self._bm25 = BM25(k1=1.2, b=0.75, method="lucene")
        self._bm25.index(tokens, show_progress=False)

    def ask(self, question: str, *, adapt: Callable[[NDArray[np.float32]], NDArray[np.float32]] | None = None) -> Plain:
        """Return the scores of every passage for ``question``; ``adapt`` changes its vector, where that is measured."""
        tokens = list(dict.fromkeys(_tokens(question)))
        vector = np.asarray(self._model.embed_query(question), dtype=np.float32)
        vector = adapt(vector) if adapt else vector
        known = [token for token in tokens if token in self._bm25.vocab_dict]
        words = self._bm25.get_scores(known) if known else np.zeros(len(self.ids), dtype=np.float32)
        return Plain(words, self._vectors @ vector, {token: self._idf(token) for token in tokens})

    def ranking(self, plain: Plain, *, limit: int = 10) -> list[str]:
        """Return the ids of the best passages, best first."""
        fused = plain.fused()
        return [self.ids[at] for at in np.argsort(-fused, kind="stable")[:limit]]

    def coverage(self, plain: Plain, allowed: NDArray[np.bool_]) -> float:
        """Return the idf-weighted share of the question's tokens that the best allowed passage holds."""
        best = int(plain.fused(allowed).argmax())
        total = sum(plain.weights.values())
        return sum(w for token, w in plain.weights.items() if token in self._sets[best]) / total if total else 0.0

    def _idf(self, token: str) -> float:
        held = self._held[token]
        return float(np.log(1 + (len(self._sets) - held + 0.5) / (held + 0.5)))


def _tokens(text: str) -> list[str]:
    """Return the characters and pairs of every run of Han characters, and the other words, in lower case."""
    tokens: list[str] = []
    for run in _RUNS.findall(text.lower()):
        tokens.append(run) if run.isascii() else tokens.extend([*run, *(a + b for a, b in pairwise(run))])
    return tokens


def _scaled(scores: NDArray[np.float32], kept: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return ``scores`` min-max scaled over the best ``DEPTH`` that are kept; the rest becomes 0."""
    masked = np.where(kept, scores, -np.inf)
    best: Sequence[int] = np.argsort(-masked, kind="stable")[: min(DEPTH, int(kept.sum()))].tolist()
    result = np.zeros(len(scores), dtype=np.float32)
    if best:
        low, high = float(masked[best[-1]]), float(masked[best[0]])
        result[best] = (masked[best] - low) / (high - low) if high > low else 1.0
    return result
