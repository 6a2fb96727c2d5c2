"""Single Chinese characters: script, folding, how common. Knows nothing of words or documents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

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
def load_characters() -> CharacterTables:
    """Return the tables for the basic block, made with OpenCC in 20 ms."""
    from opencc import OpenCC

    block = [chr(code) for code in range(0x4E00, 0x9FA6)]
    folded = OpenCC("t2s").convert("\n".join(block)).split("\n")
    turned = OpenCC("s2t").convert("\n".join(block)).split("\n")
    fold = {a: b for a, b in zip(block, folded, strict=True) if a != b}
    simplified = {a for a, b in zip(block, turned, strict=True) if a != b and a not in fold}
    level_one = {a for a in block if _is_level_one(a)}
    common = level_one | {a for a, b in fold.items() if b in level_one}
    return CharacterTables(str.maketrans(fold), frozenset(fold) - _BOTH_SCRIPTS, frozenset(simplified) - _BOTH_SCRIPTS,
                           frozenset(common))  # fmt: skip


def fold(text: str) -> str:
    """Return ``text`` in simplified characters, one for one: for comparing, not for reading."""
    return text.translate(load_characters().folding)


def is_common(character: str) -> bool:
    """Say whether a character, or its simplified form, is in everyday use."""
    return character in load_characters().common


def _is_level_one(character: str) -> bool:
    try:
        return character.encode("gb2312")[0] < _LEVEL_ONE_END
    except UnicodeEncodeError:
        return False
