"""The content terms of a question, and how much of them a text covers. Knows word weights, no ranking, no answers.

Coverage is the share of the question's weight (inverse document frequency in this corpus) whose terms, or their
synonyms, stand in a text: the evidence that the text speaks of what was asked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.fold import fold, is_han
from kb.segment import QUESTION_WORDS

if TYPE_CHECKING:
    from kb.synonyms import Synonyms
    from kb.word_index import WordIndex

# What a synonym, and a word of which only some bigrams stand there, count for against the word itself.
SYNONYM_CREDIT = 0.85
PARTIAL_CREDIT = 0.7
# Verbs and nouns so general that they say little of the subject; their weight is scaled down.
_GENERAL = frozenset(
    """
    公司 企业 手册 规定 要求 情况 问题 内容 方面 工作 进行 开展 做好 使用 采用 建立 实现 提高 提升 常用 核心 主要 重要
    相关 各 每 最 多 少 大 小 新 好 不 没有 没 第一步 一步 时间 环节 方式 措施 那家 那个 原则 东西
    """.split()
)
GENERAL_SCALE = 0.5
# What a part of speech weighs: the thing asked about is named by nouns; verbs and the rest are what people say in words
# of their own. A lone character is hardly ever the subject.
_SPEECH_SCALE = {
    "n": 1.0,
    "e": 1.0,
    "j": 1.0,
    "l": 0.7,
    "i": 0.7,
    "m": 0.7,
    "v": 0.6,
    "a": 0.5,
    "t": 0.6,
    "s": 0.7,
    "b": 0.7,
    "z": 0.4,
    "x": 0.7,
}
SINGLE_SCALE = 0.3
# Which one of several is asked for: 第5天 is one term, whatever segmentation makes of it.
_ORDINAL = re.compile(r"第\d+[天步次周日期级轮条阶]")
# A word that shares one character with the text (打分, 评分) says a little.
SHARED_CREDIT = 0.25


@dataclass(frozen=True, slots=True)
class Term:
    """One content word: its weight, its synonyms, and in how many chunks it stands."""

    word: str
    weight: float
    synonyms: tuple[str, ...]
    frequency: int

    def credit(self, text: str) -> float:
        """Return how far folded ``text`` speaks of this word, in 0..1."""
        if _contains(text, self.word):
            return 1.0
        for synonym in self.synonyms:
            if _contains(text, synonym):
                return SYNONYM_CREDIT
        if len(self.word) < 2 or not is_han(self.word[0]):
            return 0.0
        shared = SHARED_CREDIT * sum(character in text for character in self.word) / len(self.word)
        if len(self.word) == 2:
            return 2 * shared
        pairs = [self.word[i : i + 2] for i in range(len(self.word) - 1)]
        return max(PARTIAL_CREDIT * sum(pair in text for pair in pairs) / len(pairs), shared)


@dataclass(frozen=True, slots=True)
class Terms:
    """All content terms of one question."""

    terms: tuple[Term, ...]

    @property
    def weight(self) -> float:
        """Return the weight of all terms together."""
        return sum(term.weight for term in self.terms)

    def coverage(self, text: str, *, beside: str = "", share: float = 1.0) -> float:
        """Return the weighted share of terms that folded ``text`` covers; 0 for a question without terms.

        What only the words ``beside`` it cover (a document's title) counts ``share`` of that.
        """
        total = gained = 0.0
        for term in self.terms:
            total += term.weight
            credit = term.credit(text)
            if beside and share and credit < 1.0:
                credit = max(credit, share * term.credit(beside))
            gained += term.weight * credit
        return gained / total if total else 0.0

    def uncovered(self, text: str) -> tuple[Term, ...]:
        """Return the terms of which folded ``text`` says nothing."""
        return tuple(term for term in self.terms if term.credit(text) < 0.5)


def _contains(text: str, word: str) -> bool:
    if not word.isascii():
        return word in text
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        if not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum()):
            return True
        start = text.find(word, start + 1)
    return False


def terms_of(text: str, *, index: WordIndex, synonyms: Synonyms) -> Terms:
    """Return the content terms of ``text`` with their weights in the corpus of ``index``."""
    folded = fold(text)
    expanded = synonyms.expand(folded)
    cut = [(_without_aspect(word, index), tag) for word, tag in index.segmenter.tagged(folded)]
    every = {word for word, _ in cut}
    tagged = {word: tag for word, tag in cut if _is_content(word, tag)}
    size = max(len(index), 1)
    terms: list[Term] = []
    for ordinal in dict.fromkeys(_ORDINAL.findall(folded)):
        tagged = {word: tag for word, tag in tagged.items() if word not in ordinal}
        frequency = _frequency(index, ordinal[1:])
        terms.append(Term(ordinal, math.log(1 + (size + 0.5) / (frequency + 0.5)), (), frequency))
    for key, others in expanded.items():
        if " " not in key and not _is_cut_apart(key, every):
            continue
        parts = key.split() if " " in key else tuple(key)
        tagged = {word: tag for word, tag in tagged.items() if word not in parts}
        known = {other: count for other in others if (count := _frequency(index, other))}
        weight = math.log(1 + (size + 0.5) / (max(known.values(), default=0) + 0.5))
        terms.append(Term(key, weight, tuple(known), max(known.values(), default=0)))
    for word, tag in tagged.items():
        alternatives = dict.fromkeys(o for o in _alternatives(word, expanded, synonyms) if _frequency(index, o))
        frequency = _frequency(index, word)
        weight = math.log(1 + (size - frequency + 0.5) / (frequency + 0.5)) if frequency < size else 0.1
        weight *= _SPEECH_SCALE.get(tag[:1], 1.0)
        if word in _GENERAL:
            weight *= GENERAL_SCALE
        if (len(word) == 1 and is_han(word)) or word.rstrip("%").replace(".", "").isdigit():
            weight *= SINGLE_SCALE  # a number's own passage may well name a range that holds it
        terms.append(Term(word, max(weight, 0.02), tuple(alternatives), frequency))
    return Terms(tuple(terms))


def _without_aspect(word: str, index: WordIndex) -> str:
    """Return a verb that the dictionary glued to 了 (亏了) without it, where the corpus has no such word."""
    if len(word) > 1 and word.endswith("了") and not _frequency(index, word):
        return word[:-1]
    return word


def _is_cut_apart(key: str, words: Set[str]) -> bool:
    """Say whether segmentation left only single characters of a company's own word (客诉 → 客, 诉)."""
    return len(key) > 1 and is_han(key[0]) and not any(len(word) > 1 and (word in key or key in word) for word in words)


def _alternatives(word: str, expanded: Mapping[str, Sequence[str]], synonyms: Synonyms) -> Iterator[str]:
    """Yield what else ``word`` of a question may be called: by a part of it, as a part of a longer name, by itself.

    A text that says the other name of a whole (KPI for 关键绩效指标) speaks of each of its words.
    """
    for key, others in expanded.items():
        if key in word and (len(key) >= 2 or key == word):
            yield from (word.replace(key, other) for other in others)
        elif len(word) >= 2 and word in key and is_han(word[0]):
            yield from others
            yield from synonyms.by_word.get(word, ())


def _is_content(word: str, tag: str) -> bool:
    """Say whether a word of a question can name its subject: no pronoun, numeral, adverb or particle of Chinese."""
    if word in QUESTION_WORDS:
        return False
    return word.isascii() or (tag[:1] in _SPEECH_SCALE and tag[:1] != "m")


def _frequency(index: WordIndex, word: str) -> int:
    """Return in how many chunks ``word`` stands: as a word, or at least as its bigrams (the rarest of them)."""
    found = index.document_frequency("words", word)
    if found or not is_han(word[0]):
        return found
    if len(word) == 1:
        return index.document_frequency("bigrams", word)
    return min(index.document_frequency("bigrams", word[i : i + 2]) for i in range(len(word) - 1))
