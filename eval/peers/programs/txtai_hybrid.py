"""txtai with ``hybrid=True`` and its defaults: BM25 and vectors, each scaled to 0..1, half and half.

txtai brings no splitter for plain text, so the chunks are LangChain's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from txtai import Embeddings

from eval.peers.programs.langchain_recipe import split
from eval.peers.programs.link import Found, Model, Source, serve

# txtai hands questions and texts to one function; its own instructions tell them apart again.
_QUESTION, _TEXT = "query: ", "passage: "


class Hybrid:
    """Its hybrid index with the words kept beside it."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._index: Any = None

    def ingest(self, sources: Sequence[Source]) -> int:
        """Split and index ``sources``."""
        chunks = [chunk.page_content for chunk in split(sources)]
        self._index = Embeddings(
            method="external",
            transform=lambda texts: self._vectors(texts),  # it takes functions, no methods
            instructions={"query": _QUESTION, "data": _TEXT},
            content=True,
            hybrid=True,
        )
        self._index.index(chunks)
        return len(chunks)

    def search(self, question: str, limit: int) -> list[Found]:
        """Return the best chunks by their mixed score."""
        return [Found(row["text"], float(row["score"])) for row in self._index.search(question, limit)]

    def _vectors(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 (what txtai takes)
        if texts and texts[0].startswith(_QUESTION):
            return np.asarray([self._model.question(text.removeprefix(_QUESTION)) for text in texts], dtype=np.float32)
        return np.asarray(self._model.passages([text.removeprefix(_TEXT) for text in texts]), dtype=np.float32)


def main() -> None:
    """Serve it."""
    serve(Hybrid, libraries=("txtai", "faiss-cpu", "langchain-text-splitters"))
