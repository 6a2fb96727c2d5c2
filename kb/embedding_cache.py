"""Vectors that have been paid for: kept in the catalogue by model and by the hash of the embedded text.

Knows the table ``embeddings`` and how to fill it in batches. Knows nothing of indexes. What is embedded is committed
about once a second, so that an ingest that is killed loses at most the last second of embedding.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import func, insert, select

from kb.embeddings import EmbeddingModel, normalised
from kb.errors import IndexOutdated
from kb.fold import simplified
from kb.rows import batched
from kb.tables import chunks, embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from kb.catalogue import Catalogue

Progress = Callable[[int, int], None]
COMMIT_SECONDS = 1.0
_VARIABLES = 500
_STORED = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class VectorBatch:
    """Some chunks with their vectors; ``vectors`` has shape (chunks, dimension)."""

    ids: list[str]
    documents: list[str]
    texts: list[str]
    vectors: NDArray[np.float32]


def embed_missing(
    catalogue: Catalogue,
    model: EmbeddingModel,
    texts: Mapping[bytes, str],
    *,
    batch_size: int,
    progress: Progress | None = None,
) -> int:
    """Embed those of ``texts`` (by key) that the cache lacks; return how many those were.

    ``progress`` gets (done, all), where what was in the cache counts as done.
    """
    missing = _missing(catalogue, model.model_id, list(texts))
    done = len(texts) - len(missing)
    if progress:
        progress(done, len(texts))
    ready: list[dict[str, object]] = []
    committed = time.monotonic()
    for keys in batched(missing, batch_size):
        vectors = embed_texts(model, [texts[key] for key in keys])
        ready += [
            {"model": model.model_id, "key": key, "vector": vector.tobytes()}
            for key, vector in zip(keys, vectors, strict=True)
        ]
        done += len(keys)
        if done == len(texts) or time.monotonic() - committed > COMMIT_SECONDS:
            with catalogue.write() as connection:
                connection.execute(insert(embeddings).prefix_with("OR IGNORE"), ready)
            ready, committed = [], time.monotonic()
        if progress:
            progress(done, len(texts))
    return len(missing)


def embed_texts(model: EmbeddingModel, texts: list[str]) -> NDArray[np.float32]:
    """Return the vectors of ``texts`` at length 1, shape (texts, dimension).

    Raises:
        IndexOutdated: the model gives vectors of another length than it says.
    """
    vectors = np.asarray(model.embed_documents([simplified(text) for text in texts]), dtype=_STORED)
    if vectors.shape != (len(texts), model.dimension):
        given, expected = vectors.shape[-1], model.dimension
        raise IndexOutdated(f"模型 {model.model_id} 的向量是 {given} 维，应为 {expected} 维，请运行 shouce rebuild")
    return normalised(vectors)


def chunk_ids(connection: Connection) -> list[str]:
    """Return the ids of all current chunks, in order."""
    return list(connection.execute(select(chunks.c.id).order_by(chunks.c.sequence)).scalars())


def chunk_count(connection: Connection) -> int:
    """Return how many chunks there are."""
    return int(connection.execute(select(func.count()).select_from(chunks)).scalar_one())


def sample_vectors(connection: Connection, model_id: str, size: int, *, seed: int = 0) -> NDArray[np.float32]:
    """Return the vectors of ``size`` chunks taken at random, the same for the same seed; shape (size, dimension).

    Raises:
        IndexOutdated: a vector is not in the cache.
    """
    ids = chunk_ids(connection)
    chosen = np.random.default_rng(seed).choice(len(ids), size, replace=False)
    batches = chunk_vectors(connection, model_id, [ids[at] for at in np.sort(chosen)])
    return np.concatenate([batch.vectors for batch in batches])


def chunk_vectors(connection: Connection, model_id: str, ids: Sequence[str] | None = None) -> Iterator[VectorBatch]:
    """Yield the chunks ``ids`` (None: all) with their vectors, some at a time.

    Raises:
        IndexOutdated: a vector is not in the cache.
    """
    same = (embeddings.c.key == chunks.c.key) & (embeddings.c.model == model_id)
    statement = select(chunks.c.id, chunks.c.document, chunks.c.heading, chunks.c.text, embeddings.c.vector).join_from(
        chunks, embeddings, same, isouter=True
    )
    if ids is None:
        rows = connection.execute(statement.order_by(chunks.c.sequence).execution_options(yield_per=_VARIABLES))
        yield from (_batch(some) for some in rows.partitions())
        return
    for some in batched(ids, _VARIABLES):
        found = connection.execute(statement.where(chunks.c.id.in_(some)).order_by(chunks.c.sequence)).all()
        if found:
            yield _batch(found)


def _batch(rows: Sequence[Any]) -> VectorBatch:
    ids, documents, headings, texts, blobs = map(list, zip(*rows, strict=True))
    if None in blobs:
        raise IndexOutdated("知识库缺少部分向量，请运行 shouce rebuild 重新计算")
    vectors = np.frombuffer(b"".join(blobs), dtype=_STORED).reshape(len(blobs), -1)
    indexed = [f"{heading}\n{text}" for heading, text in zip(headings, texts, strict=True)]
    return VectorBatch(ids, documents, indexed, vectors)


def _missing(catalogue: Catalogue, model_id: str, keys: Sequence[bytes]) -> list[bytes]:
    known: set[bytes] = set()
    with catalogue.read() as connection:
        for some in batched(keys, _VARIABLES):
            statement = select(embeddings.c.key).where(embeddings.c.model == model_id, embeddings.c.key.in_(some))
            known.update(connection.execute(statement).scalars())
    return [key for key in keys if key not in known]
