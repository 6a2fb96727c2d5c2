"""Reads a sentence together with the clauses it cites and says which of its words they do not bear out.

The first layers of the bundled encoder with low-rank additions and a linear head on the state of each of the sentence's
tokens; ``tools/train_claim_reader.py`` trains them on labelled sentences. A sentence stands where none of its tokens is
against it, each taken by itself (noisy-or). Sources: hallucinated spans found token by token (Zhou and others, 2021), LoRA
(Hu and others, 2021), many instances under one label (Maron and Lozano-Pérez, 1998). Knows texts, nothing of rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.added_layers import AddedLayers
from kb.bundled_file import bundled_file, bundled_tokenizer, is_bundled
from kb.cross_encoder import tokens
from kb.fold import simplified

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PATH = Path(__file__).with_name("claim_reader.npz")
SENTENCE_TOKENS, EVIDENCE_TOKENS = 88, 176
"""How much is read of either."""

_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the log-probability that all of the sentence is borne out, and the log-odds of each piece that is not."""

    stands: float
    pieces: tuple[tuple[str, float], ...]

    @property
    def doubt(self) -> float:
        """The log-odds of the piece most in doubt."""
        return max((odds for _, odds in self.pieces), default=0.0)

    def doubtful(self, least: float = 0.0) -> list[str]:
        """Return the runs of pieces whose log-odds are above ``least``."""
        runs: list[str] = [""]
        for piece, odds in self.pieces:
            runs = [*runs[:-1], runs[-1] + piece] if odds > least else [*runs, ""]
        return [run for run in runs if run]


class ClaimReader:
    """Readings of a sentence beside evidence, both folded. Loading takes 0.1 s and some 30 MB, once needed."""

    def __init__(self, path: Path = PATH, *, threads: int = 1) -> None:
        self._layers = AddedLayers(path, threads=threads)
        self._kept = lru_cache(maxsize=_KEPT)(self._read)

    def __call__(self, sentence: str, evidence: str) -> Reading:
        """Return what ``evidence`` bears out of ``sentence``."""
        return self._kept(sentence, evidence)

    def _read(self, sentence: str, evidence: str) -> Reading:
        special, tokenizer = bundled_file().special, bundled_tokenizer()
        said = tokens(sentence, SENTENCE_TOKENS)
        row = (special.begin, *said, special.end, special.end, *tokens(evidence, EVIDENCE_TOKENS), special.end)
        (states,) = self._layers.states([row])
        odds = np.array([self._layers.logit(state) for state in states[1 : 1 + len(said)]])
        text = " " + tokenizer.plain(simplified(sentence)).removeprefix(" ")
        ends = np.cumsum(tokenizer.lengths(said))
        pieces = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
        stands = -float(np.logaddexp(0.0, odds).sum())
        return Reading(stands, tuple(zip(pieces, odds.tolist(), strict=True)))


def open_claim_reader() -> ClaimReader | None:
    """Return the reader of this process; ``None`` where the bundled model is not installed."""
    return _shared() if is_bundled() else None


@cache
def _shared() -> ClaimReader:
    return ClaimReader()
