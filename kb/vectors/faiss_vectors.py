"""Vectors in FAISS: inner products of unit vectors, in this process, in plain files.

Exact, until ``train`` prepares for more vectors than can all be compared with every question (``kb.vectors.lists``).

Knows vectors, ids, and which document each belongs to; not words, not LangChain (``faiss_store`` puts both around it:
a question that needs neither starts 0.2 s sooner). No pickle. What was saved is opened memory-mapped, so opening costs
the same for any size; opened ``writable`` it is read into memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from kb.embeddings import normalised
from kb.errors import IndexOutdated
from kb.vectors import lists

FORMAT = 2
_GONE = b""  # the id of a row whose vector was deleted from lists: there the others keep their numbers
_SPARSE = 0.75  # below this share of living rows, lists should be built anew
_READ_MAPPED = faiss.IO_FLAG_MMAP_IFC | faiss.IO_FLAG_READ_ONLY


class FaissVectors:
    """Vectors in one FAISS index; row n belongs to the n-th id. ``label`` is the caller's, kept with them."""

    def __init__(self) -> None:
        self._index: faiss.Index | None = None
        self._ids: NDArray[np.bytes_] = np.empty(0, dtype="S1")
        self._owners: NDArray[np.int32] = np.empty(0, dtype=np.int32)  # row -> place in self._documents
        self._documents: dict[str, int] = {}
        self._new: list[tuple[bytes, int]] = []  # id and owner of the latest rows, not yet in the arrays
        self._row_of: dict[bytes, int] | None = None
        self._order: NDArray[np.int64] | None = None  # rows by ascending id, where they were asked for
        self._trained_for = 0
        self.label: dict[str, str] = {}

    @classmethod
    def open(cls, directory: Path, *, writable: bool = False) -> Self:
        """Open what ``save`` wrote.

        Raises:
            IndexOutdated: files are missing, damaged or of another format.
        """
        opened = cls()
        try:
            about = json.loads((directory / "store.json").read_text(encoding="utf-8"))
            if about["format"] != FORMAT:
                raise IndexOutdated(f"向量索引 {directory} 的格式已过时，请运行 shouce rebuild")
            mode: Literal["r"] | None = None if writable else "r"
            opened._ids = np.load(directory / "ids.npy", mmap_mode=mode)
            opened._owners = np.load(directory / "owners.npy", mmap_mode=mode)
            opened._documents = {document: at for at, document in enumerate(about["documents"])}
            opened._trained_for = about["trained_for"]
            opened.label = about["label"]
            if about["count"]:
                path = str(directory / "vectors.faiss")
                opened._index = faiss.read_index(path) if writable else faiss.read_index(path, _READ_MAPPED)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, EOFError) as error:
            raise IndexOutdated(f"向量索引 {directory} 已损坏（{error}），请运行 shouce rebuild") from error
        rows = about["count"] if not opened._trained_for else len(opened._ids)
        if (about["count"], rows, rows) != (len(opened), len(opened._ids), len(opened._owners)):
            raise IndexOutdated(f"向量索引 {directory} 的文件互不一致，请运行 shouce rebuild")
        return opened

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
        about = {
            "format": FORMAT,
            "count": len(self),
            "trained_for": self._trained_for,
            "documents": list(self._documents),
            "label": self.label,
        }
        (directory / "store.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    def __len__(self) -> int:
        """Return the number of vectors."""
        return 0 if self._index is None else int(self._index.ntotal)

    def ids(self) -> set[str]:
        """Return the ids of all vectors."""
        self._settle()
        return {key.decode() for key in self._ids.tolist() if key != _GONE}

    def train(self, sample: NDArray[np.float32], count: int) -> None:
        """Prepare the empty store for about ``count`` vectors like those of ``sample``: they are searched in part."""
        self._index = lists.trained(normalised(sample), count)
        self._trained_for = count

    def suits(self, count: int) -> bool:
        """Say whether the way the vectors are kept is right for ``count`` of them; if not, they should be added anew."""
        if not self._trained_for:
            return count <= lists.EXACT
        grown = self._trained_for / 2 <= count <= 2 * self._trained_for and count > lists.EXACT / 2
        return grown and len(self) >= _SPARSE * len(self._ids)

    def add_vectors(
        self,
        ids: Sequence[str],
        vectors: NDArray[np.float32],
        *,
        documents: Sequence[str],
        texts: Sequence[str] = (),  # not kept here
    ) -> None:
        """Add vectors of shape (ids, dimension), each of a chunk of the document beside it; a known id is replaced."""
        last = {key: at for at, key in enumerate(ids)}
        rows = list(last.values())
        if not rows:
            return
        self.delete(list(last))
        if self._index is None:
            self._index = faiss.IndexFlatIP(int(vectors.shape[1]))
        units = np.ascontiguousarray(normalised(np.asarray(vectors, dtype=np.float32)[rows]))
        first = len(self._ids) + len(self._new)
        if self._trained_for:
            self._index.add_with_ids(units, np.arange(first, first + len(rows)))
        else:
            self._index.add(units)
        for key, row in last.items():
            if self._row_of is not None:
                self._row_of[key.encode()] = len(self._ids) + len(self._new)
            owner = self._documents.setdefault(documents[row], len(self._documents))
            self._new.append((key.encode(), owner))

    def delete(self, ids: list[str] | None = None) -> None:
        """Delete the vectors of ``ids`` (None: all); unknown ids are no error."""
        if ids is None:
            label = self.label
            self.__dict__ = type(self)().__dict__ | {"label": label}
            return
        rows = self.rows(ids)
        if rows.size and self._index is not None:
            self._settle()
            self._index.remove_ids(faiss.IDSelectorBatch(rows))
            if self._trained_for:
                for key in self._ids[rows].tolist():
                    self._row_of.pop(key, None) if self._row_of else None
                self._ids[rows] = _GONE
                self._owners[rows] = -1
                self._order = None
                return
            self._ids = np.delete(self._ids, rows)
            self._owners = np.delete(self._owners, rows)
            self._row_of = self._order = None

    def search_vector(
        self, vector: Sequence[float] | NDArray[np.float32], *, limit: int, documents: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (id, cosine) of the nearest, best first; ``documents`` (None: all) are those that may be found."""
        rows = None if documents is None else self.rows_of_documents(documents)
        return self.search_rows(vector, limit=limit, rows=rows)

    def search_rows(
        self, vector: Sequence[float] | NDArray[np.float32], *, limit: int, rows: NDArray[np.int64] | None
    ) -> list[tuple[str, float]]:
        """Return (id, cosine) of the nearest among ``rows`` (None: all), best first."""
        self._settle()
        limit = min(limit, len(self) if rows is None else len(rows))
        if self._index is None or limit <= 0:
            return []
        query = normalised(np.asarray(vector, dtype=np.float32)).reshape(1, -1)
        if query.shape[1] != self._index.d:
            raise IndexOutdated(f"问题向量是 {query.shape[1]} 维，索引是 {self._index.d} 维，请运行 shouce rebuild")
        parameters: Any = None
        if self._trained_for:
            parameters = lists.parameters(self._index, rows, len(self._ids))
        elif rows is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))  # type: ignore[call-arg]
        scores, found = self._index.search(query, limit, params=parameters)
        pairs = [(int(row), float(score)) for row, score in zip(found[0], scores[0], strict=True) if row >= 0]
        return [(self._ids[row].decode(), score) for row, score in sorted(pairs, key=lambda pair: (-pair[1], pair[0]))]

    def vectors_of(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """Return the stored unit vectors of ``ids``, shape (ids, dimension); zeros for an id that is not there."""
        if self._index is None:
            return np.zeros((len(ids), 0), dtype=np.float32)
        found = np.zeros((len(ids), self._index.d), dtype=np.float32)
        rows = self._places(ids)
        known = np.flatnonzero(rows >= 0)
        if known.size:
            index = lists.by_number(self._index) if self._trained_for else self._index
            found[known] = index.reconstruct_batch(rows[known])
        return found

    def _places(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each id, -1 where there is none: by bisection, so that many ids need no table in memory."""
        self._settle()
        if not ids or not self._ids.size:
            return np.full(len(ids), -1, dtype=np.int64)
        if self._order is None:
            self._order = np.argsort(self._ids, kind="stable")
        wanted = np.array([key.encode() for key in ids])
        places = np.searchsorted(self._ids, wanted, sorter=self._order)
        rows = self._order[np.minimum(places, self._ids.size - 1)]
        return np.where(self._ids[rows] == wanted, rows, -1)

    def rows(self, ids: Iterable[str]) -> NDArray[np.int64]:
        """Return the rows of those ``ids`` that are there, ascending."""
        if self._row_of is None:
            self._settle()
            self._row_of = {key: row for row, key in enumerate(self._ids.tolist()) if key != _GONE}
        rows = (self._row_of.get(key.encode()) for key in ids)
        return np.array(sorted({row for row in rows if row is not None}), dtype=np.int64)

    def rows_of_documents(self, documents: Iterable[str]) -> NDArray[np.int64]:
        """Return the rows of all vectors of ``documents``."""
        self._settle()
        owners = [self._documents[document] for document in documents if document in self._documents]
        return np.flatnonzero(np.isin(self._owners, owners)).astype(np.int64)

    def _settle(self) -> None:
        """Append what was added since to the arrays: once for many additions."""
        if self._new:
            ids, owners = zip(*self._new, strict=True)
            self._ids = np.concatenate([self._ids, np.array(ids, dtype=np.bytes_)])
            self._owners = np.concatenate([self._owners, np.array(owners, dtype=np.int32)])
            self._new = []
            self._order = None
