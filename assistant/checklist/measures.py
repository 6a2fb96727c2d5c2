"""Measured values that a clause bounds (不低于98%, 18～26℃, 85分及以上), as limits a value can be checked against.

Knows quantities in Chinese text. Times are not measured here: a time limit is a deadline.
"""

from __future__ import annotations

import re

from assistant.checklist.model import Limits

_TIME = re.compile(r"^(?:个?工作日|个?自然日|分钟|个?小时|天|日|周|个?星期|个?月|年|秒)")
_NUMBER = r"(零下|-)?(\d+(?:\.\d+)?)"
_UNIT = (
    r"\s*(%|％|℃|°C|度|元|万元|分(?!钟)|单|人|名|户|件|份|张|条|次|步|毫升|升|克|公斤|千克|米|厘米|公里"
    r"|个(?!工作日|自然日|月|小时|星期)|项|套|笔|通|家|台|lux|dB|分贝|ppm|mg/L)?"
)
_LOWER = re.compile(
    rf"(?:不少于|不低于|不小于|至少|最少|达到(?:[^，。；\d]{{1,8}}的)?|高于或等于|≥|>=)\s*{_NUMBER}{_UNIT}"
)
_UPPER = re.compile(rf"(?:不超过|不高于|不大于|不得超过|不得高于|最多|最高|低于或等于|≤|<=)\s*{_NUMBER}{_UNIT}")
_NOT_BELOW = re.compile(rf"不得(?:低于|少于|小于)\s*{_NUMBER}{_UNIT}")
_AT_LEAST = re.compile(rf"{_NUMBER}{_UNIT}(?:及以上|以上)(?=$|[为才，；。）]|者?合格|方可)")
_AT_MOST = re.compile(rf"{_NUMBER}{_UNIT}(?:及以下|以内|以下)(?=$|[为才，；。）]|者?合格|方可)")
_BETWEEN = re.compile(rf"{_NUMBER}{_UNIT}\s*(?:[~～—–至到]|-(?=\d))+\s*{_NUMBER}{_UNIT}")
_GOAL = re.compile(rf"^{_NUMBER}{_UNIT}$")
_MORE_IS_BETTER = re.compile(
    r"(?:及时|准时|满意|合格|达标|接通|接起|解决|完成|通过|到岗|覆盖|留存|正确|准确|完好|响应)[^，]{0,4}(?:率|度|分)$"
)


def limits_in(text: str) -> Limits | None:
    """Return the limits of the first measured value in ``text``; None where nothing is measured but time."""
    between = _BETWEEN.search(text)
    # Without a unit it may be a telephone number or a clause.
    # 超过1000元至5000元 names a case.
    if between and (between[6] or between[3]) and not re.search(r"(?:超过|高于|大于)$", text[: between.start()]):
        low, high = _value(between[1], between[2]), _value(between[4], between[5])
        if low <= high:
            return Limits(low, high, between[6] or between[3] or "")
    for pattern, is_lower in (
        (_LOWER, True),
        (_NOT_BELOW, True),
        (_UPPER, False),
        (_AT_LEAST, True),
        (_AT_MOST, False),
    ):
        for found in pattern.finditer(text):
            if _times(text, found.end(), found[3]):
                continue
            if pattern in (_AT_LEAST, _AT_MOST) and not found[3]:
                continue
            value = _value(found[1], found[2])
            return Limits(value, None, found[3] or "") if is_lower else Limits(None, value, found[3] or "")
    return None


def goal_limits(name: str, goal: str) -> Limits | None:
    """Return the limits of a figure's goal (不高于3%, or 95% where more of ``name`` is plainly better)."""
    stated = limits_in(goal)
    if stated:
        return stated
    found = _GOAL.match(goal.strip())
    if found and _MORE_IS_BETTER.search(name):
        return Limits(_value(found[1], found[2]), None, found[3] or "")
    return None


def _times(text: str, end: int, unit: str | None) -> bool:
    return not unit and bool(_TIME.match(text[end:].lstrip()))


def _value(sign: str | None, digits: str) -> float:
    return -float(digits) if sign else float(digits)
