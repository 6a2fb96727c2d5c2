"""Reads a question and a passage together and says how likely the passage holds what is asked: a small cross-encoder.

The first layers of the bundled encoder with low-rank additions and a linear head on the mean states of both;
``tools/train_cross_encoder.py`` trains them on questions about handbooks and SOPs, with the passages that search puts first as
the wrong ones. Sources: passage re-ranking with BERT (Nogueira and Cho, 2019), LoRA (Hu and others, 2021).
Ships with the product, unlike the models that ``kb/rerank.py`` opens. Knows texts, nothing of documents.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.added_layers import AddedLayers
from kb.bundled_file import bundled_file, bundled_tokenizer, is_bundled
from kb.fold import simplified

if TYPE_CHECKING:
    from collections.abc import Sequence

PATH = Path(__file__).with_name("cross_encoder.npz")
QUESTION_TOKENS, PASSAGE_TOKENS = 40, 144
"""How much is read of either; a passage's time grows with its length (some 12 ms at 150 tokens)."""

LONGEST = 400
_KEPT = 4096


class CrossEncoder:
    """Log-odds that a passage holds what is asked. Loading takes 0.1 s and some 30 MB, once needed.

    One thread: with two, fifty people at once wait half as long again.
    """

    def __init__(self, path: Path = PATH, *, threads: int = 1) -> None:
        self._layers = AddedLayers(path, threads=threads)
        self._kept = lru_cache(maxsize=_KEPT)(self._read)

    def __call__(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return for each passage, with its headings in front, a logit that it answers ``question``."""
        return [self._kept(question, passage[:LONGEST]) for passage in passages]

    def _read(self, question: str, passage: str) -> float:
        special = bundled_file().special
        asked, read = tokens("query: " + question, QUESTION_TOKENS), tokens(passage, PASSAGE_TOKENS)
        (states,) = self._layers.states([(special.begin, *asked, special.end, special.end, *read, special.end)])
        first = len(asked) + 3
        of_question, of_passage = states[1 : first - 2].mean(0), states[first:-1].mean(0)
        return self._layers.logit(np.concatenate([states[0], of_question, of_passage, of_question * of_passage]))


def open_cross_encoder() -> CrossEncoder | None:
    """Return the cross-encoder of this process; ``None`` where the bundled model is not installed."""
    return _shared() if is_bundled() else None


@lru_cache(maxsize=_KEPT)
def tokens(text: str, most: int) -> tuple[int, ...]:
    """Return the first ``most`` ids of ``text``, read in simplified characters, never none."""
    return tuple(bundled_tokenizer().encode(simplified(text))[:most]) or (bundled_file().special.unknown,)


@cache
def _shared() -> CrossEncoder:
    return CrossEncoder()
