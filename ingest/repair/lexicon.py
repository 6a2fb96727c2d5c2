"""Words and how likely they are: jieba's dictionary, sharpened by the words of the document at hand.

Knows the folding of GBK characters to simplified ones, unigram probabilities and the document's own word pairs.
Knows nothing of bytes that were lost or of where the damage is. All probabilities are natural logarithms.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from kb.errors import OptionalDependencyMissing

LONGEST_WORD = 4
RAREST_KEPT = 5
"""Dictionary words below this frequency are left out: 350,000 of them are names and noise that fit any lost byte."""

UNSEEN_CHARACTER = -17.5
DICTIONARY_STRENGTH = 3000.0
"""How many words of a document weigh as much as the whole dictionary."""

PAIR_STRENGTH = 3.0
PUNCTUATION = {
    "，": -3.2, ",": -3.4, "。": -3.6, "、": -3.8, "；": -5.5, ";": -5.7, "：": -5.0, ":": -5.2, "（": -5.5, "）": -5.5,
    "(": -5.7, ")": -5.7, "“": -5.5, "”": -5.5, "《": -5.5, "》": -5.5, "？": -6.5, "！": -7.5, "—": -7.0, "·": -8.0,
}  # fmt: skip
ASCII_TOKEN = -6.0
ASCII_CHARACTER = -1.5
OTHER_CHARACTER = -13.0

_HAN = re.compile("[㐀-䶿一-鿿]")


def is_han(character: str) -> bool:
    """Say whether a character is a CJK ideograph of the basic block or its first extension."""
    return "一" <= character <= "鿿" or "㐀" <= character <= "䶿"


@dataclass(frozen=True, slots=True)
class GbkTable:
    """Every two-byte GBK character: ``fold`` to simplified, and the characters of each lead and each trail byte.

    ``by_lead[b]`` and ``by_trail[b]`` map a folded character to the originals that have the byte; they hold only
    characters that the dictionary knows and common punctuation: what could stand where a byte was lost.
    """

    fold: dict[str, str]
    by_lead: dict[int, dict[str, list[str]]]
    by_trail: dict[int, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Word log probabilities, the beginnings of words, and for each first character the second ones that follow."""

    words: dict[str, float]
    prefixes: frozenset[str]
    seconds: dict[str, str]
    total: float


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
    counts = [int(count) for count in fields[1::3]]
    kept = {
        word: count
        for word, count in zip(fields[0::3], counts, strict=True)
        if (count >= RAREST_KEPT or len(word) == 1) and len(word) <= LONGEST_WORD
    }
    total = float(sum(counts))
    offset = math.log(total)
    words = {word: math.log(max(count, 1)) - offset for word, count in kept.items()}
    twos = {word[:2] for word in kept if len(word) > 1}
    prefixes = frozenset(twos | {word[:3] for word in kept if len(word) > 2})
    seconds: dict[str, list[str]] = {}
    for two in twos:
        seconds.setdefault(two[0], []).append(two[1])
    return Dictionary(words, prefixes, {first: "".join(rest) for first, rest in seconds.items()}, total)


@lru_cache(maxsize=1)
def load_gbk_table() -> GbkTable:
    """Return all 23,000 two-byte characters with their folding."""
    from opencc import OpenCC

    pairs = [(lead, trail) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) if trail != 0x7F]
    characters: dict[str, tuple[int, int]] = {}
    for lead, trail in pairs:
        try:
            characters[bytes((lead, trail)).decode("gbk")] = (lead, trail)
        except UnicodeDecodeError:
            continue
    folded = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    fold = dict(zip(characters, folded, strict=True))
    words = load_dictionary().words
    by_lead: dict[int, dict[str, list[str]]] = {}
    by_trail: dict[int, dict[str, list[str]]] = {}
    for character, (lead, trail) in characters.items():
        simple = fold[character]
        if simple in words or character in PUNCTUATION:
            by_lead.setdefault(lead, {}).setdefault(simple, []).append(character)
            by_trail.setdefault(trail, {}).setdefault(simple, []).append(character)
    return GbkTable(fold, by_lead, by_trail)


@dataclass(slots=True)
class Lexicon:
    """The language of one document: dictionary, the document's words and its word pairs, interpolated (Dirichlet)."""

    dictionary: Dictionary
    counts: Counter[str]
    pairs: Counter[tuple[str, str]]
    size: int
    prefixes: set[str] = field(default_factory=set)
    seconds: dict[str, str] = field(default_factory=dict)

    @classmethod
    def learn(cls, words: Sequence[str]) -> Lexicon:
        """Return the lexicon of a document cut into simplified ``words``."""
        counts = Counter(word for word in words if _HAN.search(word) and len(word) <= LONGEST_WORD)
        pairs = Counter(zip(words, words[1:], strict=False))
        lexicon = cls(load_dictionary(), counts, pairs, sum(counts.values()))
        for word in counts:
            lexicon._add_beginnings(word)
        return lexicon

    def _add_beginnings(self, word: str) -> None:
        if len(word) > 1 and word not in self.dictionary.words:
            self.prefixes.update((word[:2], word[:3]))
            self.seconds[word[0]] = self.seconds.get(word[0], "") + word[1]

    def begins(self, text: str) -> bool:
        """Say whether some word begins with ``text`` (two or more characters)."""
        return text in self.dictionary.prefixes or text in self.prefixes

    def following(self, first: str) -> Iterable[str]:
        """Return the characters that stand second in a word that begins with ``first``."""
        return self.dictionary.seconds.get(first, "") + self.seconds.get(first, "")

    def knows(self, word: str) -> bool:
        """Say whether ``word`` is a word."""
        return word in self.dictionary.words or word in self.counts

    def word(self, word: str) -> float:
        """Return the log probability of a word without regard to its neighbours."""
        known = self.dictionary.words.get(word)
        seen = self.counts.get(word, 0)
        if known is None and not seen:
            return _outside(word)
        prior = math.exp(known) if known is not None else 0.0
        return math.log((seen + DICTIONARY_STRENGTH * prior) / (self.size + DICTIONARY_STRENGTH))

    def after(self, previous: str, word: str, alone: float) -> float:
        """Return the log probability of ``word`` after ``previous``; ``alone`` is ``self.word(word)``."""
        seen = self.counts.get(previous, 0)
        if not seen:
            return alone
        together = self.pairs.get((previous, word), 0)
        return math.log((together + PAIR_STRENGTH * math.exp(alone)) / (seen + PAIR_STRENGTH))


def _outside(word: str) -> float:
    if word in PUNCTUATION:
        return PUNCTUATION[word]
    if word.isascii():
        return ASCII_TOKEN + ASCII_CHARACTER * len(word)
    if len(word) == 1:
        return UNSEEN_CHARACTER if is_han(word) else OTHER_CHARACTER
    return UNSEEN_CHARACTER * len(word)
