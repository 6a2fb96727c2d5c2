"""A second look: reads question and passage together and says how likely the passage holds what is asked.

Knows sentence-transformers' cross-encoders, by name or path (``search.reranker``; extra ``transformers``). None is
shipped: a small one trained on public question sets did not help on business documents (``eval/LOG.md``). Nothing is
loaded before the first question.
"""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from kb import sentence_models
from kb.errors import ModelUnavailable
from kb.fold import simplified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sentence_transformers import CrossEncoder


@runtime_checkable
class Reranker(Protocol):
    """What reads question and passage together."""

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return for each passage the log-odds that it holds what is asked, shape (n,): 0 is even, 2 is 88 %.

        Raises:
            ModelUnavailable: the model cannot be loaded.
            OptionalDependencyMissing: sentence-transformers is not installed.
        """
        ...


def open_reranker(name: str) -> Reranker | None:
    """Return the cross-encoder called ``name``, not loaded yet; ``""`` is none."""
    return CrossEncoderReranker(name) if name else None


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder with one output, by name or path, on the CPU or what PyTorch finds."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return the model's own logits, which are log-odds where it was trained on yes and no.

        Both sides are read in simplified characters. What is longer than the model reads is cut at its end.
        """
        if not passages:
            return np.zeros(0, np.float32)
        with self._lock:
            model = self._model
        from torch.nn import Identity

        asked = simplified(question)
        pairs = [(asked, simplified(passage)) for passage in passages]
        scores = model.predict(pairs, activation_fn=Identity(), show_progress_bar=False)
        return np.asarray(scores, np.float32).reshape(-1)

    @cached_property
    def _model(self) -> CrossEncoder:
        model: CrossEncoder = sentence_models.load(
            "CrossEncoder",
            self._name,
            needed_for="重排模型（search.reranker）",
            called="重排模型",
            setting="search.reranker",
        )
        if model.num_labels != 1:
            raise ModelUnavailable(f"重排模型 {self._name} 有 {model.num_labels} 个输出，应为 1 个：请换一个重排模型")
        return model
