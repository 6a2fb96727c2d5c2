"""An embedding model with its vectors on disk, one ``.npz`` a data set: a public set takes minutes to embed, a second to read.

Layout: ``FOLDER/MODEL/SET.npz`` with ``keys`` (n, 32 bytes: SHA-256 of ``query: TEXT`` or ``passage: TEXT``, the prefix
being this file's own and not the model's) and ``vectors`` (n, dimension; float32, length 1). Written whole and put in
place at once, what others have added since kept; so several processes may share a folder.
"""

from __future__ import annotations

import hashlib
import re
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock
from langchain_core.embeddings import Embeddings

from kb.embeddings import EmbeddingModel, normalised

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAVE_SECONDS = 60.0
BATCH = 16


def key_of(kind: str, text: str) -> bytes:
    """Return the key of ``text`` as ``query`` or ``passage``: 32 bytes."""
    return hashlib.sha256(f"{kind}: {text}".encode("utf-8", "replace")).digest()


class CachedEmbeddings(Embeddings):
    """The vectors of ``model`` for one set: read where they are known, else computed and kept.

    Call ``save`` when done; long jobs are saved every minute on the way.
    """

    def __init__(self, model: EmbeddingModel, folder: Path, name: str) -> None:
        self._model = model
        self.model_id = model.model_id
        self.path = folder / re.sub(r"[^\w.-]+", "-", model.model_id) / f"{name}.npz"
        self._vectors = _read(self.path)
        self._unsaved = 0
        self._saved = time.monotonic()
        self.computed = 0

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._model.dimension

    def count_tokens(self, text: str) -> int:
        """Return how many tokens ``text`` takes as a passage."""
        return self._model.count_tokens(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each passage."""
        return [[float(value) for value in row] for row in self.passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        key = key_of("query", text)
        if key not in self._vectors:
            self._keep({key: np.asarray(self._model.embed_query(text), dtype=np.float32)})
        return [float(value) for value in self._vectors[key]]

    def passages(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of ``texts`` as passages, shape (texts, dimension); ``progress`` gets (done, missing)."""
        keys = [key_of("passage", text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        # Alike lengths make full batches; long ones first, so that what is left is told from the pace so far.
        order = sorted(missing, key=lambda key: -len(missing[key]))
        for at in range(0, len(order), BATCH):
            some = order[at : at + BATCH]
            vectors = normalised(
                np.asarray(self._model.embed_documents([missing[key] for key in some]), dtype=np.float32)
            )
            self._keep(dict(zip(some, vectors, strict=True)))
            if progress:
                progress(at + len(some), len(order))
        if not keys:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._vectors[key] for key in keys])

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of ``texts`` as questions, shape (texts, dimension)."""
        return np.asarray([self.embed_query(text) for text in texts], dtype=np.float32).reshape(len(texts), -1)

    def save(self) -> None:
        """Write what is new, beside what others have written meanwhile."""
        self._saved = time.monotonic()
        if not self._unsaved:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path.with_suffix(".lock")):
            merged = {**_read(self.path), **self._vectors}
            keys = np.frombuffer(b"".join(merged), dtype=np.uint8).reshape(-1, 32)
            written = self.path.with_suffix(".new.npz")
            np.savez(written, keys=keys, vectors=np.stack(list(merged.values())))
            written.replace(self.path)
        self._vectors = merged
        self._unsaved = 0

    def _keep(self, fresh: dict[bytes, NDArray[np.float32]]) -> None:
        self._vectors.update(fresh)
        self._unsaved += len(fresh)
        self.computed += len(fresh)
        if time.monotonic() - self._saved > SAVE_SECONDS:
            self.save()


def _read(path: Path) -> dict[bytes, NDArray[np.float32]]:
    if not path.exists():
        return {}
    try:
        with np.load(path) as stored:
            keys, vectors = stored["keys"], stored["vectors"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}  # a cache; what is damaged is computed again
    return {bytes(key): vector for key, vector in zip(keys, vectors, strict=True)}
