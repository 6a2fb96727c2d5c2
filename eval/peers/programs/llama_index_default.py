"""LlamaIndex as its first page shows it: directory reader, ``VectorStoreIndex.from_documents``, the retriever of that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core import Document, SimpleDirectoryReader, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding

from eval.peers.programs.link import Found, Model, Source, serve

_MODEL: list[Model] = []  # their base class is a pydantic model that keeps no plain attributes


class _Embedding(BaseEmbedding):  # type: ignore[misc]  # the library is not there when types are checked
    def _get_query_embedding(self, query: str) -> list[float]:
        return _MODEL[0].question(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return _MODEL[0].passages(texts)


class Default:
    """Their defaults throughout: sentence splitter of 1024 tokens with 200 said twice, vectors in memory."""

    def __init__(self, model: Model) -> None:
        _MODEL[:] = [model]
        self._index: Any = None

    def ingest(self, sources: Sequence[Source]) -> int:
        """Read, split, embed and index ``sources``."""
        files = [source.path for source in sources if source.path]
        documents = SimpleDirectoryReader(input_files=files, raise_on_error=True).load_data() if files else []
        documents += [Document(text=source.text) for source in sources if not source.path]
        self._index = VectorStoreIndex.from_documents(documents, embed_model=_Embedding())
        return len(self._index.docstore.docs)

    def search(self, question: str, limit: int) -> list[Found]:
        """Return the nearest nodes by cosine."""
        found = self._index.as_retriever(similarity_top_k=limit).retrieve(question)
        return [Found(one.node.get_content(), float(one.score or 0.0)) for one in found]


def main() -> None:
    """Serve it."""
    serve(Default, libraries=("llama-index-core", "llama-index-readers-file"))
