"""How likely a Chinese character is after up to three before it: a small shipped table of figures.

``language.npz`` is built by ``tools/build_language.py``. It holds runs of one to four characters of simplified text as a
tree, with natural logarithms in steps of ``STEP``: the probability of the last character after the others, and the weight
of shorter runs where a longer one is not held (Katz' form of interpolated Kneser-Ney probabilities). Everything is
looked up for whole texts at once with NumPy.

Knows nothing of words (``lexicon``), nor of the document at hand (``document_language``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PATH = Path(__file__).with_name("language.npz")
ORDER = 4
STEP = 0.07
HIGHEST = 30
"""Natural logarithms are stored as the number of ``STEP`` below ``HIGHEST`` times ``STEP``: from 2.1 down to -15.75."""

UNKNOWN = -13.0
"""The log probability of a character that is not in the table."""

OTHER = 0
"""The number of every such character."""

_DIGITS = re.compile(r"[0-9０-９]+")
_LETTERS = re.compile("[A-Za-zＡ-Ｚａ-ｚ]+")
_SPACES = re.compile(r"\s+")
_WIDE = str.maketrans(",;:?!()", "，；：？！（）")
_BEYOND = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


def normalised(text: str) -> str:
    """Return ``text`` as it is counted: a number is ``0``, a word in letters ``a``, white space a line end."""
    return _LETTERS.sub("a", _DIGITS.sub("0", _SPACES.sub("\n", text))).translate(_WIDE)


def quantised(logs: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Return natural logarithms as they are stored."""
    found: npt.NDArray[np.uint8] = np.clip(np.rint(HIGHEST - logs / STEP), 0, 255).astype(np.uint8)
    return found


@dataclass(frozen=True, eq=False)
class Language:
    """``index`` numbers the characters from 1; ``keys``, ``logs`` and ``backoff`` are of runs of one to four.

    The key of a run is the place of its beginning among the shorter runs, times ``size``, plus its last character.
    """

    index: npt.NDArray[np.uint16]
    size: int
    keys: tuple[Numbers, ...]
    logs: tuple[Floats, ...]
    backoff: tuple[Floats, ...]

    def numbers(self, text: str) -> Numbers:
        """Return the number of each character of simplified ``text``."""
        codes = np.frombuffer(_BEYOND.sub("\ufffd", text).encode("utf-16-le"), dtype="<u2")
        numbers: Numbers = self.index[codes].astype(np.int64)
        return numbers

    def read(self, text: str) -> tuple[Numbers, npt.NDArray[np.bool_]]:
        """Return the numbers of simplified ``text`` as it is counted, and which of its characters they are.

        All but the first of the digits of a number, the letters of a word and the signs of white space are left out.
        """
        numbers = self.numbers(text)
        once = self._once[numbers]
        kept = np.ones(len(numbers), bool)
        kept[1:] = ~(once[1:] & (numbers[1:] == numbers[:-1]))
        return numbers[kept], kept

    def likelihoods(self, numbers: Numbers) -> Floats:
        """Return the log probability of each of ``numbers`` after up to three before it."""
        found = self.logs[0][numbers]
        weights, place = self.backoff[0][numbers], numbers
        for length in range(2, ORDER + 1):
            before = _shifted(place, -1)
            wanted = np.where(before >= 0, before * self.size + numbers, -1)
            place, known = find(self.keys[length - 2], wanted)
            found = np.where(known, self.logs[length - 1][place], found + _shifted(weights, 0))
            if length < ORDER:
                weights = np.where(known, self.backoff[length - 1][place], np.float32(0))
                place = np.where(known, place, -1)
        return found

    @cached_property
    def _once(self) -> npt.NDArray[np.bool_]:
        """Which characters are read once however often they follow each other."""
        found = np.zeros(self.size, bool)
        found[self.numbers("0a\n")] = True
        return found

    @cached_property
    def pairs(self) -> npt.NDArray[np.uint8]:
        """How likely every character is after every other one, as stored, shape (size, size); 0.02 s and 15 MB."""
        behind = np.rint(self.backoff[0] / -STEP).astype(np.int16)
        alone = quantised(self.logs[0]).astype(np.int16)
        found = np.empty((self.size, self.size), np.uint8)
        for first in range(0, self.size, _ROWS):
            found[first : first + _ROWS] = np.clip(behind[first : first + _ROWS, None] + alone, 0, 255)
        found.reshape(-1)[self.keys[0]] = quantised(self.logs[1])
        return found


def find(keys: Numbers, wanted: Numbers) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Return where in sorted ``keys`` each of ``wanted`` stands, and whether it does."""
    places = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
    return places, (keys[places] == wanted) if len(keys) else np.zeros(len(wanted), bool)


def _shifted(values: npt.NDArray[Any], first: int) -> npt.NDArray[Any]:
    """Return each value's predecessor."""
    shifted = np.empty_like(values)
    shifted[:1] = first
    shifted[1:] = values[:-1]
    return shifted


_ROWS = 256
LOGS = (STEP * (HIGHEST - np.arange(256))).astype(np.float32)
"""The natural logarithm of each stored figure."""


@lru_cache(maxsize=1)
def load_language() -> Language:
    """Return the shipped table. Takes 0.05 s, once, and 25 MB."""
    with np.load(PATH) as stored:
        characters = stored["characters"]
        size = len(characters) + 1
        index = np.zeros(65536, dtype=np.uint16)
        index[characters] = np.arange(1, size)
        for wide, plain in (*zip(range(0xFF10, 0xFF1A), "0" * 10, strict=True),
                            *((code, "a") for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))),
                            *((ord(code), "0") for code in "123456789"),
                            *((code, "a") for code in (*range(0x41, 0x5B), *range(0x61, 0x7B)) if chr(code) != "a"),
                            *((ord(code), wide) for code, wide in zip(",;:?!()", "，；：？！（）", strict=True)),
                            *((ord(code), "\n") for code in " \t\r\u3000")):  # fmt: skip
            index[wide] = index[ord(plain)]
        keys = []
        begins = np.arange(1, size)
        for length in range(2, ORDER + 1):
            children = np.repeat(begins, stored[f"children_{length}"]).astype(np.int64)
            keys.append(children * size + stored[f"last_{length}"])
            begins = np.arange(len(keys[-1]))
        logs = [LOGS[stored[f"logs_{length}"]] for length in range(1, ORDER + 1)]
        backoff = [LOGS[stored[f"backoff_{length}"]] for length in range(1, ORDER)]
    logs[0] = np.concatenate(([UNKNOWN], logs[0])).astype(np.float32)
    backoff[0] = np.concatenate(([0.0], backoff[0])).astype(np.float32)
    return Language(index, size, tuple(keys), tuple(logs), tuple(backoff))
