"""Whether a sentence unties what the cited clauses tie to something: 无论是否同意, 且 for 或, 申请后 for 批准后.

Knows words for what makes no difference, for both and either, and for what a period starts from. Knows nothing of doers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.chat.facts import Amount, amounts, without_amounts
from assistant.chat.sources import Source
from assistant.chat.wording import Cut, content, coverage

TOLD = 0.6  # coverage from which the evidence tells of a case
_REGARDLESS = re.compile(
    r"(?:无论|不论|不管|不分)(?P<case>[^,;。]{2,16})|(?:^|[,;。])(?P<too>[^,;。]{2,14}?)也(?:不例外|一样|同样如此|是如此|照样)"
)
_ANYWAY = re.compile(r"无论|不论|不管|不分|均|都|一律")
_CASE = re.compile(
    r"[^,;。:]{2,24}(?:的(?:人员?|员工|客户)?|时|者|且|并(?=客户))(?=[,;。:]|$)|(?:如果|如|若|经)[^,;。]{2,24}"
    r"|[^,;。:]{2,24}[约同]定的"
)
_LABEL = re.compile(r"^[^:,;。]{1,24}:(?!\d\d)")
_BOTH, _EITHER = re.compile("并?且|同时"), re.compile("或者?")
_NEAR = 12
_EVENTS = tuple(
    frozenset(group.split())
    for group in (
        "发生 出现",
        "结束 终止 完成 办结 完工 期满 试用期满 关闭 了结 竣工",
        "开始 启动 开工 试用期开始",
        "批准 通过 审批 核准",
        "申请 提交 提出 递交 提出申请 提交申请",
        "受理 收到 接到 接报",
        "立项",
        "发布 公布",
        "签字 签收 签订",
    )
)
_FROM = re.compile(r"(?P<event>[\u4e00-\u9fff]{2,14}?)(?:之?后|之日起)的?(?=\d)")


def regardless(said: str, source: Source, cut: Cut) -> str:
    """Return what is said to make no difference, of which the evidence makes a case."""
    for found in _REGARDLESS.finditer(said):
        case = found["case"] or found["too"]
        words = [word for word in content(case, cut) if len(word) > 1]
        for block in source.blocks:
            for theirs in _CASE.finditer(block):
                if words and coverage(words, theirs[0]) >= TOLD and not _ANYWAY.search(theirs[0]):
                    return f"所引条款对“{case.strip()}”另有规定"
    return ""


def without_limit(said: str, source: Source, cut: Cut) -> str:
    """Return the case that a clause opens with (停工超过90天返岗的人员:) where ``said`` names it without its limit."""
    for block in source.blocks:
        label = _LABEL.match(block)
        limits = [one for one in amounts(label[0]) if one.direction] if label else []
        if not label or not limits or any(one.same(two) for one in limits for two in amounts(said)):
            continue
        words, rest = content(without_amounts(label[0]), cut), content(block[label.end() :], cut)
        if coverage(words, said) >= TOLD and coverage(rest, said) >= TOLD:
            return f"所引条款只在“{label[0].rstrip(':')}”时才这样说"
    return ""


def joined_otherwise(said: str, source: Source, cut: Cut) -> str:
    """Return two conditions of which both are asked for where one is enough, or the other way round."""
    for ours, theirs in ((_BOTH, _EITHER), (_EITHER, _BOTH)):
        for found in ours.finditer(said):
            left, right = _beside(said, found)
            for block in source.blocks:
                if any(_same_pair(_beside(block, one), (left, right), cut) for one in ours.finditer(block)):
                    break
                if any(_same_pair(_beside(block, one), (left, right), cut) for one in theirs.finditer(block)):
                    return f"“{(left + found[0] + right).strip()}”与所引条款不同"
    return ""


def _beside(text: str, found: re.Match[str]) -> tuple[str, str]:
    left = re.split("[;。:]", text[: found.start()].rstrip(","))[-1]
    right = re.split("[,;。:]", text[found.end() :].lstrip(","))[0]
    return re.split(",", left)[-1][-_NEAR:], right[:_NEAR]


def _same_pair(theirs: tuple[str, str], ours: tuple[str, str], cut: Cut) -> bool:
    return all(_alike(one, other, cut) for one, other in zip(ours, theirs, strict=True))


def _alike(one: str, other: str, cut: Cut) -> bool:
    """Say whether two conditions have an amount in common, else where neither has one most words."""
    ours, theirs = amounts(one), amounts(other)
    if ours or theirs:
        return any(mine.same(yours) for mine in ours for yours in theirs)
    words = [word for word in content(one, cut) if len(word) > 1]
    return bool(words) and coverage(words, other) >= TOLD


def counted_from(said: str, source: Source) -> str:
    """Return the event from which a period is counted (申请后7天内), where the evidence counts it from another kind of event."""
    theirs = [one for block in source.blocks for one in _starts(block)]
    for event, amount in _starts(said):
        same = [other for other, given in theirs if amount.same(given)]
        named = next(
            (word for group in _EVENTS for word in group if event in group and word in "\n".join(source.blocks)), ""
        )
        if (
            same
            and not named
            and event not in source.around
            and event not in {word for one in same for word in _group(one)}
        ):
            return f"所引条款中“{said[amount.start : amount.end]}”是从“{same[0]}”算起的"
    return ""


def _starts(text: str) -> Iterator[tuple[str, Amount]]:
    for found in _FROM.finditer(text):
        event = max((word for group in _EVENTS for word in group if found["event"].endswith(word)), key=len, default="")
        amount = next((one for one in amounts(text) if 0 <= one.start - found.end() <= 1), None)
        if event and amount and amount.dimension == "time":
            yield event, amount


def _group(event: str) -> frozenset[str]:
    return next(group for group in _EVENTS if event in group)
