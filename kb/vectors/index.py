"""Keeps a vector store in step with the catalogue, whichever process finds it behind.

Knows generations and differences of ids. Knows nothing of models: a missing vector is taken from the catalogue's cache,
never computed. FAISS: one read-only directory for each generation. Chroma: one live collection, labelled with the
generation after the last of its changes, so that an interrupted update is simply done again.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kb.catalogue import Catalogue, State, read_state
from kb.derived import DerivedDirectories, Stamp
from kb.embedding_cache import chunk_count, chunk_ids, chunk_vectors, sample_vectors
from kb.errors import HomeUnusable, IndexOutdated
from kb.home import translated
from kb.locking import WriterLock

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_core.vectorstores import VectorStore
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from kb.settings import SearchSettings
    from kb.vectors.chroma_store import ChromaStore
    from kb.vectors.faiss_store import FaissStore
    from kb.vectors.faiss_vectors import FaissVectors

NAME = "vectors"


class ChunkVectors(Protocol):
    """What search needs of a store; both of ours are also, or have around them, LangChain's ``VectorStore``."""

    def ids(self) -> set[str]:
        """Return the ids of all vectors."""
        ...

    def add_vectors(
        self, ids: Sequence[str], vectors: NDArray[np.float32], *, documents: Sequence[str], texts: Sequence[str] = ()
    ) -> None:
        """Add or replace vectors of shape (ids, dimension), each with its document's id and the text it is of."""
        ...

    def delete(self, ids: list[str]) -> object:
        """Delete vectors; unknown ids are no error."""
        ...

    def search_vector(
        self, vector: Sequence[float] | NDArray[np.float32], *, limit: int, documents: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (id, cosine) of the nearest, best first."""
        ...

    def vectors_of(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """Return the stored unit vectors of ``ids``, shape (ids, dimension); zeros for an id that is not there."""
        ...


class VectorIndex(Protocol):
    """A store that follows the catalogue."""

    def current(self) -> ChunkVectors:
        """Return the store at the catalogue's present state; never waits for a writer."""
        ...

    def as_langchain(self, embedding: Embeddings) -> VectorStore:
        """Return the same store for LangChain, with texts in and out."""
        ...

    def discard(self) -> None:
        """Remove it from the disk; the next use builds it anew."""
        ...

    def close(self) -> None:
        """Release what is open."""
        ...


def open_vector_index(
    settings: SearchSettings, *, catalogue: Catalogue, derived: DerivedDirectories, root: Path
) -> VectorIndex:
    """Return the configured index under the folder ``root``; nothing heavy is loaded yet."""
    if settings.store == "chroma":
        return ChromaIndex(catalogue, root, url=settings.chroma_url)
    return FaissIndex(catalogue, derived)


def bring_up_to_date(store: ChunkVectors, connection: Connection, state: State) -> None:
    """Make ``store`` hold exactly the chunks of the snapshot ``connection``."""
    wanted, present = set(chunk_ids(connection)), store.ids()
    store.delete(sorted(present - wanted))
    if state.model and wanted - present:
        ids = sorted(wanted - present) if present else None
        for batch in chunk_vectors(connection, state.model.id, ids):
            store.add_vectors(batch.ids, batch.vectors, documents=batch.documents, texts=batch.texts)


def _label(state: State) -> dict[str, str]:
    stamp = state.stamp
    model = state.model.id if state.model else ""
    return {"identity": stamp.identity, "generation": str(stamp.generation), "model": model}


class FaissIndex:
    """One directory ``index/vectors-<identity>-<generation>`` for each state."""

    def __init__(self, catalogue: Catalogue, derived: DerivedDirectories) -> None:
        self._catalogue = catalogue
        self._derived = derived
        self._lock = threading.Lock()
        self._vectors: FaissVectors | None = None
        self._stamp: Stamp | None = None

    def current(self) -> FaissVectors:
        """Return the vectors at the catalogue's present state."""
        with self._lock:
            state = self._catalogue.state()
            if self._vectors is None or self._stamp != state.stamp:
                self._vectors = self._open(state)
                label = self._vectors.label
                self._stamp = Stamp(label["identity"], int(label["generation"]))
            return self._vectors

    def as_langchain(self, embedding: Embeddings) -> FaissStore:
        """Return a store over the same vectors that embeds questions and finds words."""
        from kb.vectors.faiss_store import FaissStore

        return FaissStore(embedding, vectors=self.current(), lookup=self._lookup)

    def discard(self) -> None:
        """Remove every directory."""
        with self._lock:
            self._vectors = self._stamp = None
            self._derived.discard(NAME)

    def close(self) -> None:
        """Forget the open vectors."""
        self._vectors = self._stamp = None

    def _open(self, state: State) -> FaissVectors:
        from kb.vectors.faiss_vectors import FaissVectors

        model = state.model.id if state.model else ""
        for attempt in range(2):
            directory = self._derived.directory(NAME, self._build)
            try:
                vectors = FaissVectors.open(directory)
                if vectors.label.get("model") == model:
                    return vectors
            except IndexOutdated:
                if attempt:
                    raise
            self._derived.discard(NAME)  # damaged, removed meanwhile, or of another model
        raise IndexOutdated("向量索引与知识库不一致，请运行 shouce rebuild")

    def _build(self, directory: Path) -> None:
        from kb.vectors.lists import sample_size

        with self._catalogue.read() as connection:
            state = read_state(connection)
            count = chunk_count(connection)
            vectors = self._previous(state, count)
            if state.model and not len(vectors) and not vectors.suits(count):
                size = sample_size(count)
                vectors.train(sample_vectors(connection, state.model.id, size), count)
            bring_up_to_date(vectors, connection, state)
            vectors.label = _label(state)
            vectors.save(directory)

    def _previous(self, state: State, count: int) -> FaissVectors:
        """Return the newest index there is, in memory, to change only what differs; else an empty one.

        Empty as well where the index is not for ``count`` vectors.
        """
        from kb.vectors.faiss_vectors import FaissVectors

        newest = self._derived.newest(NAME, state.stamp.identity)
        if newest and state.model:
            try:
                vectors = FaissVectors.open(newest, writable=True)
                if vectors.label.get("model") == state.model.id and vectors.suits(count):
                    return vectors
            except IndexOutdated:
                pass  # it is only a shortcut
        return FaissVectors()

    def _lookup(self, ids: Sequence[str]) -> dict[str, Document]:
        from langchain_core.documents import Document

        return {
            key: Document(
                id=key,
                page_content=stored.chunk.indexed,
                metadata={
                    "document": stored.document,
                    "section": stored.chunk.section,
                    "heading": stored.chunk.heading,
                    "clauses": list(stored.chunk.clauses),
                },
            )
            for key, stored in self._catalogue.chunks_by_id(ids).items()
        }


class ChromaIndex:
    """One collection ``shouce-<identity>-<model>``, embedded under ``index/chroma`` or on a server."""

    def __init__(self, catalogue: Catalogue, root: Path, *, url: str = "") -> None:
        self._catalogue = catalogue
        self._root = root
        self._url = url
        self._lock = threading.Lock()
        self._updating = WriterLock(root, wait_seconds=0, name="chroma.lock")
        self._store: ChromaStore | None = None
        self._stamp: Stamp | None = None

    def current(self) -> ChromaStore:
        """Return the store; where another process is updating it right now, as far as that has come."""
        with self._lock:
            state = self._catalogue.state()
            if self._store is None or self._stamp != state.stamp:
                self._close()
                self._store = self._open(state, None)
                if self._store.label != _label(state):
                    self._update(self._store)
                if self._store.label == _label(state):
                    self._stamp = state.stamp
            return self._store

    def as_langchain(self, embedding: Embeddings) -> ChromaStore:
        """Return the store with a model to embed texts."""
        self.current()
        return self._open(self._catalogue.state(), embedding)

    def discard(self) -> None:
        """Remove the directory, or the collection on the server."""
        with self._lock:
            self._close()
            if self._url:
                store = self._open(self._catalogue.state(), None)
                with translated(self._root):
                    store.delete_collection()
                store.close()
            else:
                shutil.rmtree(self._root / "chroma", ignore_errors=True)

    def close(self) -> None:
        """Release the client."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._store:
            self._store.close()
        self._store = self._stamp = None

    def _update(self, store: ChromaStore) -> None:
        with self._updating.held_if_free() as mine:
            if not mine:
                return
            with self._catalogue.read() as connection:
                state = read_state(connection)
                bring_up_to_date(store, connection, state)
                store.label = _label(state)
            store.drop_others(_prefix(state))

    def _open(self, state: State, embedding: Embeddings | None) -> ChromaStore:
        from kb.vectors.chroma_store import ChromaStore

        with translated(self._root):
            self._root.mkdir(parents=True, exist_ok=True)
        model = hashlib.sha256((state.model.id if state.model else "").encode()).hexdigest()[:8]
        name = _prefix(state) + model
        if self._url:
            return ChromaStore(embedding, collection=name, url=self._url)
        directory = self._root / "chroma"
        try:
            return ChromaStore(embedding, collection=name, directory=directory)
        except HomeUnusable:
            with self._updating.held_if_free() as mine:
                if not mine:
                    raise
                shutil.rmtree(directory, ignore_errors=True)  # damaged, and all of it is derived
                return ChromaStore(embedding, collection=name, directory=directory)


def _prefix(state: State) -> str:
    return f"shouce-{state.stamp.identity}-"
