"""Where, inside one sentence, one order ends and the next begins: a prohibition, another case, another person.

Knows the parts of a sentence between its commas. Nothing of blocks or checks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.checklist.opening import opens_with_verb
from assistant.checklist.parts import Part, segments
from assistant.checklist.timing import deadline_span, frequency_in, frequency_span
from assistant.checklist.words import BAN, DUTY, MAY_BAN, PROHIBITION, VERB, orders, role_at_start, role_by

_RULE = re.compile(r"按|由|与|把|将|以[^，]{1,20}为准|先|不|须|只|一律|移交|停|免|另")
_HOLDS = re.compile(
    r"(?:^|[^只])(?:不再|一律|遵守|不拨打|不停|不重新|不另|合并计|累计计|保存(?:期限|到|\d)|"
    r"就高不就低|等[^，]{2,12}后再|统一(?:通过|由|用|使用|采用|在|按|到)|(?:控制|保持|维持)在)"
)
_CASE = re.compile(
    r"(?:(?<!目)的|(?<![用及同工按准耗定实随小学届临平])时|时候|情况下|情形下|[^，]外|期间|[^，]{3,}(?<!或)者)$"
)
_STATE = re.compile(
    r"^[^，]{2,8}(?:尚?未[到收回签交付]{1,2}|[仍还]?未(?:恢复|解决|完成|到达|收到|答复|办结|归还|修复)|不[全齐符足]|占线|缺席)$"
    r"|^[^，\d]{0,16}(?:(?<!不)超过|不足|(?<!不)[少低高]于|高出|不到)\s*\d+[^，\d]{0,6}(?:(?:或者?|且)[^，\d]{0,12}\d+[^，\d]{0,6})?$"
    r"|^未经[^，]{2,14}(?:同意|批准|许可|审批|授权|允许)$|^[^，]{1,10}(?:都在忙|不在|不在场|不在岗|离岗)$"
    r"|^[^，]{1,10}(?:[打连联看听修找登查充说对接]不[开上了清到好通动出]|不[亮响动转]|失灵|掉线|死机|卡纸|停[电水气]|断[电网水]|出现故障|[异报]常)$"
    r"|^(?:[^，\d]{0,4}[在为达])?\d+[^，\d]{1,6}以[上下]$"
)
_BOUND = re.compile(r"(?:不低于|不少于|不超过|不高于|至少|最多)\s*(?:零下)?[\d一二两三四五六七八九十]")
_PLACE = re.compile(
    r"^(?:[^，]{1,8}(?:(?<!先)[后前时](?![段候限间序端台期])|天气|情况下|期间)(?=[^的])|在[^，]{2,12}?[中时上内]|对[^，]{2,10}?(?=进行|实行|开展))"
)
_SAID = re.compile(r"[“\"「][^“”\"「」]{1,12}[”\"」](?=[牌标字])|（[^（）]*）")
# What something is done about or with, before it (针对突发事件，制定预案).
_TOWARDS = re.compile(r"^(?:针对|围绕|结合|基于)[^，]{2,40}，")
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
# What is kept how long has a line of its own; characters that may name what a time is set for (贵重物品当天移交…).
KEPT_FOR = re.compile(r"保[存留管]\s*\d")
_SUBJECT = 4
_SAYS = 6
# In which state something is, for a case of the kind 封签破损的; what is met with opens a case though it is a verb.
_STATE_OF = re.compile(
    r"[不未没无缺超破损坏漏错逾]|异常|确需|[低高少多大小早晚]于|过期|失效|\d(?:分|％|%|℃|度)?以[上下]|合格|[发出]现|遇到?"
)
_MET = re.compile(r"发[现生]|出现|遇|检出|查出")
# A negation that only says of whom or what something is told (不受理的要说明理由, 采纳或不采纳都要写理由, 不适应者可退住).
_QUALIFIES = re.compile(
    r"^[^，不]{0,10}不[^，]{1,8}?(?:[的者](?=[都也还]?要|应|须|由|按|当[场日天]|立即|一律|可|[退停报扣重另补]|说明|拍照|登记)|[都也还]要)"
)
# What happens or when, with nobody told to do anything: 发现病苗, 接到召回通知, 方案执行完毕的当日, 运营总监批准后.
_HAPPENS = re.compile(
    r"^(?:发[现生]|出现|遇到?|[接收听看见碰]到)[^，：。后内的立当]{2,16}$|^[^，：。]{2,16}(?:当[日天]|批准后|届满|期满|(?:[一二三四五六七八九十两半\d]{1,3}个?(?:天|日|小时|分钟|工作日|周|月)[内前后]|前[一二三四五六七八九十两半\d]{1,3}个?(?:天|日|小时|分钟|周|月)))$"
    r"|^[^，：。\d]{2,12}(?<![以之先])[前后]$|^[^，：。]{1,8}(?:有异议|突发[^，]{1,8}|未清|缺货|不[足够全])$"
    r"|^[^，：。]{2,12}(?:过程中|期间|途中)$|^[^，：。]{2,10}[未已被][^，：。]{1,8}的[一-龥]{1,4}$|^[^，：。]{0,10}一旦[^，：。]{2,8}$"
)
# Whom a manual addresses, once more: the next order (客户反馈应分类，企业应建立反馈处理流程).
_NEXT = re.compile(
    r"(?:企业|公司|本公司|各部门|服务团队|团队)(?:还|也|同时)?(?:应当|应该|必须|应|须|需)(?![对急用求])|定期[一-龥]{2}"
)
_LEST = re.compile(r"避免|防止|以免|以防")
_LEANS = re.compile(r"根据|按照|依据|参照|依照|结合|为了?")
_EVENT = re.compile(r"^(?:发[现生]|出现|[接收听看见碰]到)[^，：。后内的立当]{2,12}$")
# Where a case no comma parts from its order may stop: at these words, behind the state.
_CASE_IN_PART = re.compile(
    r"^((?:涉及|存在|发生|出现|属于|定为|超过|低于|信息|有|无|缺|未|不)[^，的]{1,14}的)(?=不|按|由|须|应|立即|直接|报|另|退|先)"
)
# 超过15分钟启动救援, 测不出来就停线.
_MORE_THAN = re.compile(
    r"^((?:超过|不足|低于|高于|少于)\d+(?:\.\d+)?(?:[%℃]|分钟|小时|个?工作日|天|次|度|元|人))(?=(?:启动|停|报|通知|改|更换|补|暂停|退|加|转))"
    r"|^([^，：]{1,6}不[出上了到通动开清]来?)(?=就[一-龥])"
)
_SHORTEST = 3


@dataclass(frozen=True)
class Run:
    """Parts ``first`` to ``last`` of a sentence, one order; ``case`` is the case the sentence opened with, before them."""

    first: int
    last: int
    forbids: bool
    case: str = ""


def split(
    parts: Sequence[Part], known: frozenset[str], *, bare: bool = False, ordering: frozenset[int] = frozenset()
) -> list[Run]:
    """Return the orders of a sentence, in order.

    ``bare``: a plain 不… that opens it forbids (不看手机); so does one in a part that is known to be ``ordering``.
    """
    marked: list[bool] = []
    for number, part in enumerate(parts):
        opens = number == 0 or marked[-1] or is_case(parts[number - 1].text)
        # What a sign says (挂“禁止操作”牌) forbids nothing here.
        text = _SAID.sub("", part.text) or part.text
        bans = (bare and opens and _bans(text)) or (number in ordering and bool(MAY_BAN.match(text)))
        barely = bans and not (is_case(text) or _QUALIFIES.match(text) or _LEST.match(text))
        marked.append(bool(PROHIBITION.search(text)) or barely)
    forbidding = _forbidding(parts, marked, known, ordering)
    taken = {number for first, last in forbidding for number in range(first, last + 1)}
    runs = [Run(first, last, forbids=True) for first, last in forbidding]
    start = 0
    while start < len(parts):
        if start in taken:
            start += 1
            continue
        end = start
        while (
            end + 1 < len(parts)
            and end + 1 not in taken
            and not (_begins(parts, start, end + 1, known) or _apart(parts, start, end + 1, known, ordering))
        ):
            end += 1
        runs.append(Run(start, end, forbids=False))
        start = end + 1
    case = opening_case([part.text for part in parts], known)
    ordered = sorted(runs, key=lambda run: run.first)
    kept = [replace(run, case=_case_before(parts, run, case)) for run in ordered]
    return [run for run in kept if run.forbids or run.last >= case or len(kept) == 1]


def _case_before(parts: Sequence[Part], run: Run, opening: int) -> str:
    """Return the case a run stands in: the last one told before it, the sentence's opening one where there is no other.

    What is done regularly is done in every case.
    """
    told: list[str] = []
    for number, part in enumerate(parts[: run.first]):
        if number < opening or is_case(part.text):
            again = number and (number <= opening - 1 or is_case(parts[number - 1].text))
            told = [*told, part.text] if again else [part.text]
    if run.first < opening or (run.first > opening and frequency_in(parts[run.first].text)):
        return ""
    return "，".join(told)


def _bans(text: str) -> bool:
    return bool(BAN.match(text)) and not is_case(text)


def is_case(text: str) -> bool:
    """Say whether a part only says in which case something holds (需要上门的, 材料不全时, 接班人未到)."""
    return bool(_CASE.search(text) or _STATE.search(text))


def only_tells_when(text: str, known: frozenset[str]) -> bool:
    """Say whether a part has no order of its own, only what happens (接到召回通知) or when (抢修结束24小时内)."""
    told = text[len(role_at_start(text, known)) :] or text
    return is_case(text) or (bool(_HAPPENS.match(told)) and not DUTY.search(told))


def case_within(text: str) -> str:
    """Return the case that no comma parts from its order (封签破损的拍照留底), or ``""``."""
    if found := _CASE_IN_PART.match(text) or _MORE_THAN.match(text):
        return found[found.lastindex or 0]
    for place in re.finditer("的", text):
        case, told = text[: place.end()], text[place.end() :]
        if len(told) < _SHORTEST or not _STATE_OF.search(case) or (VERB.match(case) and not _MET.match(case)):
            continue
        span = deadline_span(told)
        if opens_with_verb(told) or (span and span[0] == 0):
            return case
    return ""


def opening_case(texts: Sequence[str], known: frozenset[str]) -> int:
    """Return how many of the first parts of a sentence say when it applies; never all of them."""
    last = 0
    for number, text in enumerate(texts[:3], start=1):
        if number == len(texts):
            break
        opens = number == 1 and (
            _OPENS.match(text) or (texts[1].startswith("由") and _WHICH.search(text) and not orders(text, known))
        )
        if is_case(text) or opens or (number == 1 and _EVENT.match(_SAID.sub("", text)) and not DUTY.search(text)):
            last = number
        elif any(finds(text, known) for finds in (role_at_start, role_by)) or _ordered(text):
            break
    return last


def _ordered(text: str) -> bool:
    return bool(DUTY.search(text) or VERB.match(text) or deadline_span(text) or _HOLDS.search(text))


def _begins(parts: Sequence[Part], start: int, here: int, known: frozenset[str]) -> bool:
    """Say whether part ``here`` begins another order than the one begun at ``start``."""
    before = parts[start:here]
    done = [part for part in before if not is_case(part.text)]
    if not any(acts(part.text, known) for part in done):
        return False
    text = parts[here].text
    if _INLINE.match(text) or case_within(text):
        return True
    if _NEXT.match(text) and not _LEANS.match(parts[here - 1].text):
        return True
    if is_case(text) and here + 1 < len(parts) and not re.search(r"(?:同时|的同时)$", text):
        return True
    role = role_at_start(text, known)
    rest = text[len(role) :]
    span = deadline_span(rest)
    if not role or len(rest[span[1] :] if span and span[0] <= 1 else rest) < _ALONE:
        return False
    return any(role_at_start(part.text, known) or role_by(part.text, known) for part in done)


def _apart(parts: Sequence[Part], start: int, here: int, known: frozenset[str], ordering: frozenset[int]) -> bool:
    """Say whether part ``here``, known to order something as one before it does, has a time or somebody of its own."""
    done = [number for number in range(start, here) if number in ordering and not is_case(parts[number].text)]
    text = parts[here].text
    if here not in ordering or not done or is_case(text):
        return False
    role = role_at_start(text, known)
    if (role and len(text) - len(role) >= _ALONE) or role_by(text, known) or KEPT_FOR.search(text):
        return True
    spans = [span for span in (deadline_span(text), frequency_span(text)) if span and span[0] <= _SUBJECT]
    # 每90天更换一次 says by itself not what.
    return any(len(text) - (end - start) >= _SAYS for start, end in spans)


def _forbidding(
    parts: Sequence[Part], marked: Sequence[bool], known: frozenset[str], ordering: frozenset[int]
) -> list[tuple[int, int]]:
    """Return the first and last part of each prohibition: its condition before, what continues it behind."""
    runs: list[tuple[int, int]] = []
    number = 0
    while number < len(parts):
        if not marked[number]:
            number += 1
            continue
        first = number
        done = any(
            acts(part.text, known) or at in ordering for at, part in enumerate(parts[:first]) if not is_case(part.text)
        )
        if not done and not runs:
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
        or bool(VERB.match(text) or VERB.match(_PLACE.sub("", text)) or VERB.match(_TOWARDS.sub("", text)))
        or _rules(text)
    )


@lru_cache(maxsize=4096)
def found_in(text: str) -> dict[str, bool]:
    """Return what the patterns of this module find in a part or a sentence, by name: for the model of ``orders``."""
    nobody = frozenset[str]()
    placed = _PLACE.sub("", text[len(role_at_start(text)) :])
    return {
        "says so": says_so(text, nobody),
        "plain": says_plainly(text, nobody),
        "bound": bool(_BOUND.search(text)),
        "states": bool(_STATES.match(text)),
        "aim": bool(_AIM.match(text)),
        "holds": bool(_HOLDS.search(text)),
        "kept": bool(_KEPT.match(text)),
        "rule": bool(_RULE.match(text)),
        "inline": bool(_INLINE.match(text)),
        "tells": _tells(text),
        "placed verb": bool(VERB.match(placed)),
        "placed opening": opens_with_verb(placed),
    }


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
