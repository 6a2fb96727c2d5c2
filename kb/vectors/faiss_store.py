"""A LangChain vector store on FAISS: ``FaissVectors`` with a model in front and words behind.

Knows texts and metadata. The words of bare vectors come from a lookup (the catalogue's chunks); those of texts added
through LangChain are kept here, and on disk in ``texts.jsonl``. No pickle.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from langchain_core.vectorstores.utils import maximal_marginal_relevance
from numpy.typing import NDArray

from kb.errors import IndexOutdated
from kb.vectors.faiss_vectors import FaissVectors

Filter = Mapping[str, Any]
Lookup = Callable[[Sequence[str]], Mapping[str, Document]]
TEXTS = "texts.jsonl"


class FaissStore(VectorStore):
    """Texts and vectors; ``vectors`` may be shared with who only searches by vector."""

    def __init__(
        self,
        embedding: Embeddings | None = None,
        *,
        vectors: FaissVectors | None = None,
        lookup: Lookup | None = None,
    ) -> None:
        """Make a store around ``vectors``; ``lookup`` returns the documents of ids added as bare vectors."""
        self._embedding = embedding
        self._vectors = vectors or FaissVectors()
        self._lookup = lookup
        self._texts: dict[str, Document] = {}

    @classmethod
    def open(cls, directory: Path, *, embedding: Embeddings | None = None, writable: bool = False) -> Self:
        """Open what ``save`` wrote.

        Raises:
            IndexOutdated: files are missing, damaged or of another format.
        """
        store = cls(embedding, vectors=FaissVectors.open(directory, writable=writable))
        if (directory / TEXTS).exists():
            try:
                store._texts = _read_texts(directory / TEXTS)
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise IndexOutdated(f"向量索引 {directory} 已损坏（{error}），请运行 shouce rebuild") from error
        return store

    def save(self, directory: Path) -> None:
        """Write into the existing, empty ``directory``; publishing it by a rename is the caller's.

        Raises:
            OSError: the directory cannot be written.
        """
        self._vectors.save(directory)
        if self._texts:
            lines = (
                json.dumps({"id": key, "text": text.page_content, "metadata": text.metadata}, ensure_ascii=False)
                for key, text in self._texts.items()
            )
            (directory / TEXTS).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def ids(self) -> set[str]:
        """Return the ids of all vectors."""
        return self._vectors.ids()

    def add_vectors(
        self,
        ids: Sequence[str],
        vectors: NDArray[np.float32],
        *,
        documents: Sequence[str],
        texts: Sequence[str] = (),
    ) -> None:
        """Add vectors of shape (ids, dimension), each of a chunk of the document beside it; a known id is replaced."""
        self._vectors.add_vectors(ids, vectors, documents=documents)
        for key, document, text in zip(ids, documents, texts, strict=False):
            self._texts[key] = Document(page_content=text, metadata={"document": document}, id=key)

    def delete(self, ids: list[str] | None = None, **_kwargs: object) -> bool:
        """Delete the vectors of ``ids`` (None: all); unknown ids are no error."""
        self._vectors.delete(ids)
        for key in list(self._texts) if ids is None else ids:
            self._texts.pop(key, None)
        return True

    def search_vector(
        self, vector: Sequence[float] | NDArray[np.float32], *, limit: int, documents: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (id, cosine) of the nearest, best first; ``documents`` (None: all) are those that may be found."""
        return self._vectors.search_vector(vector, limit=limit, documents=documents)

    def vectors_of(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """Return the stored unit vectors of ``ids``, shape (ids, dimension); zeros for an id that is not there."""
        return self._vectors.vectors_of(ids)

    @property
    def embeddings(self) -> Embeddings | None:
        """The model that turns texts into vectors."""
        return self._embedding

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **_kwargs: object,
    ) -> Self:
        """Return a store of ``texts``."""
        store = cls(embedding)
        store.add_texts(texts, metadatas, ids=ids)
        return store

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **_kwargs: object,
    ) -> list[str]:
        """Embed and add ``texts``; the metadata key ``document`` says which document a text is part of."""
        contents = list(texts)
        keys = [key or str(uuid.uuid4()) for key in ids or [""] * len(contents)]
        about = [dict(metadata) for metadata in metadatas or [{}] * len(contents)]
        if not contents:
            return []
        vectors = np.asarray(self._model.embed_documents(contents), dtype=np.float32)
        self._vectors.add_vectors(keys, vectors, documents=[str(metadata.get("document", "")) for metadata in about])
        for key, content, metadata in zip(keys, contents, about, strict=True):
            self._texts[key] = Document(page_content=content, metadata=metadata, id=key)
        return keys

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """Return the documents of those ``ids`` that are there, in that order."""
        foreign = [key for key in ids if key not in self._texts]
        known = self._lookup(foreign) if self._lookup and foreign else {}
        found = (self._texts.get(key) or known.get(key) for key in ids)
        return [document.model_copy(deep=True) for document in found if document is not None]

    def similarity_search(
        self,
        query: str,
        k: int = 4,
        *,
        filter: Filter | None = None,  # noqa: A002
        **_kwargs: object,
    ) -> list[Document]:
        """Return the ``k`` documents nearest to ``query``; ``filter`` maps metadata keys to a value or a list."""
        return [document for document, _ in self.similarity_search_with_score(query, k, filter=filter)]

    def similarity_search_by_vector(
        self,
        embedding: list[float],
        k: int = 4,
        *,
        filter: Filter | None = None,  # noqa: A002
        **_kwargs: object,
    ) -> list[Document]:
        """Return the ``k`` documents nearest to a vector."""
        return [document for document, _ in self.similarity_search_with_score_by_vector(embedding, k, filter=filter)]

    def similarity_search_with_score(
        self,
        query: str,
        k: int = 4,
        *,
        filter: Filter | None = None,  # noqa: A002
        **_kwargs: object,
    ) -> list[tuple[Document, float]]:
        """Return the ``k`` documents nearest to ``query``, with cosines."""
        return self.similarity_search_with_score_by_vector(self._model.embed_query(query), k, filter=filter)

    def similarity_search_with_score_by_vector(
        self,
        embedding: Sequence[float],
        k: int = 4,
        *,
        filter: Filter | None = None,  # noqa: A002
    ) -> list[tuple[Document, float]]:
        """Return the ``k`` documents nearest to a vector, with cosines."""
        scores = dict(self._vectors.search_rows(embedding, limit=k, rows=self._matching(filter)))
        return [(document, scores[str(document.id)]) for document in self.get_by_ids(list(scores))]

    def max_marginal_relevance_search(
        self,
        query: str,
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        *,
        filter: Filter | None = None,  # noqa: A002
        **_kwargs: object,
    ) -> list[Document]:
        """Return ``k`` documents near ``query`` and far from each other (Carbonell & Goldstein 1998)."""
        vector = np.asarray(self._model.embed_query(query), dtype=np.float32)
        found = [key for key, _ in self._vectors.search_rows(vector, limit=fetch_k, rows=self._matching(filter))]
        if not found:
            return []
        vectors = self._vectors.vectors_of(found).tolist()
        chosen = maximal_marginal_relevance(vector, vectors, lambda_mult=lambda_mult, k=k)
        return self.get_by_ids([found[at] for at in chosen])

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        return lambda cosine: min(1.0, max(0.0, cosine))

    @property
    def _model(self) -> Embeddings:
        if self._embedding is None:
            raise ValueError("a store without an embedding model takes vectors only")
        return self._embedding

    def _matching(self, wanted: Filter | None) -> NDArray[np.int64] | None:
        """Return the rows whose metadata has the wanted values; of bare vectors only ``document`` is known."""
        if not wanted:
            return None
        allowed = {key: value if isinstance(value, list | tuple | set) else [value] for key, value in wanted.items()}
        if set(allowed) == {"document"}:
            return self._vectors.rows_of_documents(str(document) for document in allowed["document"])
        return self._vectors.rows(
            key
            for key, text in self._texts.items()
            if all(text.metadata.get(name) in values for name, values in allowed.items())
        )


def _read_texts(path: Path) -> dict[str, Document]:
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return {row["id"]: Document(page_content=row["text"], metadata=row["metadata"], id=row["id"]) for row in rows}
