"""A linear map that turns a question's vector towards the passages that answer it; passages stay as they were embedded.

Questions are asked in words of their own, and the bundled model was taught on other people's. The shipped map (384 × 384,
``eval/question_adapter.py`` makes it) belongs to that model alone; any other model's vectors are left as they are.
Knows vectors, no texts. Query-side linear adapters: Llama-Index "linear adapter", 2023; here trained with InfoNCE.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE_NAME = "question_adapter.npz"


@dataclass(frozen=True, slots=True)
class QuestionAdapter:
    """The map of one model: ``matrix`` has shape (dimension, dimension)."""

    model_id: str
    matrix: NDArray[np.float32] = field(repr=False)

    def adapt(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return question vectors, shape (…, dimension), mapped and of length 1."""
        mapped = vectors @ self.matrix
        result: NDArray[np.float32] = mapped / np.maximum(np.linalg.norm(mapped, axis=-1, keepdims=True), 1e-9)
        return result

    def save(self, path: Path) -> None:
        """Write the map in half precision (288 KB)."""
        np.savez_compressed(path, model=np.array(self.model_id), matrix=self.matrix.astype(np.float16))


def load_adapter(path: Path) -> QuestionAdapter:
    """Return the map in ``path``."""
    with np.load(path, allow_pickle=False) as stored:
        return QuestionAdapter(str(stored["model"]), stored["matrix"].astype(np.float32))


@lru_cache(maxsize=1)
def _shipped() -> QuestionAdapter:
    return load_adapter(Path(str(files("kb").joinpath(FILE_NAME))))


def shipped_adapter(model_id: str) -> QuestionAdapter | None:
    """Return the map shipped for ``model_id``; None for every other model."""
    adapter = _shipped()
    return adapter if adapter.model_id == model_id else None
