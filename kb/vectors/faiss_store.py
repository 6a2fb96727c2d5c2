"""A LangChain vector store on FAISS: exact inner products of unit vectors, in this process, in plain files.

Knows vectors, ids, and which document each belongs to. The words come from a lookup (the catalogue's chunks) or, for
texts added through LangChain, from its own ``texts.jsonl``. No pickle. A saved store is opened memory-mapped, so
opening costs the same for any size; one opened ``writable`` is read into memory.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self

import faiss
import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from langchain_core.vectorstores.utils import maximal_marginal_relevance
from numpy.typing import NDArray

from kb.embeddings import normalised
from kb.errors import IndexOutdated

Filter = Mapping[str, Any]
Lookup = Callable[[Sequence[str]], Mapping[str, Document]]
FORMAT = 1
_READ_MAPPED = faiss.IO_FLAG_MMAP_IFC | faiss.IO_FLAG_READ_ONLY


class FaissStore(VectorStore):
    """Vectors in an ``IndexFlatIP``; row n belongs to the n-th id."""

    def __init__(self, embedding: Embeddings | None = None, *, lookup: Lookup | None = None) -> None:
        """Make an empty store. ``lookup`` returns the documents of ids that were added as bare vectors."""
        self._embedding = embedding
        self._lookup = lookup
        self._index: faiss.Index | None = None
        self._ids: NDArray[np.bytes_] = np.empty(0, dtype="S1")
        self._owners: NDArray[np.int32] = np.empty(0, dtype=np.int32)  # row -> place in self._documents
        self._documents: dict[str, int] = {}
        self._texts: dict[str, Document] = {}
        self._new: list[tuple[bytes, int]] = []  # id and owner of the latest rows, not yet in the arrays
        self._row_of: dict[bytes, int] | None = None
        self.label: dict[str, str] = {}

    # files

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        embedding: Embeddings | None = None,
        lookup: Lookup | None = None,
        writable: bool = False,
    ) -> Self:
        """Open what ``save`` wrote.

        Raises:
            IndexOutdated: files are missing, damaged or of another format.
        """
        store = cls(embedding, lookup=lookup)
        try:
            about = json.loads((directory / "store.json").read_text(encoding="utf-8"))
            if about["format"] != FORMAT:
                raise IndexOutdated(f"向量索引 {directory} 的格式已过时，请运行 shouce rebuild")
            mode: Literal["r"] | None = None if writable else "r"
            store._ids = np.load(directory / "ids.npy", mmap_mode=mode)
            store._owners = np.load(directory / "owners.npy", mmap_mode=mode)
            store._documents = {document: at for at, document in enumerate(about["documents"])}
            store.label = about["label"]
            if about["count"]:
                path = str(directory / "vectors.faiss")
                store._index = faiss.read_index(path) if writable else faiss.read_index(path, _READ_MAPPED)
            if (directory / "texts.jsonl").exists():
                store._texts = _read_texts(directory / "texts.jsonl")
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, EOFError) as error:
            raise IndexOutdated(f"向量索引 {directory} 已损坏（{error}），请运行 shouce rebuild") from error
        if not about["count"] == len(store) == len(store._ids) == len(store._owners):
            raise IndexOutdated(f"向量索引 {directory} 的文件互不一致，请运行 shouce rebuild")
        return store

    def save(self, directory: Path) -> None:
        """Write into the existing, empty ``directory``; publishing it by a rename is the caller's.

        Raises:
            OSError: the directory cannot be written.
        """
        self._settle()
        np.save(directory / "ids.npy", self._ids)
        np.save(directory / "owners.npy", self._owners)
        if self._index is not None and len(self):
            try:
                faiss.write_index(self._index, str(directory / "vectors.faiss"))
            except RuntimeError as error:
                raise OSError(str(error)) from error
        if self._texts:
            lines = (
                json.dumps({"id": key, "text": text.page_content, "metadata": text.metadata}, ensure_ascii=False)
                for key, text in self._texts.items()
            )
            (directory / "texts.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        about = {"format": FORMAT, "count": len(self), "documents": list(self._documents), "label": self.label}
        (directory / "store.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    # vectors

    def __len__(self) -> int:
        """Return the number of vectors."""
        return 0 if self._index is None else int(self._index.ntotal)

    def ids(self) -> set[str]:
        """Return the ids of all vectors."""
        self._settle()
        return {key.decode() for key in self._ids.tolist()}

    def add_vectors(
        self,
        ids: Sequence[str],
        vectors: NDArray[np.float32],
        *,
        documents: Sequence[str],
        texts: Sequence[str] = (),  # the lookup has them
    ) -> None:
        """Add vectors of shape (ids, dimension), each of a chunk of the document beside it; a known id is replaced."""
        last = {key: at for at, key in enumerate(ids)}
        rows = list(last.values())
        if not rows:
            return
        self.delete(list(last))
        if self._index is None:
            self._index = faiss.IndexFlatIP(int(vectors.shape[1]))
        self._index.add(np.ascontiguousarray(normalised(np.asarray(vectors, dtype=np.float32)[rows])))
        for key, row in last.items():
            if self._row_of is not None:
                self._row_of[key.encode()] = len(self._ids) + len(self._new)
            owner = self._documents.setdefault(documents[row], len(self._documents))
            self._new.append((key.encode(), owner))

    def delete(self, ids: list[str] | None = None, **_kwargs: object) -> bool:
        """Delete the vectors of ``ids`` (None: all); unknown ids are no error."""
        if ids is None:
            self.__init__(self._embedding, lookup=self._lookup)  # type: ignore[misc]
            return True
        rows = self._rows(ids)
        if rows.size and self._index is not None:
            self._settle()
            self._index.remove_ids(faiss.IDSelectorBatch(rows))
            self._ids = np.delete(self._ids, rows)
            self._owners = np.delete(self._owners, rows)
            self._row_of = None
        for key in ids:
            self._texts.pop(key, None)
        return True

    def search_vector(
        self, vector: Sequence[float] | NDArray[np.float32], *, limit: int, documents: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (id, cosine) of the nearest, best first; ``documents`` (None: all) are those that may be found."""
        self._settle()
        rows = None if documents is None else self._rows_of_documents(documents)
        found = self._search(vector, limit=limit, rows=rows)
        return [(self._ids[row].decode(), score) for row, score in found]

    def _search(
        self, vector: Sequence[float] | NDArray[np.float32], *, limit: int, rows: NDArray[np.int64] | None
    ) -> list[tuple[int, float]]:
        limit = min(limit, len(self) if rows is None else len(rows))
        if self._index is None or limit <= 0:
            return []
        query = normalised(np.asarray(vector, dtype=np.float32)).reshape(1, -1)
        if query.shape[1] != self._index.d:
            raise IndexOutdated(f"问题向量是 {query.shape[1]} 维，索引是 {self._index.d} 维，请运行 shouce rebuild")
        selector = None if rows is None else faiss.IDSelectorBatch(rows)
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, found = self._index.search(query, limit, params=parameters)
        pairs = [(int(row), float(score)) for row, score in zip(found[0], scores[0], strict=True) if row >= 0]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def _settle(self) -> None:
        """Append what was added since to the arrays: once for many additions."""
        if self._new:
            ids, owners = zip(*self._new, strict=True)
            self._ids = np.concatenate([self._ids, np.array(ids, dtype=np.bytes_)])
            self._owners = np.concatenate([self._owners, np.array(owners, dtype=np.int32)])
            self._new = []

    def _rows(self, ids: Iterable[str]) -> NDArray[np.int64]:
        if self._row_of is None:
            self._settle()
            self._row_of = {key: row for row, key in enumerate(self._ids.tolist())}
        rows = (self._row_of.get(key.encode()) for key in ids)
        return np.array(sorted({row for row in rows if row is not None}), dtype=np.int64)

    def _rows_of_documents(self, documents: Iterable[str]) -> NDArray[np.int64]:
        owners = [self._documents[document] for document in documents if document in self._documents]
        return np.flatnonzero(np.isin(self._owners, owners)).astype(np.int64)

    # LangChain

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
        self.add_vectors(keys, vectors, documents=[str(metadata.get("document", "")) for metadata in about])
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
        self._settle()
        found = self._search(embedding, limit=k, rows=self._matching(filter))
        scores = {self._ids[row].decode(): score for row, score in found}
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
        self._settle()
        vector = np.asarray(self._model.embed_query(query), dtype=np.float32)
        found = self._search(vector, limit=fetch_k, rows=self._matching(filter))
        if not found or self._index is None:
            return []
        vectors = [self._index.reconstruct(row) for row, _ in found]
        chosen = maximal_marginal_relevance(vector, vectors, lambda_mult=lambda_mult, k=k)
        return self.get_by_ids([self._ids[found[at][0]].decode() for at in chosen])

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
            return self._rows_of_documents(str(document) for document in allowed["document"])
        return self._rows(
            key
            for key, text in self._texts.items()
            if all(text.metadata.get(name) in values for name, values in allowed.items())
        )


def _read_texts(path: Path) -> dict[str, Document]:
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return {row["id"]: Document(page_content=row["text"], metadata=row["metadata"], id=row["id"]) for row in rows}
