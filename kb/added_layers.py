"""The bundled encoder's first layers with what was learnt on top: additions of low rank to their matrices, and a head.

A file of learnt figures holds ``l<layer>.<matrix>.up`` and ``.down`` and the head's ``ln.weight``, ``ln.bias``,
``head.weight`` (and ``head.bias``). Source: LoRA (Hu and others, 2021). Knows nothing of what is asked of the states.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kb.bundled_file import bundled_file
from kb.encoder import layers_model, open_session
from kb.onnx_graph import BLOCK, Packed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

    Floats = NDArray[np.float32]

_HIGHEST = 127
_EPSILON = 1e-5


class AddedLayers:
    """States of tokens and what the head makes of them. Loading takes 0.1 s and some 30 MB, once needed."""

    def __init__(self, path: Path, *, threads: int = 0) -> None:
        self._path = path
        self._threads = threads

    def open(self) -> None:
        """Load the layers now rather than with the first inputs."""
        _ = self._session

    def states(self, inputs: Sequence[tuple[int, ...]]) -> list[Floats]:
        """Return the states of each input's tokens, shape (length, hidden); the inputs are read at once, padded."""
        file, longest = bundled_file(), max(map(len, inputs))
        ids = np.full((len(inputs), longest), file.special.padding)
        mask = np.zeros(ids.shape, np.int32)
        for row, one in enumerate(inputs):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        embeddings = file.words(ids) + file.places[:longest]
        found = self._session.run(None, {"embeddings": embeddings, "mask": mask})[0]
        return [found[row, : len(one)] for row, one in enumerate(inputs)]

    def logit(self, features: Floats) -> float:
        """Return what the head says of ``features``, shape (n,)."""
        learnt = self._learnt
        spread = np.sqrt(features.var() + _EPSILON)
        scaled = (features - features.mean()) / spread * learnt["ln.weight"] + learnt["ln.bias"]
        return float(scaled @ learnt["head.weight"]) + float(learnt.get("head.bias", np.zeros(1)).sum())

    @cached_property
    def _learnt(self) -> dict[str, Floats]:
        with np.load(self._path, allow_pickle=False) as stored:
            return {name: stored[name].astype(np.float32) for name in stored.files}

    @cached_property
    def _session(self) -> InferenceSession:
        file, learnt = bundled_file(), self._learnt
        layers = 1 + max(
            int(name[1:].partition(".")[0]) for name in learnt if name.startswith("l") and name[1].isdigit()
        )

        def weights(name: str) -> Floats | Packed:
            if f"{name}.up" not in learnt:
                return file.floats(name)
            # not by @: where the machine is busy, BLAS waits for its own threads many times as long as it multiplies
            added = np.einsum("ir,rj->ij", learnt[f"{name}.up"], learnt[f"{name}.down"])
            return packed(file.matrix(name) + added)

        return open_session(layers_model(file.shape, weights, layers), threads=self._threads)


def packed(matrix: Floats) -> Packed:
    """Return ``matrix`` (outputs, inputs) in 8 bits, a scale for each 32 inputs."""
    blocks = matrix.reshape(len(matrix), -1, BLOCK)
    scales = np.maximum(np.abs(blocks).max(-1), 1e-12) / _HIGHEST
    steps = np.rint(blocks / scales[..., None]) + _HIGHEST + 1
    return Packed(steps.astype(np.uint8), scales.astype(np.float32), bits=8)
