"""Which of several wordings of a place was written by a person: the bundled encoder as a discriminator of replaced text.

The first layers of the encoder, with low-rank additions to their matrices and a linear head on the states of the place and
its neighbours; ``tools/train_discriminator.py`` trains both on public text to tell what stood there from what lost bytes
could be taken for. Sources: ELECTRA (Clark and others, 2020) for the task, LoRA (Hu and others, 2021) for the additions.
Knows texts, nothing of bytes or documents.
"""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kb.bundled_file import BundledFile, bundled_file, bundled_path, bundled_tokenizer
from kb.encoder import layers_model, open_session
from kb.errors import ModelUnavailable
from kb.onnx_graph import BLOCK, Packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

    Floats = NDArray[np.float32]

PATH = Path(__file__).with_name("discriminator.npz")
CONTEXT = 16
"""How many characters on either side of the place are read."""

_AT_ONCE = 16
_HIGHEST = 127
_EPSILON = 1e-5


Wording = tuple[str, str, str]
"""What stands before a place, one way that the place may have read, what stands behind; simplified characters."""


class Tokens(NamedTuple):
    """An input's ids, and the first and the last of its tokens that cover the place."""

    ids: tuple[int, ...]
    first: int
    last: int


class Discriminator:
    """Scores of wordings, comparable between those of one place. Loading takes 0.2 s and some 30 MB, once needed."""

    def __init__(self, *, threads: int = 0) -> None:
        self._threads = threads

    def __call__(self, wordings: Sequence[Wording]) -> list[float]:
        """Return for each wording a logit that it is the original."""
        read = [tokens_of(one) for one in wordings]
        inputs = sorted({one.ids for one in read}, key=len)
        states: dict[tuple[int, ...], Floats] = {}
        for start in range(0, len(inputs), _AT_ONCE):
            states |= self._states(inputs[start : start + _AT_ONCE])
        return [self._logit(states[one.ids], one) for one in read]

    def _states(self, inputs: Sequence[tuple[int, ...]]) -> dict[tuple[int, ...], Floats]:
        """Return the states of each input's tokens, shape (length, hidden)."""
        longest = max(map(len, inputs))
        ids = np.full((len(inputs), longest), self._file.special.padding)
        mask = np.zeros(ids.shape, np.int32)
        for row, one in enumerate(inputs):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        embeddings = self._file.words(ids) + self._file.places[:longest]
        found = self._session.run(None, {"embeddings": embeddings, "mask": mask})[0]
        return {one: found[row, : len(one)] for row, one in enumerate(inputs)}

    def _logit(self, states: Floats, tokens: Tokens) -> float:
        _, first, last = tokens
        place = states[first : last + 1].mean(0)
        features = np.concatenate([place, states[first - 1], states[min(last + 1, len(states) - 1)]])
        spread = np.sqrt(features.var() + _EPSILON)
        scaled = (features - features.mean()) / spread * self._learnt["ln.weight"] + self._learnt["ln.bias"]
        return float(scaled @ self._learnt["head.weight"])

    @cached_property
    def _file(self) -> BundledFile:
        return bundled_file()

    @cached_property
    def _learnt(self) -> dict[str, Floats]:
        with np.load(PATH, allow_pickle=False) as stored:
            return {name: stored[name].astype(np.float32) for name in stored.files}

    @cached_property
    def _session(self) -> InferenceSession:
        learnt = self._learnt
        layers = 1 + max(
            int(name[1:].partition(".")[0]) for name in learnt if name.startswith("l") and name[1].isdigit()
        )

        def weights(name: str) -> Floats | Packed:
            if f"{name}.up" not in learnt:
                return self._file.floats(name)
            # not by @: where the machine is busy, BLAS waits for its own threads many times as long as it multiplies
            added = np.einsum("ir,rj->ij", learnt[f"{name}.up"], learnt[f"{name}.down"])
            return packed(self._file.matrix(name) + added)

        return open_session(layers_model(self._file.shape, weights, layers), threads=self._threads)


def open_discriminator() -> Discriminator | None:
    """Return the judge of this process; ``None`` where the bundled model is not installed."""
    try:
        bundled_path()
    except ModelUnavailable:
        return None
    return _shared()


@cache
def _shared() -> Discriminator:
    return Discriminator()


def tokens_of(wording: Wording) -> Tokens:
    """Return the input of a wording, ``CONTEXT`` characters on either side of its place."""
    left, place, right = wording[0][-CONTEXT:], wording[1], wording[2][:CONTEXT]
    tokenizer = bundled_tokenizer()
    ids = tokenizer.encode(left + place + right)
    # the tokenizer puts one sign before the text
    begin = len(tokenizer.plain(left)) + (not left.startswith(" "))
    end = begin + len(tokenizer.plain(place))
    ends = np.cumsum(tokenizer.lengths(ids))
    latest = max(0, len(ids) - 1)
    first = min(int(np.searchsorted(ends, begin, "right")), latest)
    last = min(max(first, int(np.searchsorted(ends, end, "left"))), latest)
    return Tokens((tokenizer.special.begin, *ids, tokenizer.special.end), first + 1, last + 1)


def packed(matrix: Floats) -> Packed:
    """Return ``matrix`` (outputs, inputs) in 8 bits, a scale for each 32 inputs."""
    blocks = matrix.reshape(len(matrix), -1, BLOCK)
    scales = np.maximum(np.abs(blocks).max(-1), 1e-12) / _HIGHEST
    steps = np.rint(blocks / scales[..., None]) + _HIGHEST + 1
    return Packed(steps.astype(np.uint8), scales.astype(np.float32), bits=8)
