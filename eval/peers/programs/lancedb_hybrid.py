"""LanceDB's hybrid query with its defaults: full text with the default analyzer, vectors, reciprocal rank fusion.

LanceDB brings no splitter, so the chunks are LangChain's.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from typing import Any

import lancedb

from eval.peers.programs.langchain_recipe import split
from eval.peers.programs.link import Found, Model, Source, serve


class Hybrid:
    """One table in a folder that goes with the process."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._folder = tempfile.TemporaryDirectory()
        self._tables = 0
        self._table: Any = None

    def ingest(self, sources: Sequence[Source]) -> int:
        """Split, embed and store ``sources``, and index their words."""
        chunks = [chunk.page_content for chunk in split(sources)]
        vectors = self._model.passages(chunks)
        rows = [{"text": text, "vector": vector} for text, vector in zip(chunks, vectors, strict=True)]
        self._tables += 1
        self._table = lancedb.connect(self._folder.name).create_table(f"chunks{self._tables}", rows)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the new name of this call is not in the older versions
            self._table.create_fts_index("text")
        return len(chunks)

    def search(self, question: str, limit: int) -> list[Found]:
        """Return the best chunks by fused rank."""
        query = self._table.search(query_type="hybrid").vector(self._model.question(question)).text(question)
        return [Found(row["text"], float(row["_relevance_score"])) for row in query.limit(limit).to_list()]


def main() -> None:
    """Serve it."""
    serve(Hybrid, libraries=("lancedb", "langchain-text-splitters"))
