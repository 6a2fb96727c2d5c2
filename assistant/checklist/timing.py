"""When and how often: the time limit and the frequency that a part of a sentence states, as places in it.

Knows how Chinese work instructions write times. A duration that only says how long something lasts (保存3年) is neither.
"""

from __future__ import annotations

import re

_UNIT = r"(?:个?工作日|个?自然日|分钟|个?小时|天|日|周|个?星期|个?月|年|秒钟?)"
_COUNT = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3}|半)"
_DAY = (
    r"(?:每[天日晚早]|每周[一二三四五六日天]?|每个?月(?:最后一个工作日|第?\d+个?工作日|\d+[日号])?|每季度?|每年(?:\d+月)?(?:\d+日)?"
    r"|次月|当月|次日|当日|当天|当晚|次年|下一个?工作日)"
)
_CLOCK = r"\d{1,2}(?:[:：]\d{2}|点(?:半|\d{1,2}分)?|时(?=[前至到之以]))"
_WITHIN = re.compile(rf"{_COUNT}{_UNIT}(?:以内|之内|内)")
_BEFORE = re.compile(
    rf"{_DAY}?(?:第?\d+个工作日|最后一个工作日|\d{{1,2}}[日号])?(?:上午|中午|下午|晚上?)?(?:{_CLOCK}|下班|收工|打烊|月底|\d{{1,2}}[日号]|个工作日)?(?:以前|之前|前)"
)
_AHEAD = re.compile(
    rf"(?:至少|须|应)?提前(?:至少)?{_COUNT}{_UNIT}|(?:到期|届满|期满|报到|出发|开课|上线|发布)前{_COUNT}{_UNIT}"
    rf"|(?:^|[在于])[^，。；：、（）\s\d比提在于]{{2,10}}(?<![以之目当空眼居岗])(?<![^开上下接交]班)前{_COUNT}{_UNIT}(?!以[上下])"
)
_AT_ONCE = re.compile(r"立即|立刻|马上|即时|即刻|当场|(?<![取领印看对出开列查核])当[天日]|当晚|次日(?!\d)")
# What may stand between the start of an order and its time: the moment from which it counts.
_FROM = re.compile(
    r"^(?:(?:应|须|需|要|必须|应当|均)?(?:在|于|自|从))?(?:[^，。；：由在于从自]{0,18}?(?:后|起|时|前|之日起|之时起|的))?(?:的|在|于)?$"
)
# The same, further inside an order: 退款由财务专员在批准后7个工作日内退回.
_TAIL = re.compile(r"(?:在|于|自|从)?[^，。；：由在于自从]{0,14}?(?:后|起|之日起|之时起)$|(?:在|于)$")
_STATES = re.compile(r"^(?:因|同一|已|被|未|没有|无|连续|累计|再次|返修|出现|有效)")
_PAST = re.compile(r"(?:最近|过去|近|同一|连续|累计|满|超过)$")
# 当前, 岗前, 前三名 and their like name no moment before which something is due.
_BEFORE_WHAT = re.compile(
    r"[^，。；：、（）《》“”\s]{1,8}(?<![以之目当空提眼居岗班比事])前(?=[^后往台端提期面置一二三四五六七八九十几两半\d])"
)
_FREQUENCY = re.compile(
    r"(?:(?<![\d一二三])(?:一|两|三|半)个?(?:天|日|周|月|季度?|年|小时)(?=[一两三\d]次(?!以))|(?<!于)每(?:个|隔)?(?:[两二三四五六八十]个?(?:小时|天|周|星期|月|年)|半年|半个?月|半个?小时|半天|季度末?|季末?|年|月末?|周末?|星期|天|日|晚|班次?(?![每两])|工作日|小时|餐次|餐(?!品)|批(?!次品)"
    r"|\d+(?:[至到~～—-]\d+)?(?:个工作日|个月|小时|分钟|天|周|年|日|[张件次批箱桶托辆人盘]次?(?!\d*元))))"
    r"(?:第?\d+个?工作日|最后一个工作日|\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日|[一二三四五六日天](?![一二两三四五六七八九十]?[次个组名份单]))?"
    rf"(?:(?:上午|下午|晚上?)?{_CLOCK}(?:[、和](?:上午|下午|晚上?)?{_CLOCK})*|上午|下午|晚上?)?"
    r"(?:(?:至少|最少|不少于)?[^，。；]{0,6}?(?:一|两|二|三|四|\d+)次)?(?!\d+(?:\.\d+)?(?:万?元|公里|千米|米|升|吨|公斤|克|转))"
)


# What may open a part before its time.
_OPENING = re.compile(r"^(?:(?:并|须|应|需|均|都|最后)(?=[在于提\d一二两三四五六七八九十半当次立即]))*[在于]?")


def deadline_span(text: str) -> tuple[int, int] | None:
    """Return the place of the time limit in ``text`` (one order without its subject), its starting moment included."""
    found = [span for span in (_within(text), _before(text), _ahead(text), _before_what(text)) if span]
    if found:
        return min(found)
    at_once = _AT_ONCE.search(text)
    return at_once.span() if at_once else None


def deadline_in(text: str) -> str | None:
    """Return the time limit that ``text`` states."""
    span = deadline_span(text)
    return _OPENING.sub("", text[span[0] : span[1]]) if span else None


def frequency_span(text: str) -> tuple[int, int] | None:
    """Return the place of the frequency in ``text``."""
    found = _FREQUENCY.search(text)
    return found.span() if found else None


def frequency_in(text: str) -> str | None:
    """Return the frequency that ``text`` states."""
    span = frequency_span(text)
    return text[span[0] : span[1]] if span else None


def _within(text: str) -> tuple[int, int] | None:
    for found in _WITHIN.finditer(text):
        if _PAST.search(text[: found.start()]) or _STATES.match(text[found.end() :]):
            continue
        return _with_start(text, *found.span())
    return None


def _before(text: str) -> tuple[int, int] | None:
    for found in _BEFORE.finditer(text):
        if re.search(r"\d|下班|收工|打烊|月底", found[0]):
            return _with_start(text, *found.span())
    return None


def _ahead(text: str) -> tuple[int, int] | None:
    found = _AHEAD.search(text)
    return _with_start(text, *found.span()) if found else None


def _before_what(text: str) -> tuple[int, int] | None:
    """Return 生效日前, 离开前: a moment before which, at the start of the order."""
    found = _BEFORE_WHAT.match(text[1:] if text[:1] in "在于" else text)
    if not found:
        return None
    shift = 1 if text[:1] in "在于" else 0
    return (found.start(), found.end() + shift)


def _with_start(text: str, start: int, end: int) -> tuple[int, int]:
    if _FROM.match(text[:start]):
        return (0, end)
    tail = _TAIL.search(text[:start])
    return (tail.start() if tail else start, end)
