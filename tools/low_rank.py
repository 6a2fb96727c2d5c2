"""Additions of low rank (LoRA, Hu and others, 2021) to the bundled encoder's first layers, to be learnt with PyTorch.

What ``train_discriminator.py`` and ``train_cross_encoder.py`` have in common; ``kb/added_layers.py`` runs what they write.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import AutoModel

from kb.bundled_file import bundled_file
from kb.unpack import LAYER_NAMES, write_sentence_transformers

LAYERS, RANK = 6, 8


class Added(nn.Module):
    """A matrix that stays, and an addition of low rank that is learnt."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(torch.randn(RANK, linear.in_features) / math.sqrt(linear.in_features))
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Return the product with both."""
        low = nn.functional.linear(states, self.down.to(states.dtype))
        added: torch.Tensor = self.linear(states) + nn.functional.linear(low, self.up.to(states.dtype))
        return added


class AddedEncoder(nn.Module):
    """The first layers with their additions, and a head on ``features`` times the hidden size."""

    def __init__(self, features: int, *, bias: bool) -> None:
        super().__init__()
        with tempfile.TemporaryDirectory() as folder:
            write_sentence_transformers(Path(folder))
            self.encoder = AutoModel.from_pretrained(folder, attn_implementation="sdpa").to(torch.bfloat16)
        self.encoder.encoder.layer = self.encoder.encoder.layer[:LAYERS]
        self.encoder.requires_grad_(requires_grad=False)
        self.added: dict[str, Added] = {}
        for at, layer in enumerate(self.encoder.encoder.layer):
            for part, name in LAYER_NAMES.items():
                owner, _, own = name.rpartition(".")
                if not part.endswith("ln"):
                    module = layer.get_submodule(owner)
                    added = self.added[f"l{at}.{part}.w"] = Added(getattr(module, own))
                    setattr(module, own, added)
        self.ln = nn.LayerNorm(features * bundled_file().shape.hidden)
        self.head = nn.Linear(features * bundled_file().shape.hidden, 1, bias=bias)
        nn.init.zeros_(self.head.weight)
        if bias:
            nn.init.zeros_(self.head.bias)

    def states(self, rows: Sequence[Sequence[int]], *, step: int = 1) -> torch.Tensor:
        """Return the hidden states of ``rows`` of ids, padded to a multiple of ``step``: (n, length, hidden)."""
        longest = -(-max(map(len, rows)) // step) * step
        ids = torch.full((len(rows), longest), bundled_file().special.padding)
        mask = torch.zeros_like(ids)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = torch.tensor(row)
            mask[at, : len(row)] = 1
        found: torch.Tensor = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        return found

    def logits(self, features: torch.Tensor) -> torch.Tensor:
        """Return what the head says of ``features``, shape (n,)."""
        found: torch.Tensor = self.head(self.ln(features)).squeeze(1)
        return found

    def load(self, path: Path, *, share: float = 1.0) -> None:
        """Take the additions and the head from a file that ``save`` wrote; below 1 their weighted mean with what is here.

        Figures learnt further, averaged with those they came from, keep more of what both know (Wortsman and others, 2022).
        """
        with np.load(path, allow_pickle=False) as stored, torch.no_grad():
            for name, value in self._learnt().items():
                value.lerp_(torch.from_numpy(stored[name].astype(np.float32)), share)

    def save(self, path: Path) -> None:
        """Write the additions and the head in half precision."""
        arrays = {name: value.detach().numpy().astype(np.float16) for name, value in self._learnt().items()}
        np.savez_compressed(path, **arrays)

    def _learnt(self) -> dict[str, torch.Tensor]:
        learnt: dict[str, torch.Tensor] = {
            f"{name}.{kind}": getattr(one, kind) for name, one in self.added.items() for kind in ("up", "down")
        }
        learnt |= {"ln.weight": self.ln.weight, "ln.bias": self.ln.bias, "head.weight": self.head.weight[0]}
        return learnt if self.head.bias is None else learnt | {"head.bias": self.head.bias}
