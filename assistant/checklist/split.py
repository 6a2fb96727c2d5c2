"""Where, inside one sentence, one order ends and the next begins: a prohibition, another case, another person.

Knows the parts of a sentence between its commas. Nothing of blocks or checks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checklist.opening import opens_with_verb
from assistant.checklist.parts import Part, segments
from assistant.checklist.timing import deadline_span, frequency_in
from assistant.checklist.words import BAN, DUTY, PROHIBITION, VERB, orders, role_at_start, role_by

_RULE = re.compile(r"按|由|与|把|将|以[^，]{1,20}为准|先|不|须|只|一律|移交|停|免|另")
_HOLDS = re.compile(
    r"(?:^|[^只])(?:不再|一律|遵守|不拨打|不停|不重新|不另|合并计|累计计|保存(?:期限|到|\d)|"
    r"就高不就低|等[^，]{2,12}后再|统一(?:通过|由|用|使用|采用|在|按|到)|(?:控制|保持|维持)在)"
)
_CASE = re.compile(r"(?:(?<!目)的|(?<![用及同工按准耗定实随小学届临平])时|时候|情况下|情形下|[^，]外|期间)$")
_STATE = re.compile(
    r"^[^，]{2,8}(?:尚?未[到收回签交付]{1,2}|[仍还]?未(?:恢复|解决|完成|到达|收到|答复|办结|归还|修复)|不[全齐符足]|占线|缺席)$"
    r"|^[^，\d]{0,16}(?:(?<!不)超过|不足|(?<!不)[少低高]于|高出|不到)\s*\d+[^，\d]{0,6}$"
    r"|^(?:[^，\d]{0,4}[在为达])?\d+[^，\d]{1,6}以[上下]$"
)
_BOUND = re.compile(r"(?:不低于|不少于|不超过|不高于|至少|最多)\s*(?:零下)?[\d一二两三四五六七八九十]")
_PLACE = re.compile(
    r"^(?:[^，]{1,8}(?:(?<!先)[后前时](?![段候限间序端台期])|天气|情况下|期间)(?=[^的])|在[^，]{2,12}?[中时上内]|对[^，]{2,10}?(?=进行|实行|开展))"
)
# What a noun that happens to begin with a verb is or does (巡检路线从…, 验收内容有…, 签到是…): no order.
_STATES = re.compile(
    r"^[^，：]{1,14}(?:是(?!否)|有(?![无关效])|可(?!燃|疑)|见[下上附表]|从|占|比|来自|负[^，]{0,2}责)|^[^，]{2,24}(?:得出|在于)"
)
_AIM = re.compile(
    r"减少|提高|提升|确保|保证|保障|避免|防止|降低|完善|优化|改进|让|使|给|足够|透过|随|到(?![位场岗达])|属于|造成|导致|经"
)
_KEPT = re.compile(
    r"^[^，。]{1,12}?(?:记入|写入|存入|存档|归档|保留|保存|留存|存放|分开)|^[^，]*\d[^，\d]{0,6}就[^是会有要]"
)
_WHICH = re.compile(r"超|低|高|不|未|无|涉及|出现|发生|需|有|\d|确|属")
# Another case and its order in one part (温度不符合要求的予以拒收).
_INLINE = re.compile(r"^[^，]{0,10}(?:不|未|无|超|缺|损|异常)[^，]{1,8}的(?:予以|应|须|由|立即|当[场日天]|[退停拒报])")
_OPENS = re.compile(r"如果?|若|倘若|凡|一旦|当(?![天日场晚月面])|遇到?")
# What stays of an order after its subject has to be long enough to be read alone.
_ALONE = 4


@dataclass(frozen=True)
class Run:
    """Parts ``first`` to ``last`` of a sentence, one order; ``case`` is the case the sentence opened with, before them."""

    first: int
    last: int
    forbids: bool
    case: str = ""


def split(parts: Sequence[Part], known: frozenset[str], *, bare: bool = False) -> list[Run]:
    """Return the orders of a sentence, in order; ``bare``: a plain 不… that opens it forbids (不看手机)."""
    marked: list[bool] = []
    for number, part in enumerate(parts):
        opens = number == 0 or marked[-1] or is_case(parts[number - 1].text)
        marked.append(bool(PROHIBITION.search(part.text)) or (bare and opens and _bans(part.text)))
    forbidding = _forbidding(parts, marked, known)
    taken = {number for first, last in forbidding for number in range(first, last + 1)}
    runs = [Run(first, last, forbids=True) for first, last in forbidding]
    start = 0
    while start < len(parts):
        if start in taken:
            start += 1
            continue
        end = start
        while end + 1 < len(parts) and end + 1 not in taken and not _begins(parts, start, end + 1, known):
            end += 1
        runs.append(Run(start, end, forbids=False))
        start = end + 1
    case = opening_case([part.text for part in parts], known)
    told = "，".join(part.text for part in parts[:case])
    ordered = sorted(runs, key=lambda run: run.first)
    kept = [Run(run.first, run.last, run.forbids, told if run.first >= case else "") for run in ordered]
    return [run for run in kept if run.forbids or run.last >= case or len(kept) == 1]


def _bans(text: str) -> bool:
    return bool(BAN.match(text)) and not is_case(text)


def is_case(text: str) -> bool:
    """Say whether a part only says in which case something holds (需要上门的, 材料不全时, 接班人未到)."""
    return bool(_CASE.search(text) or _STATE.search(text))


def opening_case(texts: Sequence[str], known: frozenset[str]) -> int:
    """Return how many of the first parts of a sentence say when it applies; never all of them."""
    last = 0
    for number, text in enumerate(texts[:3], start=1):
        if number == len(texts):
            break
        opens = number == 1 and (
            _OPENS.match(text) or (texts[1].startswith("由") and _WHICH.search(text) and not orders(text, known))
        )
        if is_case(text) or opens:
            last = number
        elif any(finds(text, known) for finds in (role_at_start, role_by)) or _ordered(text):
            break
    return last


def _ordered(text: str) -> bool:
    return bool(DUTY.search(text) or VERB.match(text) or deadline_span(text))


def _begins(parts: Sequence[Part], start: int, here: int, known: frozenset[str]) -> bool:
    """Say whether part ``here`` begins another order than the one begun at ``start``."""
    before = parts[start:here]
    done = [part for part in before if not is_case(part.text)]
    if not any(acts(part.text, known) for part in done):
        return False
    text = parts[here].text
    if _INLINE.match(text):
        return True
    if is_case(text) and here + 1 < len(parts) and not re.search(r"(?:同时|的同时)$", text):
        return True
    role = role_at_start(text, known)
    rest = text[len(role) :]
    span = deadline_span(rest)
    if not role or len(rest[span[1] :] if span and span[0] <= 1 else rest) < _ALONE:
        return False
    return any(role_at_start(part.text, known) or role_by(part.text, known) for part in done)


def _forbidding(parts: Sequence[Part], marked: Sequence[bool], known: frozenset[str]) -> list[tuple[int, int]]:
    """Return the first and last part of each prohibition: its condition before, what continues it behind."""
    runs: list[tuple[int, int]] = []
    number = 0
    while number < len(parts):
        if not marked[number]:
            number += 1
            continue
        first = number
        if not any(acts(part.text, known) for part in parts[:first]) and not runs:
            first = 0
        last = number
        leads = first == 0
        while last + 1 < len(parts):
            after = parts[last + 1].text
            own = bool(role_at_start(after, known)) or bool(role_by(after, known))
            if marked[last + 1] and own:
                break
            if (
                marked[last + 1]
                or _continues(after)
                or (leads and not own and not DUTY.search(after) and not VERB.match(after) and not _turns(after))
            ):
                last += 1
                continue
            break
        runs.append((first, last))
        number = last + 1
    return runs


def acts(text: str, known: frozenset[str]) -> bool:
    """Say whether a part before a prohibition is an order of its own, not the case in which it holds."""
    if re.search(r"(?:的|时|外|前|后|期间)$", text) and not DUTY.search(text):
        return False
    return orders(text, known) or bool(deadline_span(text)) or bool(re.search(r"只|均|全部|为准|不[一-龥]{1,6}$", text))


def _continues(text: str) -> bool:
    return bool(re.match(r"(?:或|也|更|且|以及|和|以免|以防|防止|避免)", text)) or text.endswith("除外")


def _turns(text: str) -> bool:
    """Say whether a part opens another case (供应商确需使用的, 紧急情况须…) or names a time of its own."""
    return text.endswith("的") or bool(deadline_span(text))


def says_so(text: str, known: frozenset[str]) -> bool:
    """Say whether a sentence orders something without the help of its place: a duty, a time, who does it, a plain order."""
    if DUTY.search(text) or frequency_in(text):
        return True
    if re.search(r"可以|可(?:从|按|在|由|向|将|视|酌)", text):  # it is allowed, not asked for
        return False
    if _BOUND.search(text) or _INLINE.match(text) or re.match(r"第[一二1]步", text) or _tells(text):
        return True
    parts = segments(text)
    subject = any(role_at_start(part, known) or role_by(part, known) or _whose(part, known) for part in parts)
    timed = any(deadline_span(part) for part in parts)
    return (
        (subject and _has_verb(parts, known))
        or timed
        or bool(VERB.match(text) or VERB.match(_PLACE.sub("", text)))
        or _rules(text)
    )


def says_plainly(text: str, known: frozenset[str]) -> bool:
    """Say whether a sentence of a document of orders opens one of its parts with a verb, or says what is kept how."""
    for part in segments(text):
        if is_case(part) or _STATES.match(part):
            continue
        told = _PLACE.sub("", part[len(role_at_start(part, known)) :])
        if _KEPT.match(told) or (opens_with_verb(told) and not _AIM.match(told)):
            return True
    return False


def _whose(text: str, known: frozenset[str]) -> bool:
    """Say whether a part tells those of a post whom something is true of (得分低于70分的团长参加补训)."""
    for place in re.finditer("的", text):
        told = text[place.end() :]
        role = role_at_start(told, known)
        if role and VERB.match(told[len(role) :]):
            return True
    return False


def _tells(text: str) -> bool:
    """Say whether a case and a colon lead to an order (顾客出现红肿：停止护理)."""
    case, colon, told = text.partition("：")
    return bool(colon) and 2 <= len(case) <= 20 and bool(VERB.match(told.strip()))


def _rules(text: str) -> bool:
    """Say whether a sentence lays down what happens in a case (…的，移交…) or what holds throughout (不再, 一律, 遵守)."""
    parts = segments(text)
    cases = [n for n, part in enumerate(parts[:-1]) if re.search(r"(?<!目)的$|时$|外$", part) or _STATE.search(part)]
    if cases and any(_RULE.match(part) or VERB.match(part) for part in parts[cases[0] + 1 :]):
        return True
    return any(_HOLDS.search(part) for part in parts)


def _has_verb(parts: Sequence[str], known: frozenset[str]) -> bool:
    """Say whether somebody does something: a verb outside the names of posts (接待组面向嘉宾 has none)."""
    return any(VERB.search(part[len(role_at_start(part, known)) :]) for part in parts)
