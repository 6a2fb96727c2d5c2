"""Which usual causes a problem tells of, learnt from statements whose causes are known (``tools/problem_statements.tsv``).

A multinomial logistic regression on the bundled encoder's vector and the pairs of Han characters, with one class more for
what is nothing of work. ``tools/learn_causes.py`` fits it; the figures hold for the bundled model and for the causes they
were learnt with, else there are none. Knows texts and vectors, no clauses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from assistant.plan.kinds import causes_in_order
from kb.embeddings import normalised
from kb.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FILE_NAME = "learnt.npz"
# What is nothing of work, from this probability on: 1 of the 734 statements and 66 of the 80 others (learnt without each).
NOTHING = 0.3
_OTHER_THAN_HAN = re.compile(r"[^\u4e00-\u9fff]")
_HIGHEST = 127


@dataclass(frozen=True)
class Learnt:
    """Figures for one model: ``weights`` (dimension + pairs, causes + 1) act on a vector about ``mean`` and on ``pairs``."""

    model: str
    mean: Floats
    pairs: tuple[str, ...]
    weights: Floats
    bias: Floats

    def log_odds(self, text: str, vector: Floats) -> Floats:
        """Return a score for each cause and, last, for nothing of work; ``vector`` is the model's for ``text`` as a query."""
        found: Floats = features([text], vector[None], self.mean, self.pairs)[0] @ self.weights + self.bias
        return found

    def save(self, path: Path) -> None:
        """Write the figures, one byte a weight."""
        peaks = np.maximum(np.abs(self.weights).max(axis=1, keepdims=True), 1e-9)
        np.savez_compressed(
            path,
            model=np.array(self.model),
            digest=np.array(_digest()),
            mean=self.mean.astype(np.float16),
            pairs=np.array("".join(self.pairs)),
            weights=np.round(self.weights / peaks * _HIGHEST).astype(np.int8),
            peaks=peaks.astype(np.float16),
            bias=self.bias.astype(np.float16),
        )


@cache
def shipped_figures() -> Learnt | None:
    """Return the figures of the package; None where the causes changed since (run ``python -m tools.learn_causes``)."""
    with files("assistant.plan").joinpath(FILE_NAME).open("rb") as file, np.load(file, allow_pickle=False) as stored:
        if str(stored["digest"]) != _digest():
            return None
        pairs = str(stored["pairs"])
        return Learnt(
            model=str(stored["model"]),
            mean=stored["mean"].astype(np.float32),
            pairs=tuple(pairs[at : at + 2] for at in range(0, len(pairs), 2)),
            weights=stored["weights"].astype(np.float32) * stored["peaks"].astype(np.float32) / _HIGHEST,
            bias=stored["bias"].astype(np.float32),
        )


def features(texts: Iterable[str], vectors: Floats, mean: Floats, pairs: tuple[str, ...]) -> Floats:
    """Return what the map sees of texts: their vectors about ``mean`` at length 1, and which of ``pairs`` stand in them."""
    places = {pair: at for at, pair in enumerate(pairs)}
    told = np.zeros((len(vectors), len(pairs)), dtype=np.float32)
    for row, text in enumerate(texts):
        own = pairs_of(text)
        for pair in own & places.keys():
            told[row, places[pair]] = len(own) ** -0.5
    seen: Floats = np.hstack([normalised(normalised(vectors) - mean), told])
    return seen


def pairs_of(text: str) -> set[str]:
    """Return the pairs of Han characters in ``text``, over whatever stands between them."""
    han = _OTHER_THAN_HAN.sub("", fold(text))
    return {han[at : at + 2] for at in range(len(han) - 1)}


def probabilities(log_odds: Floats) -> Floats:
    """Return the softmax."""
    found = np.exp(log_odds - log_odds.max())
    shares: Floats = found / found.sum()
    return shares


def _digest() -> str:
    return sha256("\n".join(f"{kind}：{cause.text}" for kind, cause in causes_in_order()).encode()).hexdigest()
