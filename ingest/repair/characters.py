"""Single Chinese characters: script, folding, how common. Knows nothing of words or documents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ingest.repair.language import PATH

_LEVEL_ONE_END = 0xD8
"""GB 2312 leads B0 to D7 hold its first level, the 3,755 characters in everyday use."""

# One form in both scripts (后 the queen, 里 the mile, 台, 干): no evidence for either.
_BOTH_SCRIPTS = frozenset(
    "后里台干面发系征制于云只准困冬卷才谷郁舍松划回志托折杯沾注玩秋秘群药表克致范胡须丑出周布向伙借采家夸扣辟板仆术曲朱斗杠岳咸升"
    "占唇夥床吃烟峰厨污卫启线着众裏裡群秘雇强户迹"
)


def is_han(character: str) -> bool:
    """Say whether a character is a CJK ideograph of the basic block or its first extension."""
    return "一" <= character <= "鿿" or "㐀" <= character <= "䶿"


@dataclass(frozen=True, slots=True)
class CharacterTables:
    """``folding`` is for ``str.translate``, traditional to simplified; ``common`` holds everyday ones of both scripts."""

    folding: dict[int, str]
    traditional: frozenset[str]
    simplified: frozenset[str]
    common: frozenset[str]


@lru_cache(maxsize=1)
def load_scripts() -> tuple[dict[str, str], dict[str, str]]:
    """Return the simplified form of each traditional character, and the traditional form of each simplified one.

    What OpenCC writes for single characters, of the basic block and of GBK, kept in ``language.npz``.
    """
    with np.load(PATH) as stored:
        folded, turned = (stored[name].tolist() for name in ("folded", "turned"))
    return {chr(a): chr(b) for a, b in folded}, {chr(a): chr(b) for a, b in turned}


@lru_cache(maxsize=1)
def load_characters() -> CharacterTables:
    """Return the tables for the basic block; takes 0.01 s, once."""
    folded, turned = load_scripts()
    fold = {a: b for a, b in folded.items() if _is_basic(a)}
    simplified = {a for a in turned if _is_basic(a) and a not in fold}
    pairs = (bytes((lead, trail)) for lead in range(0xB0, _LEVEL_ONE_END) for trail in range(0xA1, 0xFF))
    level_one = set(b"".join(pairs).decode("gb2312", "ignore"))
    common = level_one | {a for a, b in fold.items() if b in level_one}
    return CharacterTables(str.maketrans(fold), frozenset(fold) - _BOTH_SCRIPTS, frozenset(simplified) - _BOTH_SCRIPTS,
                           frozenset(common))  # fmt: skip


def _is_basic(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fa5"


def fold(text: str) -> str:
    """Return ``text`` in simplified characters, one for one: for comparing, not for reading."""
    return text.translate(load_characters().folding)


def is_common(character: str) -> bool:
    """Say whether a character, or its simplified form, is in everyday use."""
    return character in load_characters().common


def common_prefix(one: str, other: str) -> int:
    """Return how many characters ``one`` and ``other`` begin alike with."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
