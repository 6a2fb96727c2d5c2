"""How likely a Chinese character is after the one or two before it: a small shipped table of figures.

``language.npz`` is built by ``tools/build_language.py``. It holds for every frequent character, pair and triple of
simplified text a log probability in steps of ``STEP``, smoothed after Witten and Bell [1]. Pairs are laid out as one
flat table of ``size * size`` bytes, so that whole documents are looked up at once with NumPy.

Knows nothing of words (``lexicon``), nor of the document at hand.

[1] Witten and Bell, The zero-frequency problem, IEEE Transactions on Information Theory 37 (1991), method C.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PATH = Path(__file__).with_name("language.npz")
STEP = 0.125
"""Natural logarithms are stored as multiples of this, from 0 down to -31.75."""

UNKNOWN = -13.0
"""The log probability of a character that is not in the table."""

DOCUMENT_STRENGTH = 10.0
"""How many characters after another one in a document weigh as much as all text at large."""

_DIGITS = re.compile(r"[0-9０-９]+")
_LETTERS = re.compile("[A-Za-zＡ-Ｚａ-ｚ]+")
_SPACES = re.compile(r"\s+")
_WIDE = str.maketrans(",;:?!()", "，；：？！（）")
_BEYOND = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")
_OTHER = 0

Array = npt.NDArray[Any]


def normalised(text: str) -> str:
    """Return ``text`` as it is counted: a number is ``0``, a word in letters ``a``, white space a line end."""
    return _LETTERS.sub("a", _DIGITS.sub("0", _SPACES.sub("\n", text))).translate(_WIDE)


def quantised(probabilities: Sequence[float]) -> npt.NDArray[np.uint8]:
    """Return probabilities as steps of their negative logarithm, from 1."""
    steps = np.rint(-np.log(np.maximum(probabilities, 1e-9)) / STEP) + 1
    found: npt.NDArray[np.uint8] = np.clip(steps, 1, 255).astype(np.uint8)
    return found


@dataclass(frozen=True, eq=False)
class Language:
    """``index`` numbers the characters from 1 (0: any other); arrays are in numbers, 0 in ``pair`` means never seen."""

    index: Array
    size: int
    single: npt.NDArray[np.float32]
    backoff: npt.NDArray[np.float32]
    pair: npt.NDArray[np.uint8]
    keys: npt.NDArray[np.int64]
    pair_backoff: dict[int, float]
    triple: dict[int, float]
    cache: dict[str, float]

    def numbers(self, text: str) -> npt.NDArray[np.int64]:
        """Return the number of each character of simplified ``text``."""
        codes = np.frombuffer(_BEYOND.sub("\ufffd", text).encode("utf-16-le"), dtype="<u2")
        numbers: npt.NDArray[np.int64] = self.index[codes].astype(np.int64)
        return numbers

    def after(self, first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return the log probability of each number of ``second`` after that of ``first``; they broadcast."""
        steps = self.pair[first * self.size + second]
        return np.where(steps > 0, _LOGS[steps], self.backoff[first] + self.single[second])

    def adapted(self, text: str) -> Language:
        """Return the table sharpened by the character pairs of a document's simplified ``text``."""
        numbers = self.numbers(text)
        pairs, times = np.unique(numbers[:-1] * self.size + numbers[1:], return_counts=True)
        first, second = np.divmod(pairs, self.size)
        after = np.bincount(numbers[:-1], minlength=self.size)
        share = (np.log(DOCUMENT_STRENGTH) - np.log(after + DOCUMENT_STRENGTH)).astype(np.float32)
        expected = DOCUMENT_STRENGTH * np.exp(self.after(first, second))
        table = self.pair.copy()
        keys = self.keys
        table[keys] = np.minimum(255, table[keys] + np.rint(-share / STEP).astype(np.int64)[keys // self.size])
        table[pairs] = quantised((times + expected) / (after[first] + DOCUMENT_STRENGTH))
        table[:: self.size] = 0  # nothing is known of characters outside the table
        table[: self.size] = 0
        return replace(self, pair=table, backoff=self.backoff + share, cache={})

    def after_one(self, first: str, second: str) -> float:
        """Return the log probability of the character ``second`` after ``first``."""
        known = self.cache.get(first + second)
        if known is None:
            one, two = self._number(first), self._number(second)
            steps = int(self.pair[one * self.size + two])
            known = float(_LOGS[steps] if steps else self.backoff[one] + self.single[two])
            self.cache[first + second] = known
        return known

    def after_two(self, before: str, second: str) -> float:
        """Return the log probability of ``second`` after the two characters ``before`` (one where there is no more)."""
        known = self.cache.get(before + second)
        if known is None:
            if len(before) < 2:
                return self.after_one(before or "\n", second)
            if second.isascii() and second.isalnum() and before[-1].isascii() and before[-1].isalnum():
                return 0.0  # a number, or a word in letters, counts once
            pair = self._number(before[0]) * self.size + self._number(before[1])
            found = self.triple.get(pair * self.size + self._number(second))
            if found is None:
                found = self.pair_backoff.get(pair, 0.0) + self.after_one(before[1], second)
            known = self.cache[before + second] = found
        return known

    def _number(self, character: str) -> int:
        code = ord(character)
        return int(self.index[code]) if code < len(self.index) else _OTHER


_LOGS = np.concatenate(([0.0], -STEP * np.arange(255))).astype(np.float32)


@lru_cache(maxsize=1)
def load_language() -> Language:
    """Return the shipped table. Takes 0.1 s, once, and 25 MB."""
    with np.load(PATH) as stored:
        characters = stored["characters"]
        size = len(characters) + 1
        index = np.zeros(65536, dtype=np.uint16)
        index[characters] = np.arange(1, size)
        for wide, plain in (*zip(range(0xFF10, 0xFF1A), "0" * 10, strict=True),
                            *((code, "a") for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))),
                            *((ord(code), "0") for code in "0123456789"),
                            *((code, "a") for code in (*range(0x41, 0x5B), *range(0x61, 0x7B))),
                            *((ord(code), wide) for code, wide in zip(",;:?!()", "，；：？！（）", strict=True)),
                            *((ord(code), "\n") for code in " \t\r\n\u3000")):  # fmt: skip
            index[wide] = index[ord(plain)]
        single = np.concatenate(([UNKNOWN], _LOGS[stored["single"]])).astype(np.float32)
        backoff = np.concatenate(([0.0], _LOGS[stored["backoff"]])).astype(np.float32)
        keys = np.cumsum(stored["pairs"], dtype=np.int64)
        first, second = np.divmod(keys, size - 1)
        keys = (first + 1) * size + second + 1
        pair = np.zeros(size * size, dtype=np.uint8)
        pair[keys] = stored["pair"]
        weights = stored["pair_backoff"]
        held = weights > 1
        pair_backoff = dict(zip(keys[held].tolist(), _LOGS[weights[held]].tolist(), strict=True))
        triples = np.cumsum(stored["triples"], dtype=np.int64)
        rest, third = np.divmod(triples, size - 1)
        first, second = np.divmod(rest, size - 1)
        triples = ((first + 1) * size + second + 1) * size + third + 1
        triple = dict(zip(triples.tolist(), _LOGS[stored["triple"]].tolist(), strict=True))
    return Language(index, size, single, backoff, pair, keys, pair_backoff, triple, {})
