"""An embedding model with a clock: how long passages and questions took, for ratios in one run. Knows no peers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

if TYPE_CHECKING:
    from kb.embeddings import EmbeddingModel

WARM_UP = "预热"


@dataclass(slots=True)
class Clock:
    """Seconds that passages took in all, and each question."""

    passages: float = 0.0
    questions: list[float] = field(default_factory=list)


class TimedEmbeddings(Embeddings):
    """``model`` as it is, loaded beforehand so that no row pays for that; ``restart`` begins a new clock."""

    def __init__(self, model: EmbeddingModel) -> None:
        self._model = model
        self.clock = Clock()
        model.embed_query(WARM_UP)
        model.embed_documents([WARM_UP])

    def restart(self) -> Clock:
        """Return a clock that counts from now on."""
        self.clock = Clock()
        return self.clock

    @property
    def model_id(self) -> str:
        """Name of the vector space."""
        return self._model.model_id

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._model.dimension

    def count_tokens(self, text: str) -> int:
        """Return how many tokens ``text`` takes as a passage."""
        return self._model.count_tokens(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each passage."""
        started = time.perf_counter()
        vectors = self._model.embed_documents(texts)
        self.clock.passages += time.perf_counter() - started
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        started = time.perf_counter()
        vector = self._model.embed_query(text)
        self.clock.questions.append(time.perf_counter() - started)
        return vector
