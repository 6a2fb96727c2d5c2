"""LangChain's standard recipe: recursive splitter 500/50, a vector store, the nearest first. ``faiss`` or ``chroma``."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from eval.peers.programs.link import Found, Model, Source, serve
from eval.peers.programs.plain_reading import texts_of

if TYPE_CHECKING:
    from langchain_core.vectorstores import VectorStore

SIZE, OVERLAP = 500, 50
LIBRARIES = ("langchain-core", "langchain-text-splitters")
STORES = {"faiss": ("langchain-community", "faiss-cpu"), "chroma": ("langchain-chroma", "chromadb")}


class _Embeddings(Embeddings):
    def __init__(self, model: Model) -> None:
        self._model = model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._model.passages(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._model.question(text)


def split(sources: Sequence[Source]) -> list[Document]:
    """Return the chunks of all sources: at most ``SIZE`` characters, ``OVERLAP`` of them said twice."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP)
    pairs = zip(sources, texts_of(sources), strict=True)
    documents = [Document(text, metadata={"source": source.name}) for source, text in pairs]
    return list(splitter.split_documents(documents))


class Recipe:
    """The recipe over one store."""

    def __init__(self, model: Model, store: str) -> None:
        self._embeddings = _Embeddings(model)
        self._kind = store
        self._store: VectorStore | None = None

    def ingest(self, sources: Sequence[Source]) -> int:
        """Split, embed and store ``sources``."""
        chunks = split(sources)
        if self._kind == "faiss":
            from langchain_community.vectorstores import FAISS

            self._store = FAISS.from_documents(chunks, self._embeddings)
        else:
            from langchain_chroma import Chroma

            self._store = Chroma.from_documents(chunks, self._embeddings, collection_name=f"c{uuid.uuid4().hex}")
        return len(chunks)

    def search(self, question: str, limit: int) -> list[Found]:
        """Return the nearest chunks; the score is the distance with its sign changed."""
        if self._store is None:
            return []
        found = self._store.similarity_search_with_score(question, k=limit)
        return [Found(document.page_content, -float(distance)) for document, distance in found]


def main() -> None:
    """Serve the recipe over the store named on the command line."""
    store = sys.argv[1]
    if store == "faiss":
        import langchain_community.vectorstores.faiss  # noqa: F401 (a missing library is told at the start)
    else:
        import langchain_chroma  # noqa: F401 (likewise)
    serve(lambda model: Recipe(model, store), libraries=(*LIBRARIES, *STORES[store]))
