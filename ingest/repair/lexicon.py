"""Words and how likely they are: a shipped list with counts, sharpened by the words of the document at hand.

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
from itertools import pairwise

import numpy as np

from ingest.repair.characters import is_han, load_scripts
from ingest.repair.document_language import DocumentLanguage, Standing
from ingest.repair.language import PATH, Floats, Numbers, load_language

LONGEST_WORD = 4
COMMON = 50
"""A lost character is looked for among those of dictionary words from this frequency on (4,500)."""

DICTIONARY_STRENGTH = 3000.0
"""How many words of a document weigh as much as the whole dictionary."""

PAIR_STRENGTH = 3.0
NEIGHBOUR_WEIGHT = 0.4
"""Smoothing of word pairs, and the weight of character pairs across words."""

WORDS, CHARACTERS = 0.47, 0.53
"""Weights of the logarithms of words and of characters after three others; they say much the same, so they add up to 1."""

OTHER_SCRIPT = -6.0
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

_STRANGER = "\uffff"
"""Stands before each of several texts that are read at once: no table knows it."""

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
    """Return the words of the shipped table and how often each stands in 60 million. Takes 0.05 s, once."""
    with np.load(PATH) as stored:
        words = stored["words"].tobytes().decode().split("\n")
        times = stored["times"]
    counts = dict(zip(words, times.tolist(), strict=True))
    firsts, where = np.unique(np.array([ord(word[0]) for word in words]), return_index=True)
    starts = dict(zip(map(chr, firsts.tolist()), np.add.reduceat(times, where).tolist(), strict=True))
    common = frozenset("".join(word for word, count in counts.items() if count >= COMMON))
    return Dictionary(counts, words, starts, common, int(times.sum()))


def word_log_probability(word: str) -> float | None:
    """Return the log probability of a word in text at large; ``None`` for what is no word."""
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
    """Return all 23,000 two-byte characters with their folding. Takes 0.03 s, once."""
    folded, turned = load_scripts()
    common = load_dictionary().common
    fold: dict[str, str] = {}
    by_lead: dict[int, dict[str, list[str]]] = {}
    by_trail: dict[int, dict[str, list[str]]] = {}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            character = bytes((lead, trail)).decode("gbk", "ignore")
            if len(character) != 1 or trail == 0x7F or character.isascii():
                continue
            simple = fold[character] = folded.get(character, character)
            if simple in common or character in PUNCTUATION:
                by_lead.setdefault(lead, {}).setdefault(simple, []).append(character)
                by_trail.setdefault(trail, {}).setdefault(simple, []).append(character)
    usual = {character: turned.get(character, character) for character in fold}
    return GbkTable(fold, by_lead, by_trail, frozenset(turned), usual)


class Lexicon:
    """The language of one document: dictionary, the document's words, word pairs and character pairs, interpolated."""

    def __init__(self, words: Sequence[str], *, text: str = "", scripts: tuple[int, int] = (0, 0)) -> None:
        """Learn from a document: simplified ``words`` and ``text``; ``scripts``: its traditional and simplified characters."""
        self._dictionary = load_dictionary()
        self._language = load_language()
        both = sum(scripts) + 2
        self.script_costs = tuple(max(OTHER_SCRIPT, math.log((one + 1) / both)) for one in scripts)
        words = [_NUMBER if word.isdecimal() else word for word in words]
        self._counts = Counter(word for word in words if len(word) <= LONGEST_WORD and _LEARNT.search(word))
        self._pairs = Counter(pairwise(words))
        self._size = sum(self._counts.values())
        # log probabilities of characters, in the numbers of the shipped table
        self.characters = DocumentLanguage(self._language, text)
        self._own = sorted(word for word in self._counts if word not in self._dictionary.counts)
        self._alone: dict[str, float] = {}
        self._after: dict[tuple[str, str], float] = {}
        self._begun: dict[str, bool] = {}

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

    def alone(self, word: str) -> float:
        """Return the log probability of a word without regard to its neighbours."""
        known = self._alone.get(word)
        if known is None:
            known = self._alone[word] = self._probability(word)
        return known

    def after(self, previous: str, word: str) -> float:
        """Return the log probability of ``word`` after ``previous``, which may be empty."""
        known = self._after.get((previous, word))
        if known is None:
            one = _NUMBER if previous.isdecimal() else previous
            known = self._after[previous, word] = self._pair_probability(one, word)
        return known

    def form_cost(self, character: str) -> float:
        """Return what it costs (natural log) that ``character`` is written in the form that only one script has."""
        table = load_gbk_table()
        of_traditional, of_simplified = self.script_costs
        if table.fold.get(character, character) != character:
            return of_traditional
        return of_simplified if character in table.simplified else 0.0

    def numbers(self, text: str) -> Numbers:
        """Return the number of each character of simplified ``text``, for ``characters``."""
        return self._language.numbers(text)

    def score(self, text: str) -> float:
        """Return the log probability of ``text``: of its words and of its characters, weighted."""
        return WORDS * self.worded(text) + CHARACTERS * float(self.spelled([text])[0])

    def worded(self, text: str) -> float:
        """Return the log probability of the words of ``text``, cut in the likeliest way."""
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
        return max(ends[-1].values())

    def spelled(self, texts: Sequence[str]) -> Floats:
        """Return the log probability of the characters of each of ``texts``."""
        numbers, sizes = self._apart(texts)
        return _sums(self.characters.likelihoods(numbers), sizes)

    def spelled_at(self, standing: Sequence[str], readings: Sequence[Sequence[str]]) -> tuple[Floats, list[Floats]]:
        """Return the log probabilities of texts that stand in the document, and of the other readings of each.

        What the document says at a place is evidence for no reading of that place.
        """
        numbers, sizes = self._apart(standing)
        own = Standing(numbers, np.repeat(np.arange(len(sizes)), sizes))
        stands = _sums(self.characters.likelihoods(numbers, own.places, own), sizes)
        counts = [len(one) for one in readings]
        numbers, sizes = self._apart([text for one in readings for text in one])
        places = np.repeat(np.repeat(np.arange(len(counts)), counts), sizes)
        every = _sums(self.characters.likelihoods(numbers, places, own), sizes)
        return stands, np.split(every, np.cumsum(counts)[:-1])

    def _apart(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Return the numbers of all ``texts``, a stranger before each, and how many are of each."""
        numbers, kept = self._language.read("".join(_STRANGER + text for text in texts))
        starts = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])])
        return numbers, np.add.reduceat(kept, starts, dtype=np.int64)

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
            both = self._language.numbers(last + first)
            follows = math.exp(float(self.characters.after(both[:1], both[1:])[0, 0]))
            alone = (1 - NEIGHBOUR_WEIGHT) * alone + NEIGHBOUR_WEIGHT * follows * min(1.0, alone / starts)
        seen = self._counts.get(previous, 0)
        together = self._pairs.get((previous, word), 0) if seen else 0
        return math.log((together + PAIR_STRENGTH * alone) / (seen + PAIR_STRENGTH))


def _sums(found: Floats, sizes: Numbers) -> Floats:
    """Return the sum of each stretch of ``found`` but for its first."""
    starts = np.cumsum(sizes) - sizes
    sums: Floats = np.add.reduceat(found, starts) - found[starts]
    return sums


def _has_beginning(words: Sequence[str], text: str) -> bool:
    place = bisect_left(words, text)
    if place < len(words) and words[place] == text:
        place += 1
    return place < len(words) and words[place].startswith(text)


def _outside(word: str) -> float:
    if word in PUNCTUATION:
        return PUNCTUATION[word]
    if word.isascii():
        return ASCII_TOKEN + ASCII_CHARACTER * len(word)
    if len(word) == 1:
        return UNSEEN_CHARACTER if is_han(word) else OTHER_CHARACTER
    return UNSEEN_CHARACTER * len(word)
