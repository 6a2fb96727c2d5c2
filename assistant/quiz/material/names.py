"""Names of things: without their English, in all their written forms, and whether two of them mean the same.

Knows characters and the synonyms file; nothing of where a name stands.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kb.fold import fold
from kb.synonyms import Synonyms

_BRACKET = re.compile(r"\s*[（(]([^（）()]*)[）)]")
_TRAILING_LATIN = re.compile(r"^(?P<name>.*[\u4e00-\u9fff])\s+(?P<short>[A-Z]{2,6})$")
_ABBREVIATION = re.compile(r"\b[A-Z][A-Za-z]*[A-Z]\b|^[A-Z]{2,6}s?$")
# Ends that say what kind of thing it is, not which.
NOUNS = (
    "原则 目标 方法 方式 工具 指标 措施 策略 维度 类型 类别 机制 模式 步骤 环节 阶段 流程 职责 "
    "要求 条件 情形 内容 渠道 模块 方面 挑战 形式 标准 制度 体系 途径 手段 因素 要素 红线 理念 "
    "级别 等级 岗位 角色 术语 信号 项目 物品 资料 分类 层级 风险 能力 服务 对象 顺序 表单 记录 "
    "权限 "
).split()
_TAIL = re.compile(rf"(?:{'|'.join(NOUNS)}|管理|分析|处理|建设|化|性|与.{{1,6}})$")


# 满意 and 不满意 are opposites, however alike they look.
_NEGATIONS = frozenset("不非未无")


def plain(name: str) -> str:
    """Return ``name`` without what stands in brackets and without a trailing abbreviation."""
    bare = _BRACKET.sub("", name).strip(" ：:")
    found = _TRAILING_LATIN.match(bare)
    return found["name"] if found else bare


def forms(name: str) -> tuple[str, ...]:
    """Return the written forms of ``name`` that count as the same answer, its plain form first."""
    bare = _BRACKET.sub("", name).strip(" ：:")
    inner = [part.strip() for found in _BRACKET.findall(name) for part in re.split(r"[,，]", found)]
    found = _TRAILING_LATIN.match(bare)
    short = [found["short"]] if found else []
    latin = [part for part in inner if re.fullmatch(r"[A-Za-z][A-Za-z &/-]{1,40}", part)]
    quoted = bare.strip("“”\"'")
    return tuple(dict.fromkeys(form for form in (plain(name), bare, quoted, *short, *latin) if form))


def noun_of(title: str) -> str:
    """Return the noun at the end of ``title`` that says what kind of things it lists, or nothing."""
    bare = plain(title)
    return next((noun for noun in NOUNS if bare.endswith(noun)), "")


@lru_cache(maxsize=8192)
def core(name: str) -> str:
    """Return what is particular in ``name``: folded, without the noun of its kind."""
    bare = re.sub(r"[^\w\u4e00-\u9fff]", "", fold(plain(name)))
    shorter = _TAIL.sub("", bare)
    return shorter if len(shorter) >= 2 else bare


@lru_cache(maxsize=65536)
def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of ``text``, folded, without punctuation."""
    bare = re.sub(r"[^\w\u4e00-\u9fff]", "", fold(text))
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1))


def overlap(one: str, other: str) -> float:
    """Return which share of the smaller one's bigrams stands in the other, 0..1."""
    first, second = bigrams(one), bigrams(other)
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else float(one == other)


def alike(one: str, other: str, synonyms: Synonyms) -> bool:
    """Say whether two names may mean the same: contained, mostly the same characters, or synonyms."""
    first, second = core(one), core(other)
    if frozenset(first) ^ frozenset(second) <= _NEGATIONS and first != second:
        return False
    if not first or not second or first in second or second in first:
        return True
    if second in synonyms.by_word.get(first, ()) or overlap(first, second) > 0.5:
        return True
    if fold(plain(other)) in synonyms.by_word.get(fold(plain(one)), ()):
        return True
    return second in _renamed(first, synonyms.groups) or first in _renamed(second, synonyms.groups)


@lru_cache(maxsize=8192)
def _renamed(name: str, groups: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    """Return what ``name`` becomes by exchanging one word for a synonym (客户导向 → 用户导向)."""
    found = set()
    for group in groups:
        for word in group:
            if len(word) > 1 and word in name:
                found |= {name.replace(word, other) for other in group if other != word}
    return frozenset(found - {name})
