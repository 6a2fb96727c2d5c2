"""LangChain's Chroma store, embedded in a directory or on a server, with the vector methods that search needs.

Knows one collection. Knows nothing of generations beyond the label it keeps in the collection's metadata. A client
does not see what another process has written to an embedded store until it is opened again (measured with 1.5.9, takes
16 ms), so whoever finds a label older than the catalogue opens it anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError
from langchain_chroma import Chroma

from kb.embeddings import normalised
from kb.errors import HomeUnusable, SettingsInvalid
from kb.rows import batched

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray

# ef_search bounds how many neighbours a query can see: above the deepest search of the default settings (100).
_CONFIGURATION: dict[str, Any] = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 400}}
_PAGE = 5000


class ChromaStore(Chroma):
    """One collection of unit vectors under cosine distance; its metadata says which document a vector is of."""

    def __init__(
        self, embedding: Embeddings | None = None, *, collection: str, directory: Path | None = None, url: str = ""
    ) -> None:
        """Open or create ``collection`` (ASCII) in ``directory``, or on the server ``url``.

        Raises:
            HomeUnusable: the directory or the server cannot be used.
            SettingsInvalid: the address is none.
        """
        self._where = f"Chroma 服务 {url}" if url else f"Chroma 目录 {directory}"
        with self._translated():
            client = _connect(url) if url else _embedded(directory or Path())
            try:
                super().__init__(
                    collection_name=collection,
                    embedding_function=embedding,
                    client=client,
                    collection_configuration=_CONFIGURATION,  # type: ignore[arg-type]
                    relevance_score_fn=lambda distance: min(1.0, max(0.0, 1.0 - distance)),
                )
            except BaseException:
                _close(client)
                raise

    def close(self) -> None:
        """Release the client."""
        _close(self._client)

    @property
    def label(self) -> dict[str, str]:
        """What the collection says of itself, as last read."""
        return {key: str(value) for key, value in (self._collection.metadata or {}).items()}

    @label.setter
    def label(self, values: Mapping[str, str]) -> None:
        with self._translated():
            self._collection.modify(metadata=dict(values))

    def ids(self) -> set[str]:
        """Return the ids of all vectors."""
        found: set[str] = set()
        with self._translated():
            while page := self._collection.get(limit=_PAGE, offset=len(found), include=[])["ids"]:
                found.update(page)
        return found

    def add_vectors(
        self,
        ids: Sequence[str],
        vectors: NDArray[np.float32],
        *,
        documents: Sequence[str],
        texts: Sequence[str] = (),
    ) -> None:
        """Add vectors of shape (ids, dimension) with the texts they are of; a known id is replaced."""
        last = {key: at for at, key in enumerate(ids)}
        units = normalised(np.asarray(vectors, dtype=np.float32))
        with self._translated():
            for rows in batched(last.values(), self._client.get_max_batch_size()):
                self._collection.upsert(
                    ids=[ids[row] for row in rows],
                    embeddings=units[rows],
                    metadatas=[{"document": documents[row]} for row in rows],
                    documents=[texts[row] if texts else "" for row in rows],
                )

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> None:  # noqa: ANN401 (LangChain's signature)
        """Delete the vectors of ``ids`` (None: all); unknown ids are no error."""
        with self._translated():
            for some in batched(sorted(self.ids()) if ids is None else ids, self._client.get_max_batch_size()):
                super().delete(some, **kwargs)

    def search_vector(
        self, vector: Sequence[float] | NDArray[np.float32], *, limit: int, documents: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (id, cosine) of the nearest, best first; ``documents`` (None: all) are those that may be found."""
        if limit <= 0 or (documents is not None and not documents):
            return []
        where: Any = None if documents is None else {"document": {"$in": list(documents)}}
        with self._translated():
            found = self._collection.query(
                query_embeddings=normalised(np.asarray(vector, dtype=np.float32)).reshape(1, -1),
                n_results=limit,
                where=where,
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return [(key, 1.0 - float(distance)) for key, distance in zip(found["ids"][0], distances, strict=True)]

    def vectors_of(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """Return the stored unit vectors of ``ids``, shape (ids, dimension); zeros for an id that is not there."""
        found: dict[str, Any] = {}
        with self._translated():
            for some in batched(dict.fromkeys(ids), _PAGE):
                page = self._collection.get(ids=list(some), include=["embeddings"])
                given: Any = page["embeddings"]
                found.update(zip(page["ids"], given, strict=True))
        result = np.zeros((len(ids), len(next(iter(found.values()), ()))), dtype=np.float32)
        for at, key in enumerate(ids):
            result[at] = found.get(key, 0)
        return result

    def drop_others(self, prefix: str) -> None:
        """Delete the other collections whose names begin with ``prefix``: those of a model that was replaced."""
        with self._translated():
            for other in self._client.list_collections():
                if other.name.startswith(prefix) and other.name != self._collection.name:
                    self._client.delete_collection(other.name)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except NotFoundError as error:
            raise HomeUnusable(f"{self._where} 里的索引已被删除，请运行 shouce rebuild") from error
        except (ChromaError, httpx.HTTPError, OSError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            message = f"{self._where} 不可用：{reason}。请检查它，或运行 shouce rebuild，或把 search.store 改为 faiss"
            raise HomeUnusable(message) from error


def _embedded(directory: Path) -> ClientAPI:
    directory.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(path=str(directory), settings=ChromaSettings(anonymized_telemetry=False))


def _connect(url: str) -> ClientAPI:
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise SettingsInvalid(f"search.chroma_url 应形如 http://127.0.0.1:8000，现在是 {url}")
    return chromadb.HttpClient(
        host=address.hostname,
        port=address.port or (443 if address.scheme == "https" else 8000),
        ssl=address.scheme == "https",
        settings=ChromaSettings(anonymized_telemetry=False),
    )


def _close(client: ClientAPI) -> None:
    cast("Client", client).close()
    for part in (client, getattr(client, "_admin_client", None)):
        session = getattr(getattr(part, "_server", None), "_session", None)
        if isinstance(session, httpx.Client):  # the HTTP client's own close leaves its connections open (1.5.9)
            session.close()
