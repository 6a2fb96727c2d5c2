"""Whether a sentence gives away what the cited clauses keep for one thing or shut out: 始终由人工受理, 不适用.

Knows how clauses word what is kept for somebody and what they leave out. Knows nothing of amounts and of roles' names.
"""

from __future__ import annotations

import re

from assistant.chat.sources import Source, roles, segments
from assistant.chat.wording import Cut, content, credit

KNOWN = 0.5  # credit from which the evidence names somebody
_NEED_ONLY = re.compile(r"(?<![不非])(?<!不能)(?<!不要)(?<!不应)(?<!不可)(?<!不得)[只仅](?:需要?|须|看)")
_NEED_ONLY_TOO = re.compile(r"[只仅单光]|唯一|无需|无须|不必|即可|就行")
_KEPT_FOR = re.compile(r"(?:始终|一律|均|全部|只能|只|必须)由(?P<who>[\u4e00-\u9fff]{2})")
_SHUT_OUT = re.compile(r"不适用|不在此列|除外")
_APPLIES = re.compile(r"适用|[按照依][照据]?本(?:文件|规定|制度|办法|手册|sop)")
_BY = re.compile(
    r"由(?P<who>[\u4e00-\u9fff]{2,12}?)(?=在\d|[在于]?\d|负责|填写|提出|签[字署]|审批|批准|决定|办理|答复)"
)


def given_away(said: str, source: Source, cut: Cut) -> str:
    """Return what ``said`` gives to others than the evidence does, in one line; ``""`` if nothing."""
    return (
        _need_only(said, source) or _kept(said, source, cut) or _shut_out(said, source, cut) or _by(said, source, cut)
    )


def _need_only(said: str, source: Source) -> str:
    found = _NEED_ONLY.search(said)
    return f"所引条款没有说“{found[0]}”" if found and not _NEED_ONLY_TOO.search(source.around) else ""


def _kept(said: str, source: Source, cut: Cut) -> str:
    """Return what is said to be done by another than the one for whom alone the evidence keeps it."""
    for block in source.blocks:
        for found in _KEPT_FOR.finditer(block):
            what = re.split(r"[,;:。]", block[: found.start()])[-1]
            words = [word for word in content(what, cut) if len(word) > 1]
            for piece in segments(said):
                if "由" in piece and f"由{found['who'][0]}" not in said and any(word in piece for word in words):
                    return f"所引条款说的是“{found[0]}”"
    return ""


def _shut_out(said: str, source: Source, cut: Cut) -> str:
    """Return what is said to be under the document, which the evidence says it is not."""
    for piece in segments(said):
        if not _APPLIES.search(piece) or _SHUT_OUT.search(piece) or re.search("[不无][^,;。]{0,2}(?:适用|按)", piece):
            continue
        for other in (one for block in source.blocks for one in segments(block) if _SHUT_OUT.search(one)):
            words = [word for word in content(_SHUT_OUT.sub(" ", other), cut) if len(word) > 1]
            if any(word in piece for word in words):
                return f"所引条款另有规定：{other.strip()}"
    return ""


def _by(said: str, source: Source, cut: Cut) -> str:
    """Return who is said to do something, whom the evidence does not name."""
    for found in _BY.finditer(said):
        words = content(found["who"], cut)
        if any(named for _, named in roles(found["who"], source.around)):
            continue
        if words and credit(words[-1], source.around) < KNOWN:
            return f"“{found['who']}”不在所引条款中"
    return ""
