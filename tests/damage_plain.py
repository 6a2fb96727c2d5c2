"""Damage of the plain kinds, made on purpose: each function takes clean text and gives what a site makes of it.

Only tests use this. Bytes that slip are in ``tests/damage.py``.
"""

from __future__ import annotations

import random
import unicodedata
from functools import lru_cache
from pathlib import Path

from ingest.source import Line, SourceText
from kb.fold import converter

ROOT = Path(__file__).resolve().parents[1]
READINGS = {
    "業": "yè", "數": "shù", "據": "jù", "優": "yōu", "創": "chuàng", "監": "jiān", "續": "xù", "現": "xiàn", "發": "fā",
    "統": "tǒng", "環": "huán", "協": "xié",
    "節": "jié", "規": "guī", "執": "zhí", "戰": "zhàn", "態": "tài", "區": "qū", "醫": "yī",
    "穩": "wěn", "樣": "yàng", "術": "shù", "養": "yǎng", "衛": "wèi",
}  # fmt: skip
HEAD_NOTICE = ("版权说明：本文档由用户提供并上传，收益归属内容提供方，若内容存在侵权，请进行举报或认领", "文档简介")
TAIL_NOTICE = (
    "温馨提示",
    "1. 本站所有资源如无特殊说明，都需要本地电脑安装OFFICE2007和PDF阅读器。",
    "2. 文件的所有权益归上传用户所有。",
    "最新文档",
    "2024年某市医院招聘备考题库及答案",
    "门店运营年终总结汇报",
    "评论",
    "0/150",
    "提交评论",
)
MISREAD = (
    ("gb18030", "utf-8"),
    ("latin-1", "utf-8"),
    ("latin-1", "gb18030"),
    ("cp950", "gb18030"),
    ("gb18030", "cp950"),
)


@lru_cache(maxsize=1)
def corpus() -> tuple[str, ...]:
    """Return the clean documents of the shipped corpus as text."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tools" / "sample_corpus").glob("*.md")))


@lru_cache(maxsize=1)
def sentences() -> tuple[str, ...]:
    """Return the clean lines of prose of the shipped corpus."""
    lines = (line.strip() for document in corpus() for line in document.split("\n"))
    return tuple(line for line in lines if len(line) >= 20 and "|" not in line and "`" not in line)


def source(text: str) -> SourceText:
    """Return a text as a plain file of it would be read."""
    return SourceText("测试.txt", "", tuple(Line(line) for line in text.split("\n")))


def to_traditional(text: str) -> str:
    """Return ``text`` as a site shows it to visitors from elsewhere (OpenCC ``s2t``)."""
    return str(converter("s2t").convert(text))


def add_glosses(text: str, *, opening: str = "(", closing: str = ")") -> str:
    """Return traditional ``text`` with the pronunciations of a font trick."""
    return "".join(
        f"{character}{opening}{READINGS[character]}{closing}" if character in READINGS else character
        for character in text
    )


def halve_punctuation(text: str, rng: random.Random, *, share: float = 0.5) -> str:
    """Return ``text`` with some of its full-width marks between Han characters made half-width."""
    marks = dict(zip("，；：？！", ",;:?!", strict=True))
    characters = list(text)
    for place in range(1, len(text) - 1):
        if text[place] in marks and _is_han(text[place - 1]) and _is_han(text[place + 1]) and rng.random() < share:
            characters[place] = marks[text[place]]
    return "".join(characters)


def widen_alnum(text: str) -> str:
    """Return ``text`` with its digits and letters in full width."""
    return "".join(chr(ord(one) + 0xFEE0) if one.isascii() and one.isalnum() else one for one in text)


@lru_cache(maxsize=1)
def _radicals() -> dict[str, str]:
    return {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0x2F00, 0x2FD6)}


def to_radicals(text: str) -> str:
    """Return ``text`` with Kangxi radicals for the characters that have one, as PDF fonts give them."""
    return "".join(_radicals().get(one, one) for one in text)


def misread(text: str, read: str, true: str) -> str | None:
    """Return ``text`` in ``true`` decoded as ``read``; ``None`` where that loses something."""
    try:
        shown = text.encode(true).decode(read)
        return shown if shown.encode(read).decode(true) == text else None
    except UnicodeError:
        return None


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
