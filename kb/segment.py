"""Words and bigrams of a text, the same for questions and sources. Knows no documents, no index, no scores.

Words come from jieba's dictionary (through rjieba: the same words for every Han token, 18 times faster) with a lexicon
learned from the corpus; under them lies a net of character bigrams, so that no segmentation can hide a term.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from operator import add
from typing import Protocol

from kb.fold import fold, is_han

# A number keeps its sign, decimals and unit sign; a standard or code (iso9001, gd2024-01) its letters and digits.
_ASCII_TOKEN = re.compile(r"\d+(?:\.\d+)*%?|[a-z]+(?:'[a-z]+)?|[a-z0-9]+")
_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[a-z0-9][a-z0-9.%'/:-]*")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

# A number with the character it counts (第5天, 48小时): neither alone says much.
_COUNTED = re.compile(r"\d+(?:\.\d+)?[\u4e00-\u9fff]")

# What a question says about itself, not about its subject. Only questions lose these; the index keeps every word.
QUESTION_WORDS = frozenset(
    """
    什么 是什么 什么样 怎么 怎么办 怎样 怎么样 如何 哪些 哪个 哪几 哪几个 哪种 哪里 哪儿 哪 谁 几 几个 几种 几类
    多少 多久 多长 多大 多快 多长时间 吗 呢 吧 啊 呀 么 的 了 是 有 在 和 与 及 或 以及 还有 还 也 都 就 才 又
    被 把 让 给 对 对于 关于 为 为了 为什么 为何 由 从 到 向 请 请问 问 问下 一下 告诉 告诉我 我 我们 你 你们 您
    他 她 它 他们 咱们 自己 这 那 这个 那个 这些 那些 其 之 要 需要 应该 应当 可以 能 能否 会 可否 是否 必须 得
    想 才能 知道 了解 介绍 说明 讲 讲了 说 手册 里头 缩写 全称 简称 意思 啥意思 含义 代表 指 叫 叫做 例子 举例 通常
    找 作为 出现 提到 说到 讲到 属于 遇到 碰到 用到 拿来 起来 出来 好不好
    主要 具体 分别 包括 包含 涵盖 来 去 做 干 办 搞 弄 用 看 按 照 抓 盯 拿 靠 守 走 管 怎 咋 咋整 咋弄 咋办 干嘛 干啥 啥
    啥样 哪块 时候 时 以后 之后 后 以前 之前 前 里 里面 中 上 下 个 位 种 类 些 一 一个 一些 the a an of in on to for and or is
    are was were be do does did how what which who when where why many much stand stands mean means meaning
    definition according manual main there any list kinds types this that these those with by from at as it its
    we our you your i my me should can could would will shall must
    """.split()
)


_GLUED = frozenset({"哪些", "什么", "怎么", "多少"})


def _split_ascii(run: str) -> list[str]:
    """Return the tokens of one run of letters, digits and inner signs: the whole and its parts."""
    whole = run.strip(".-:/'")
    parts = _ASCII_TOKEN.findall(whole)
    return parts if parts == [whole] else [*([whole] if whole else []), *parts]


def bigrams(text: str) -> list[str]:
    """Return the bigram net of ``text``: Han bigrams, a lone Han character, numbers with what they count, other tokens."""
    folded = fold(text)
    tokens: list[str] = _COUNTED.findall(folded)
    for run in _RUN.findall(folded):
        if not is_han(run[0]):
            tokens.extend(_split_ascii(run))
        elif len(run) == 1:
            tokens.append(run)
        else:
            tokens.extend(map(add, run, run[1:]))
    return tokens


def unigrams(text: str) -> list[str]:
    """Return every Han character of ``text``, folded: what a question of one character needs."""
    return _HAN.findall(fold(text))


class Cutter(Protocol):
    """What is used of rjieba."""

    def cut(self, text: str) -> list[str]: ...  # noqa: D102

    def cut_for_search(self, text: str) -> list[str]: ...  # noqa: D102

    def tag(self, text: str, hmm: bool = True) -> list[tuple[str, str]]: ...  # noqa: D102

    def add_word(self, word: str, freq: int | None, tag: str | None) -> object: ...  # noqa: D102


class _PlainJieba:
    """jieba behind the same surface."""

    def __init__(self, lexicon: Iterable[str]) -> None:
        import jieba
        import jieba.posseg

        jieba.setLogLevel("ERROR")
        self._tokenizer = jieba.Tokenizer()
        for word in lexicon:
            self._tokenizer.add_word(word, None, "n")
        self._tagger = jieba.posseg.POSTokenizer(self._tokenizer)

    def cut(self, text: str) -> list[str]:
        return list(self._tokenizer.cut(text))

    def cut_for_search(self, text: str) -> list[str]:
        return list(self._tokenizer.cut_for_search(text))

    def tag(self, text: str, hmm: bool = True) -> list[tuple[str, str]]:
        return [(pair.word, pair.flag) for pair in self._tagger.cut(text, HMM=hmm)]

    def add_word(self, word: str, freq: int | None, tag: str | None) -> object:
        return self._tokenizer.add_word(word, freq, tag)


class Segmenter:
    """jieba with the corpus' own lexicon. Building one costs about 0.15 s; it is kept for the life of an index."""

    def __init__(self, lexicon: Iterable[str] = ()) -> None:
        self._lexicon = sorted(set(lexicon))

    @cached_property
    def _jieba(self) -> Cutter:
        try:
            from rjieba import Jieba
        except ImportError:  # no wheel for this platform: jieba itself, the same words, slower
            return _PlainJieba(self._lexicon)
        jieba: Cutter = Jieba()
        for word in self._lexicon:
            jieba.add_word(word, None, "n")
        return jieba

    def words(self, text: str) -> list[str]:
        """Return the search words of ``text``, folded: long words also as the words they contain."""
        return self._tokens(text, search=True)

    def cut(self, text: str) -> list[str]:
        """Return the words of ``text``, folded, each character in at most one word."""
        return self._tokens(text, search=False)

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """Return the words of ``text``, folded, each with its part of speech (ICTCLAS: n noun, v verb, d adverb, …).

        Runs of letters and digits are tagged ``eng`` or ``m``. Without jieba's guessing of unknown words, which in
        questions mostly glues two (分算, 事干).
        """
        pairs: list[tuple[str, str]] = []
        for run in _RUN.findall(fold(text)):
            if is_han(run[0]):
                for word, tag in self._jieba.tag(run, False):
                    *asking, rest = _parted(word)
                    pairs.extend([*((one, "r") for one in asking), (rest, tag)])
            else:
                pairs.extend((token, "m" if token[0].isdigit() else "eng") for token in _split_ascii(run))
        return pairs

    def _tokens(self, text: str, *, search: bool) -> list[str]:
        tokens: list[str] = []
        for run in _RUN.findall(fold(text)):
            if is_han(run[0]):
                words = self._jieba.cut_for_search(run) if search else self._jieba.cut(run)
                tokens.extend(part for word in words for part in _parted(word))
            else:
                tokens.extend(_split_ascii(run))
        return tokens


def _parted(word: str) -> tuple[str, ...]:
    """Return a word of jieba's dictionary without the question word glued to it (哪些项目 → 哪些, 项目)."""
    return (word[:2], word[2:]) if len(word) > 3 and word[:2] in _GLUED else (word,)


def content_words(words: Iterable[str]) -> list[str]:
    """Return ``words`` without those that only make it a question; all of them where nothing would be left."""
    every = list(words)
    return [word for word in every if word not in QUESTION_WORDS] or every
