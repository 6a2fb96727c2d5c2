"""Whether a sentence leaves open what the cited clauses settle, settles what they leave open, or counts one for several.

Knows the words of discretion (视情况), of softness (原则上, 为宜) and of what is alone or the only one. Knows nothing of cases.
"""

from __future__ import annotations

import re

from assistant.chat.facts import amounts
from assistant.chat.polarity import force
from assistant.chat.sources import Source, segments

_DISCRETION = re.compile(r"视(?:具体)?情况|视需要|看情况|酌情|灵活|自愿|随意|任选|可有可无|适当放宽")
_OPEN = re.compile(r"视|酌情|灵活|自愿|随意|任选|可选|自行|决定|适当|必要时|可以?|情况")
_SOFT = re.compile(r"原则上|为宜|尽量|力争|争取|建议|宜(?!居)|参照|视情况")
_STRICT = re.compile(r"不得|必须|一律|严禁|没有例外|无一例外|绝不|不许|不准")
_ALONE = re.compile(r"独自|一[个名位]?人(?=签|决定|审|批|办|完成|操作|核)|单方")
_TOGETHER = re.compile(
    r"双|会签|共同|[两二2]\s*名|[两二2]\s*人|[和与及、].{1,12}(?:在|均|都|到|签|会)|三方|参加|一同|一起|同行"
)
_SEVERAL = re.compile(r"(?:多|数|若干|好几)[个名位次项条份人]")
_ONLY_ONE = re.compile(r"(?:只能|只有|仅有?|唯一|只)[^,;。]{0,4}(?:一|1)\s*[个名位次项条份人]|有且仅有|一[对客岗人]一")
_ONE = re.compile(
    r"(?<![第十百任同每统单唯某逐前后上下另这那])一(?P<unit>[天名位项个次条份周])(?P<thing>[\u4e00-\u9fff]{1,2})"
)
_ANY_ONE = re.compile(r"任[意何]?(?:其中)?一|其中一")


def hedged(said: str, source: Source) -> str:
    """Return the word with which ``said`` is looser or stricter than the evidence, in one line; ``""`` if there is none."""
    text = "\n".join(source.blocks)
    loose = _DISCRETION.search(said)
    if loose and not _OPEN.search(text):
        return f"所引条款没有说“{loose[0]}”"
    alone = _ALONE.search(said)
    if alone and not _ALONE.search(text) and _TOGETHER.search(text):
        return f"所引条款没有说“{alone[0]}”"
    several = _SEVERAL.search(said)
    if several and _ONLY_ONE.search(text) and not _SEVERAL.search(text) and force(said) != "forbid":
        return f"所引条款没有说“{several[0]}”"
    return _hardened(said, source) or _one_for_more(said, text)


def _hardened(said: str, source: Source) -> str:
    """Return the limit that is said to bind, where the evidence states the same limit softly (以不超过20个为宜)."""
    for piece in segments(said):
        strict = _STRICT.search(piece)
        if not strict or _SOFT.search(said):
            continue
        for amount in amounts(piece):
            stated = [one for _, one in source.segments if any(amount.same(other) for other in amounts(one))]
            if stated and all(_SOFT.search(one) and not _STRICT.search(one) for one in stated):
                return f"所引条款没有说“{strict[0]}”"
    return ""


def _one_for_more(said: str, text: str) -> str:
    """Return what is said of one (一名营业员), where the evidence says it of more (2名营业员)."""
    for found in _ONE.finditer(said):
        unit, thing = found["unit"], found["thing"]
        more = re.search(rf"(?:[2-9]|\d\d)\s*{unit}(?:以?{re.escape(thing[0])})", text)
        if more and not re.search(rf"[一1]\s*{unit}|[任每单]{unit}", text):
            return f"所引条款说的是“{more[0]}”"
    return ""
