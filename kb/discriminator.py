"""Which of several wordings of a place was written by a person: the bundled encoder as a discriminator of replaced text.

The first layers of the encoder, with low-rank additions to their matrices and a linear head on the states of the place and
its neighbours; ``tools/train_discriminator.py`` trains both on public text to tell what stood there from what lost bytes
could be taken for. Sources: ELECTRA (Clark and others, 2020) for the task, LoRA (Hu and others, 2021) for the additions.
Knows texts, nothing of bytes or documents.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kb.added_layers import AddedLayers
from kb.beside import beside
from kb.bundled_file import bundled_tokenizer, is_bundled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Thread

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PATH = Path(__file__).with_name("discriminator.npz")
CONTEXT = 16
"""How many characters on either side of the place are read."""

_AT_ONCE = 16

Wording = tuple[str, str, str]
"""What stands before a place, one way that the place may have read, what stands behind; simplified characters."""


class Tokens(NamedTuple):
    """An input's ids, and the first and the last of its tokens that cover the place."""

    ids: tuple[int, ...]
    first: int
    last: int


class Discriminator:
    """Scores of wordings, comparable between those of one place."""

    def __init__(self, *, threads: int = 0) -> None:
        self._layers = AddedLayers(PATH, threads=threads)
        self._opening: Thread | None = None

    def open(self) -> None:
        """Load the layers in a thread of their own, while the caller looks for what to ask."""
        if self._opening is None:
            self._opening = beside(self._layers.open)

    def __call__(self, wordings: Sequence[Wording]) -> list[float]:
        """Return for each wording a logit that it is the original."""
        if self._opening is not None:
            self._opening.join()
        read = [tokens_of(one) for one in wordings]
        inputs = sorted({one.ids for one in read}, key=len)
        states: dict[tuple[int, ...], Floats] = {}
        for start in range(0, len(inputs), _AT_ONCE):
            some = inputs[start : start + _AT_ONCE]
            states |= dict(zip(some, self._layers.states(some), strict=True))
        return [self._logit(states[one.ids], one) for one in read]

    def _logit(self, states: Floats, tokens: Tokens) -> float:
        _, first, last = tokens
        place = states[first : last + 1].mean(0)
        return self._layers.logit(np.concatenate([place, states[first - 1], states[min(last + 1, len(states) - 1)]]))


def open_discriminator() -> Discriminator | None:
    """Return a judge, nothing loaded yet; ``None`` where the bundled model is not installed.

    Not one for the whole process: ingest is over some time, and 30 MB are better free then.
    """
    return Discriminator() if is_bundled() else None


def tokens_of(wording: Wording) -> Tokens:
    """Return the input of a wording, ``CONTEXT`` characters on either side of its place."""
    return whole_tokens_of((wording[0][-CONTEXT:], wording[1], wording[2][:CONTEXT]))


def whole_tokens_of(wording: Wording) -> Tokens:
    """Return the input of a wording, with all that stands before and behind."""
    left, place, right = wording
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
