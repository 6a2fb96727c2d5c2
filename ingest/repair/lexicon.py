"""Words and how likely they are: jieba's dictionary, sharpened by the words of the document at hand.

Knows the folding of GBK characters to simplified ones, unigram probabilities and the document's own word and character
pairs. Knows nothing of bytes that were lost or of where the damage is. All probabilities are natural logarithms.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.repair.characters import is_han
from ingest.repair.language import Language, load_language
from kb.errors import OptionalDependencyMissing

LONGEST_WORD = 4
RAREST_KEPT = 5
"""Dictionary words below this frequency are left out: most of the 350,000 are names and noise that fit anything."""

COMMON = 50
"""A lost character is looked for among those of dictionary words from this frequency on (4,500)."""

DICTIONARY_STRENGTH = 3000.0
"""How many words of a document weigh as much as the whole dictionary."""

PAIR_STRENGTH = 3.0
NEIGHBOUR_STRENGTH = 10.0
NEIGHBOUR_WEIGHT = 0.4
"""Smoothing of word pairs and of character pairs across words, and the weight of the latter."""

WORDS, CHARACTERS = 0.67, 0.33
"""Weights of the logarithms of words and of characters after two others; they say much the same, so they add up to 1."""

OTHER_SCRIPT = -3.5
"""What a character costs at most that only the other script has."""

UNSEEN_CHARACTER = -17.5
OTHER_CHARACTER = -13.0
ASCII_TOKEN = -6.0
ASCII_CHARACTER = -1.5
PUNCTUATION = {
    "，": -3.2, ",": -3.4, "。": -3.6, "、": -3.8, "；": -5.5, ";": -5.7, "：": -5.0, ":": -5.2, "（": -5.5, "）": -5.5,
    "(": -5.7, ")": -5.7, "“": -5.5, "”": -5.5, "《": -5.5, "》": -5.5, "？": -6.5, "！": -7.5, "—": -7.0, "·": -8.0,
}  # fmt: skip

_NUMBER = "0"
"""Every number, when what follows it is learnt."""

_LEARNT = re.compile("[㐀-䶿一-鿿0]")


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Word counts; the words sorted, to find beginnings; the weight of each first character; common characters."""

    counts: dict[str, int]
    words: list[str]
    starts: dict[str, int]
    common: frozenset[str]
    total: int


@lru_cache(maxsize=1)
def load_dictionary() -> Dictionary:
    """Return jieba's dictionary, without importing jieba (0.3 s). Takes 0.2 s, once.

    Raises:
        OptionalDependencyMissing: jieba is not installed.
    """
    spec = find_spec("jieba")
    if spec is None or not spec.origin:
        raise OptionalDependencyMissing("修复乱码需要 jieba 的词典：请运行 pip install jieba")
    fields = (Path(spec.origin).parent / "dict.txt").read_text("utf-8").split()
    counts = {
        word: number
        for word, count in zip(fields[0::3], fields[1::3], strict=True)
        if len(word) <= LONGEST_WORD and ((number := int(count)) >= RAREST_KEPT or len(word) == 1)
    }
    words = sorted(counts)
    starts: dict[str, int] = {}
    for word in words:
        starts[word[0]] = starts.get(word[0], 0) + counts[word]
    common = frozenset("".join(word for word, count in counts.items() if count >= COMMON))
    return Dictionary(counts, words, starts, common, sum(counts.values()))


def word_log_probability(word: str) -> float | None:
    """Return the log probability of a dictionary word in text at large; ``None`` for what is no word."""
    dictionary = load_dictionary()
    count = dictionary.counts.get(word)
    return None if count is None else math.log(max(count, 1) / dictionary.total)


def is_ordinary(word: str) -> bool:
    """Say whether a word is beyond suspicion: in the dictionary, and as a single character frequent (1 in 3,000)."""
    known = word_log_probability(word)
    if known is None:
        return not any(map(is_han, word))
    return len(word) > 1 or known > -8.0


@dataclass(frozen=True, slots=True)
class GbkTable:
    """Every two-byte GBK character: ``fold`` to simplified, and the characters of each lead and each trail byte.

    ``by_lead[b]`` and ``by_trail[b]`` map a folded character to the originals that have the byte; they hold common
    characters and punctuation only: what could stand where a byte was lost.
    """

    fold: dict[str, str]
    by_lead: dict[int, dict[str, list[str]]]
    by_trail: dict[int, dict[str, list[str]]]
    simplified: frozenset[str]
    """Characters that only simplified text has; one that both have (升, 后, 面) is none, whatever folds to it."""
    usual: dict[str, str]
    """The traditional form of each folded character that OpenCC would write."""

    def any_of(self, trails: frozenset[int]) -> dict[str, list[str]]:
        """Return the characters whose trail byte is one of ``trails``."""
        merged: dict[str, list[str]] = {}
        for trail in trails:
            for simple, characters in self.by_trail.get(trail, {}).items():
                merged.setdefault(simple, []).extend(characters)
        return merged


@lru_cache(maxsize=1)
def load_gbk_table() -> GbkTable:
    """Return all 23,000 two-byte characters with their folding. Takes 0.06 s, once."""
    from opencc import OpenCC

    characters: dict[str, tuple[int, int]] = {}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            character = bytes((lead, trail)).decode("gbk", "ignore")
            if len(character) == 1 and trail != 0x7F and not character.isascii():
                characters[character] = (lead, trail)
    folded = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    fold = dict(zip(characters, folded, strict=True))
    common = load_dictionary().common
    by_lead: dict[int, dict[str, list[str]]] = {}
    by_trail: dict[int, dict[str, list[str]]] = {}
    for character, (lead, trail) in characters.items():
        simple = fold[character]
        if simple in common or character in PUNCTUATION:
            by_lead.setdefault(lead, {}).setdefault(simple, []).append(character)
            by_trail.setdefault(trail, {}).setdefault(simple, []).append(character)
    restored = OpenCC("s2t").convert("\n".join(characters)).split("\n")
    usual = dict(zip(characters, restored, strict=True))
    simplified = frozenset(one for one, other in usual.items() if one != other)
    return GbkTable(fold, by_lead, by_trail, simplified, usual)


class Lexicon:
    """The language of one document: dictionary, the document's words, word pairs and character pairs, interpolated."""

    def __init__(self, words: Sequence[str], *, scripts: tuple[int, int] = (0, 0)) -> None:
        """Learn from a document cut into simplified ``words``; ``scripts``: its traditional and simplified characters."""
        self._dictionary = load_dictionary()
        self._language = load_language()
        self._adapted: Language | None = None
        both = sum(scripts) + 2
        self.script_costs = tuple(max(OTHER_SCRIPT, math.log((one + 1) / both)) for one in scripts)
        words = [_NUMBER if word.isdecimal() else word for word in words]
        self._counts = Counter(word for word in words if len(word) <= LONGEST_WORD and _LEARNT.search(word))
        self._pairs = Counter(pairwise(words))
        self._size = sum(self._counts.values())
        self._text = "".join(words)
        self._characters = Counter(self._text)
        self._neighbours = Counter(pairwise(self._text))
        self._own = sorted(word for word in self._counts if word not in self._dictionary.counts)
        self._alone: dict[str, float] = {}
        self._after: dict[tuple[str, str], float] = {}
        self._spelled: dict[tuple[str, str], float] = {}
        self._begun: dict[str, bool] = {}
        self._seconds: dict[str, frozenset[str]] = {}

    def knows(self, word: str) -> bool:
        """Say whether ``word`` is a word."""
        return word in self._dictionary.counts or word in self._counts

    def begins(self, text: str) -> bool:
        """Say whether a longer word begins with ``text``."""
        known = self._begun.get(text)
        if known is None:
            sources = (self._dictionary.words, self._own)
            known = self._begun[text] = any(_has_beginning(words, text) for words in sources)
        return known

    def continues(self, first: str, second: str) -> bool:
        """Say whether two characters are a word or begin one."""
        return self.knows(first + second) or self.begins(first + second)

    def following(self, first: str) -> frozenset[str]:
        """Return the characters that stand second in a word that begins with ``first``."""
        known = self._seconds.get(first)
        if known is None:
            both = (_beginning_with(words, first) for words in (self._dictionary.words, self._own))
            known = self._seconds[first] = frozenset(word[1] for words in both for word in words if len(word) > 1)
        return known

    def alone(self, word: str) -> float:
        """Return the log probability of a word without regard to its neighbours."""
        known = self._alone.get(word)
        if known is None:
            known = self._alone[word] = self._probability(word)
        return known

    def alone_if_known(self, word: str) -> float:
        """Return the log probability of a word, minus infinity for what is no word."""
        return self.alone(word) if self.knows(word) else -math.inf

    def after(self, previous: str, word: str) -> float:
        """Return the log probability of ``word`` after ``previous``, which may be empty."""
        known = self._after.get((previous, word))
        if known is None:
            one = _NUMBER if previous.isdecimal() else previous
            known = self._after[previous, word] = WORDS * self._pair_probability(one, word)
        return known

    def spelled(self, tail: str, word: str) -> float:
        """Return the log probability of the characters of ``word`` after ``tail``, the two before it."""
        known = self._spelled.get((tail, word))
        if known is None:
            text, after = tail + word, self._language.after_two
            known = CHARACTERS * sum(after(text[max(0, at - 2) : at], text[at]) for at in range(len(tail), len(text)))
            self._spelled[tail, word] = known
        return known

    def numbers(self, text: str) -> npt.NDArray[np.int64]:
        """Return the number of each character of simplified ``text``, for ``after_characters``."""
        return self._language.numbers(text)

    def after_characters(self, first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return the log probability of each character of ``second`` after that of ``first``; they broadcast."""
        if self._adapted is None:
            self._adapted = self._language.adapted(self._text)
        return self._adapted.after(first, second)

    def score(self, text: str) -> float:
        """Return the log probability of ``text``, its words cut in the likeliest way."""
        ends: list[dict[str, float]] = [{"": 0.0}, *({} for _ in text)]
        for place, beam in enumerate(ends[:-1]):
            if not beam:
                continue
            for length in range(1, min(LONGEST_WORD, len(text) - place) + 1):
                word = text[place : place + length]
                if length > 1 and not self.knows(word):
                    continue
                best = max(score + self.after(previous, word) for previous, score in beam.items())
                ahead = ends[place + length]
                if ahead.get(word, -math.inf) < best:
                    ahead[word] = best
        return max(ends[-1].values()) + self.spelled("", text)

    def _probability(self, word: str) -> float:
        count = self._dictionary.counts.get(word, 0)
        seen = self._counts.get(word, 0)
        if not count and not seen:
            return _outside(word)
        prior = max(count, 1) / self._dictionary.total
        return math.log((seen + DICTIONARY_STRENGTH * prior) / (self._size + DICTIONARY_STRENGTH))

    def _pair_probability(self, previous: str, word: str) -> float:
        alone = math.exp(self.alone(word))
        if not previous:
            return self.alone(word)
        last, first = previous[-1], word[0]
        starts = self._dictionary.starts.get(first, 0) / self._dictionary.total
        if starts:
            seen = self._characters.get(last, 0)
            together = self._neighbours.get((last, first), 0)
            at_large = math.exp(self._language.after_one(last, first))
            follows = (together + NEIGHBOUR_STRENGTH * at_large) / (seen + NEIGHBOUR_STRENGTH)
            alone = (1 - NEIGHBOUR_WEIGHT) * alone + NEIGHBOUR_WEIGHT * follows * min(1.0, alone / starts)
        seen = self._counts.get(previous, 0)
        together = self._pairs.get((previous, word), 0) if seen else 0
        return math.log((together + PAIR_STRENGTH * alone) / (seen + PAIR_STRENGTH))


def _has_beginning(words: Sequence[str], text: str) -> bool:
    place = bisect_left(words, text)
    if place < len(words) and words[place] == text:
        place += 1
    return place < len(words) and words[place].startswith(text)


def _beginning_with(words: Sequence[str], first: str) -> Sequence[str]:
    return words[bisect_left(words, first) : bisect_left(words, chr(ord(first) + 1))]


def _outside(word: str) -> float:
    if word in PUNCTUATION:
        return PUNCTUATION[word]
    if word.isascii():
        return ASCII_TOKEN + ASCII_CHARACTER * len(word)
    if len(word) == 1:
        return UNSEEN_CHARACTER if is_han(word) else OTHER_CHARACTER
    return UNSEEN_CHARACTER * len(word)
