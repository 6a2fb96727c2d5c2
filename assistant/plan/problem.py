"""Understand a problem: which figure, from what to what, since when, where, for what, suspected why; from free text.

Knows how people tell problems in Chinese. What is not said stays None and becomes a question to the manager.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from assistant.plan.kinds import kind_of
from assistant.plan.model import Problem
from kb.fold import fold

LONGEST_PROBLEM = 1000
DOWNTIME = "服务中断时长"
_AMOUNT = (
    r"(?:每月|每天|每周|月均|日均|平均)?(?:约|近|超过|不到)?\d+(?:\.\d+)?"
    r"\s*(?:个百分点|%|％|万元|万|元|个?工作日|分钟|小时|天|个月|次|起|件|单|人|分|秒|倍)?"
)
_MOVES = r"(?:下?降|下?跌|掉|滑落?|下滑|减少?|缩短|上?升|上?涨|增加?|增长|提高|提升|恶化|延长|变)"
_FROM_TO = re.compile(
    rf"(?P<metric>[^，。；,;从由]{{0,24}}?)(?:从|由)\s*(?P<baseline>{_AMOUNT})\s*(?:，)?(?:逐步|持续|一路|快速|已经?)?{_MOVES}(?:低|高)?(?:到|至|为|成|了)\s*(?P<present>{_AMOUNT})"
)
_CHANGE = re.compile(
    rf"(?P<metric>[^，。；,;]{{0,20}}?)(?P<change>(?:环比|同比|比[^，。；]{{1,8}})?(?:{_MOVES}|超预算|超支|超出预算|高出预算)了?\s*(?:约|近|超过)?\d+(?:\.\d+)?\s*(?:个百分点|%|％|万元|元|倍|起|件|次))"
)
_PRESENT = re.compile(
    r"(?P<metric>[^，。；,;\d]{2,16}?)(?:只有|仅有?|仅为|达到?|平均|高达|为|是|超过|(?:仍|还)(?:然)?(?:有|是|为|停在|停留在|卡在)|停在|停留在)\s*"
    r"(?P<present>(?:超过|约)?\d+(?:\.\d+)?\s*(?:%|％|分钟|小时|天|个?工作日|次|起|件|元|分))"
)
_TARGET = re.compile(
    r"(?:目标|希望|要求|争取|计划|力争|想要?|必须)(?:[^，。；\d]{0,6}\d+(?:个?月|天|周|年)(?:之|以)?(?:内|底前?|末|前))?"
    rf"[^，。；\d]{{0,12}}?(?P<target>(?:不低于|不高于|不超过)?{_AMOUNT})(?!\d|个?月|天内|周内|年内)"
)
# What is wanted without a figure.
_IN_BUDGET = re.compile(r"(?:控制|压|降|回)(?:在|到|回|至)?(?:[^，。；]{0,4})(?P<target>预算(?:以|之)?内)")
# What stands before it says what was done, what stands behind it what is wrong (投入增加40%，但返修率仍有9.8%).
_BUT = re.compile(r"[，,；;]?(?:但是?|可是|然而|不过|却)(?!愿|凡)")
# How long something was down.
_DOWN = re.compile(
    r"(?:宕机|瘫痪|停机|停摆|中断|崩溃|崩了|停了)[^，。；\d]{0,6}(?P<present>\d+(?:\.\d+)?(?:个?小时(?:\d+分钟?)?|分钟?))"
)
_PERIOD = re.compile(
    r"近(?:\d+|[一二两三四五六七八九十]+|半)个?(?:月|周|天|季度|年)|最近[一二两三四五六七八九十半\d]*个?(?:月|周|天|季度|年)?|上个?月|本月|这个月|上周|本周|上个?季度|本季度"
    r"|第[一二三四1-4]季度|今年(?:上半年|下半年|以来)?|去年|上半年|下半年|半年|\d{4}年(?:\d{1,2}月)?|\d{1,2}月份?(?:以来)?|\d{1,2}月至\d{1,2}月"
)
_PLACE = re.compile(
    r"(?:各|全部|多个|[\u4e00-\u9fffA-Za-z0-9]{1,6}?)(?:服务站|分公司|门店|网点|片区|区域|分店|店|客服中心|仓库|站点)(?![长员务])"
)
_PRODUCT = re.compile(
    r"(空调|洗衣机|冰箱|热水器|燃气灶|油烟机|净水器|保洁|家政|维修|安装|清洗|物业|外卖|配送|会员|套餐|预约|退款|售后|贷款|保险|课程|客房|租车|宽带)(?:业务|服务|产品|项目|类)?"
)
_SUSPECTED = re.compile(
    r"(?:集中在|主要(?:是|因为|由于|集中于?|反映|抱怨)|原因(?:是|可能是|在于)|因为|由于|怀疑(?:是)?|可能(?:是|因为)|归因于|根子在)(?P<why>[^，。；,;]{2,30})"
)
_TIMES = re.compile(r"(?:客户|近|最近|上|本|这|今年|去年)?" + _PERIOD.pattern)
_METRIC_WORD = re.compile(
    r"[\u4e00-\u9fff]{1,8}?(?:满意度|满意率|[\u4e00-\u9fff]{1,4}率|时长|时间|成本|得分|评分|投诉量|单量|数量|次数|费用)"
)
_FILLS = re.compile(
    r"^(?:目标[是为]?|希望|要求|争取|计划|力争|年底前?|月?底前|之?内|把|将|可(?=一)|每次|但是?|而且?|且|我们|公司|目前|现在|整体|的|，|。|是|有|了|也|还|都|在|已)+|(?:的|是|也|已|已经|又|平均|达到?|比)+$"
)


# By when something is wanted, behind the word that says so.
_WISH = re.compile(r"(?:目标|希望|要求|争取|计划|力争|想要?|必须|务必|确保)[^。；]*")
_WITHIN = re.compile(r"(?P<many>\d+|[一二两三四五六七八九十]|半)个?(?P<unit>天|周|月|季度|年)(?:之|以)?内")
_QUARTER = re.compile(r"(?P<year>明年|今年|本年|下|本)?第?(?P<number>[一二三四1-4])?季度(?:末|底|内|以内|前)?")
_MONTH = re.compile(r"(?P<year>明年|今年)?(?P<month>\d{1,2})月(?:底|末|份|前|以前|内)")
_YEAR = re.compile(r"(?:今年)?年(?:底|末|内)")
_DIGITS = {word: at for at, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "半": 0.5}
# Who tells of a figure (站长说…).
_SAYS = re.compile(r"^.{1,6}?(?:说|反映|抱怨|认为|觉得)")
# The fields of a form, in the order in which a sentence tells them.
FORM_FIELDS = ("metric", "baseline", "present", "target", "period", "place", "product", "suspected")


def told_by(fields: Mapping[str, str], text: str = "") -> str:
    """Return a form's fields, and what was written beside them, as one sentence."""
    said = {name: " ".join(fields.get(name, "").split()) for name in FORM_FIELDS}
    where = "".join(said[name] for name in ("period", "place", "product"))
    moved = f"从{said['baseline']}变为{said['present']}" if said["baseline"] and said["present"] else ""
    stands = f"现在为{said['present']}" if said["present"] and not moved else ""
    parts = [
        f"{where}{said['metric']}{moved or stands}",
        f"目标{said['target']}" if said["target"] else "",
        f"主要因为{said['suspected']}" if said["suspected"] else "",
        " ".join(text.split()),
    ]
    return "，".join(part for part in parts if part)


def with_form(problem: Problem, fields: Mapping[str, str]) -> Problem:
    """Return ``problem`` with what the form says of it, which counts more than what was read out of the sentence."""
    said = {name: " ".join(value.split()) for name, value in fields.items() if name in FORM_FIELDS and value.strip()}
    suspected = said.pop("suspected", "")
    causes = tuple(part.strip() for part in re.split(r"[、，,；;]", suspected) if part.strip())
    return replace(problem, **said, **({"suspected": causes} if causes else {}))  # type: ignore[arg-type]


def understand_problem(text: str) -> Problem:
    """Return what ``text`` says of its problem; figures and words are kept as written."""
    told = " ".join(text.split())[:LONGEST_PROBLEM]
    found = Problem(text=told, kind=kind_of(told))
    wrong = _wrong(told)
    moved = _FROM_TO.search(wrong)
    changed = None if moved else _CHANGE.search(wrong)
    stands = None if moved else _PRESENT.search(wrong)
    told_of = [match for match in (moved, changed, stands) if match]
    first = min(told_of, key=lambda match: match.start()) if told_of else None
    found = replace(
        found,
        baseline=_clean(moved["baseline"]) if moved else None,
        present=_clean(moved["present"])
        if moved
        else _clean(stands["present"])
        if stands and stands is first
        else None,
        change=_clean(re.sub(rf"^(?:{_PERIOD.pattern})", "", changed[0]) if changed is not first else changed["change"])
        if changed
        else None,
        metric=_metric(wrong, [first["metric"]] if first else []),
    )
    down = None if told_of or found.metric else _DOWN.search(told)
    if down:
        found = replace(found, present=_clean(down["present"]), metric=DOWNTIME)
    target = _TARGET.search(told) or _IN_BUDGET.search(told)
    rest = wrong[moved.end() :] if moved else told
    return replace(
        found,
        target=_clean(target["target"]) if target and re.search(r"\d|预算", target["target"]) else None,
        period=_first(_PERIOD, told.replace(target[0], "，") if target else told),
        place=_first(_PLACE, told),
        product=_first(_PRODUCT, told),
        suspected=_suspected(rest),
    )


def _wrong(text: str) -> str:
    """Return the part of ``text`` behind its 但 where that tells a figure, else all of it."""
    but = _BUT.search(text)
    rest = text[but.end() :] if but else ""
    return rest if any(pattern.search(rest) for pattern in (_FROM_TO, _CHANGE, _PRESENT)) else text


def _metric(text: str, named: list[str]) -> str | None:
    """Return the figure's name: what stands before its movement, without times; else a word that names a figure."""
    for name in named:
        short = _FILLS.sub("", _PERIOD.sub("", name)).strip(" ：:，,")
        if 2 <= len(short) <= 16:
            return short
    found = _METRIC_WORD.search(_PERIOD.sub("，", text))
    told = _FILLS.sub("", _SAYS.sub("", found[0])) if found else None
    return None if told and re.search("[和与]", told) else told  # 人手和单量对不上: no one figure


def _suspected(text: str) -> tuple[str, ...]:
    causes: list[str] = []
    for match in _SUSPECTED.finditer(text):
        why = re.sub(r"^(?:因为|由于|是)", "", match["why"])
        causes.extend(part.strip() for part in re.split(r"[、]|以及|和(?=[\u4e00-\u9fff]{2,})", why))
    return tuple(dict.fromkeys(cause for cause in causes if len(cause) > 1))


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[0] if found else None


def _clean(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("％", "%"))


def wanted_by(text: str, start: date) -> date | None:
    """Return the day by which ``text`` wants it better (三个月内, 明年一季度, 年底前), None where it says none."""
    wish = _WISH.search(text)
    told = wish[0] if wish else ""
    if within := _WITHIN.search(told):
        many = _many(within["many"])
        days = {"天": 1, "周": 7, "月": 30.4375, "季度": 91.3125, "年": 365.25}[within["unit"]]
        return start + timedelta(days=round(many * days))
    if quarter := _QUARTER.search(told):
        now = (start.month + 2) // 3
        at = int(_many(quarter["number"])) if quarter["number"] else now + (quarter["year"] == "下")
        year = start.year + (quarter["year"] == "明年")
        return _last(year + (at - 1) // 4, ((at - 1) % 4 + 1) * 3, start)
    if month := _MONTH.search(told):
        at = int(month["month"])
        return _last(start.year + (month["year"] == "明年"), at, start) if 1 <= at <= 12 else None
    return date(start.year, 12, 31) if _YEAR.search(told) else None


def _many(word: str) -> float:
    return float(word) if word.isdigit() else float(_DIGITS[word])


def _last(year: int, month: int, start: date) -> date:
    """Return the last day of a month, of the next year where it is over before ``start``."""
    end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return end if end > start else _last(year + 1, month, start)


def falls(problem: Problem) -> bool | None:
    """Say whether less of the figure is the trouble (满意度降了) or more (投诉涨了); None where it cannot be told."""
    if problem.baseline and problem.present and number(problem.baseline) and number(problem.present):
        return (number(problem.present) or 0) < (number(problem.baseline) or 0)
    text = fold(problem.text)
    if re.search(r"上升|升到|上涨|增加|超预算|超支|超过|变多", text):
        return False
    return True if re.search(r"下降|降到|下滑|跌|掉到|减少", text) else None


def number(amount: str | None) -> float | None:
    """Return the number in an amount as written (``92%`` → 92.0)."""
    found = re.search(r"\d+(?:\.\d+)?", amount or "")
    return float(found[0]) if found else None
