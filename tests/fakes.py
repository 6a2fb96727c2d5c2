"""Small real implementations behind the project's interfaces, for tests: no mocks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
from langchain_core.embeddings import Embeddings


class HashEmbeddings(Embeddings):
    """Character pairs and single characters hashed into 64 dimensions: alike texts are near, the same text the same.

    ``calls`` lists every text embedded as a passage; ``before`` is called with each batch before it is embedded.
    """

    def __init__(
        self,
        *,
        model_id: str = "fake/hash-64",
        dimension: int = 64,
        before: Callable[[list[str]], None] | None = None,
    ) -> None:
        self.model_id = model_id
        self.dimension = dimension
        self.calls: list[str] = []
        self._before = before

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if self._before:
            self._before(texts)
        self.calls += texts
        return [self._embed(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._embed(text)

    def count_tokens(self, text: str) -> int:
        return len(text) + 2

    def _embed(self, text: str) -> list[float]:
        vector = np.zeros(self.dimension, dtype=np.float32)
        grams = [*text, *(text[at : at + 2] for at in range(len(text) - 1))]
        for gram in grams:
            digest = hashlib.blake2b(gram.encode("utf-8", "replace"), digest_size=8).digest()
            number = int.from_bytes(digest, "big")
            vector[number % self.dimension] += 1.0 if number >> 63 else -1.0
        length = float(np.linalg.norm(vector)) or 1.0
        result: list[float] = (vector / length).tolist()
        return result
