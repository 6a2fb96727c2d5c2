"""Rows that oblige: a table of steps, of things forbidden, of time limits, of goals; each row one check.

Knows what column headings mean. A table of duties, of terms, of forms to keep, of scores or of prices obliges to nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.checklist.measures import goal_limits, limits_in
from assistant.checklist.model import CheckKind, Method
from assistant.checklist.timing import deadline_in, frequency_in
from assistant.checklist.wording import Wording, forbidden
from assistant.checklist.words import DUTY, PHOTO, PROHIBITION, SIGNATURE
from kb.model import Block

_ACTION = re.compile(
    r"(?i:^(?:Action|Task|Item|Check|Activity)s?$)|步骤|[检点]查?项|检查内容|检查要点|检查点|工作内容|作业内容|事项|内容|任务|动作|操作|工序|环节|要求$|[做干]什么|^事情?$|怎么做|做法|项目"
)
_STANDARD = re.compile(
    r"(?i:^(?:Standard|Criteri|Requirement|Expected|Limit))|标准|要求|合格|规范|要点|质量|目标值|限值|范围|程度|达标|注意|怎样算|算[好合]|看什么"
)
_ROLE = re.compile(
    r"(?i:^(?:Who|Owner|Role|Responsib|PIC$|By$))|责任|负责|执行人|检查人|统计人|经办|操作人|岗位|主责|审批人|报告人|^谁"
)
_DEADLINE = re.compile(
    r"(?i:^(?:Deadline|Due|SLA|Time limit|When)\b)|.*(?:时限|期限|完成时间|截止|响应|办结|^时间$|^日期$|时点|恢复目标)"
)
_FREQUENCY = re.compile(r"(?i:^(?:Frequency|How often))|频次|频率|周期|多久|次数|哪天")
_PROOF = re.compile(r"(?i:^(?:Record|Evidence|Form)s?$)|记录|凭证|证据|表单|留痕|材料|产出|输出|交付")
_FORBIDDEN = re.compile(r"禁止|红线|严禁|不得|不准|一票否决")
_GOAL = re.compile(r"^(?:目标|目标值|指标值|考核值|达标值)$")
_CASE = re.compile(r"(?<!合格)(?:情形|条件|场景|适用|判定|范围|含义|类型|类别|级别|等级|金额|分值|症状|现象)")
_STEP = re.compile(r"步骤|步序|^Step$", re.IGNORECASE)
_DUTIES = re.compile(r"^(?:职责|分工|应急职责|工作职责|岗位职责|做什么|主要职责)$")
_KEPT = re.compile(r"保存|保管")
_SCORES = re.compile(r"扣分|分值|权重|评分人|形式")
_ORDINAL = re.compile(r"^(?:序号|编号|No\.?|步序|Step|#)$", re.IGNORECASE)
_COUNTS = re.compile(r"^第?[\d一二三四五六七八九十]+步?$")
_AMOUNT = re.compile(r"^[≤≥<>]?\d")
_TO_SHOW = re.compile(r"按(?:下|以下|上|本)?表|如下|执行")
_NOTHING = re.compile(r"^\s*[-—–/／]*\s*$")
_TICK = re.compile(r"^[√✓✔●○☑◎■]$")
_SPAN = re.compile(
    r"^(?:立即|立刻|当[日天场班]|次[日月]|即时|下一?个?工作日|(?:\d+(?:\.\d+)?|[一二两三四五六七八九十半]+)(?:个?工作日|个?自然日|分钟|个?小时|天|日|周|个月|秒)(?:以?内|之内)?)$"
)
# How long something takes, lasts or is kept: no limit.
_LASTS = re.compile(r"时长|用时|保[存质修留]|有效|年限|工龄|任期|课时|价|费|元")
# Characters up to which the name of a thing to check says nothing by itself.
_BARE = 6
_PERIOD = re.compile(r"月度|季度|年度|每月|每季|每周|每日|周度|日常")


@dataclass(frozen=True)
class Row:
    """One row that obliges."""

    kind: CheckKind
    wording: Wording


def row_check(block: Block, lead: str, title: str) -> Row | None:
    """Return what a table row obliges to, None where it does not.

    ``lead`` is the text just before the table (a caption, an introduction), ``title`` its section's title.
    """
    cells = {name: cell for name, cell in zip(block.header, block.cells, strict=False) if not _NOTHING.match(cell)}
    if len(cells) < 2 or any(_KEPT.search(name) for name in cells) or _of_duties(cells):
        return None
    banned = next((name for name in cells if _FORBIDDEN.search(name)), None)
    if banned:
        words = forbidden(cells[banned], "严禁" if not PROHIBITION.search(cells[banned]) else "")
        return Row("prohibition", Wording(words, role=_role(cells)))
    goal = next((name for name in cells if _GOAL.match(name)), None)
    if goal:
        return _figure(cells, goal, lead)
    if any(_SCORES.search(name) for name in cells):
        return _stated(cells)
    if ticked := _ticked(cells):
        return Row("step", ticked)
    action = _action_column(cells)
    if action and any(_named(name) for name in cells if name != action):
        return Row("step", _step(cells, action))
    if any(_DEADLINE.search(name) for name in cells):
        return Row("obligation", _limit(cells))
    if _role(cells) and not _ROLE.search(next(iter(cells))):
        return Row("obligation", _limit(cells))
    if _bounds(cells) or any(_FREQUENCY.search(name) for name in cells):
        return Row("obligation", _limit(cells))
    if _TO_SHOW.search(lead):
        return Row("obligation", Wording("：".join([next(iter(cells.values())), "；".join(list(cells.values())[1:])])))
    return _stated(cells)


def _of_duties(cells: dict[str, str]) -> bool:
    """Say whether a table says what a post is there for, not what is done when or how well."""
    told = [name for name in cells if not _DUTIES.match(name)]
    tasks = any(one.search(name) for name in told for one in (_STANDARD, _DEADLINE, _FREQUENCY, _STEP, _PROOF))
    return len(told) < len(cells) and not tasks


def _ticked(cells: dict[str, str]) -> Wording | None:
    """Return a row whose frequency is a tick in one of several columns (每班 | 每周 | 每月)."""
    often = [name for name in cells if frequency_in(name) and _TICK.match(cells[name].strip())]
    if not often:
        return None
    names = [name for name in cells if not _ORDINAL.match(name) and not frequency_in(name)]
    standard = next((cells[name] for name in names[1:] if _STANDARD.search(name)), None)
    words = cells[names[0]]
    return Wording(
        action=f"{words}：{standard}" if standard and len(words) <= _BARE else words,
        standard=standard,
        role=_role(cells, but=names[0]),
        frequency="、".join(often),
        method="number" if limits_in(standard or "") else "yes_no",
        limits=limits_in(standard or ""),
    )


def _bounds(cells: dict[str, str]) -> bool:
    """Say whether every cell but the first (and ordinals) is a time or a bounded measure: what is to be kept to."""
    names = [name for name in cells if not _ORDINAL.match(name)]
    values = [cells[name].strip() for name in names[1:]]
    if any(_LASTS.search(name) for name in names):
        return False
    kept = [bool(_SPAN.match(value)) or _bounded(value) for value in values]
    return bool(kept) and kept[0] and sum(kept) * 2 >= len(kept)


def _bounded(value: str) -> bool:
    found = limits_in(value)
    return found is not None and found.unit not in ("元", "万元", "分")


def _named(name: str) -> bool:
    return any(pattern.search(name) for pattern in (_ROLE, _DEADLINE, _PROOF, _STANDARD, _FREQUENCY))


def _action_column(cells: dict[str, str]) -> str | None:
    """Return the column that says what is done: 步骤 before 内容, and never the ordinal or a case."""
    other = (_ORDINAL, _STANDARD, _DEADLINE)
    names = [name for name in cells if _ACTION.search(name) and not any(one.match(name) for one in other)]
    names += [name for name in list(cells)[:1] if name == "看什么"]
    names = [name for name in names if not _COUNTS.match(cells[name])]  # 步骤 may hold no more than an ordinal
    return next((name for name in names if re.search(r"步骤|检查|动作|操作|任务", name)), names[0] if names else None)


def _cell(cells: dict[str, str], pattern: re.Pattern[str], *, but: str | None = None) -> str | None:
    return next((cell for name, cell in cells.items() if pattern.search(name) and name != but), None)


def _role(cells: dict[str, str], *, but: str | None = None) -> str | None:
    """Return who a row is for; a column of amounts under the name of a post (部门负责人：600元) names nobody."""
    found = _cell(cells, _ROLE, but=but)
    return found if found and not _AMOUNT.match(found) else None


def _step(cells: dict[str, str], action: str) -> Wording:
    standard = next((cell for name, cell in cells.items() if _STANDARD.search(name) and name != action), None)
    proof = _cell(cells, _PROOF, but=action)
    words = cells[action]
    if standard and len(words) <= _BARE:  # 人员: what is to be seen stands in the standard
        words = f"{words}：{standard}"
    text = "；".join(cells.values())
    limits = limits_in(standard or "")
    method: Method = (
        "photo" if PHOTO.search(text) else "signature" if SIGNATURE.search(text) else "number" if limits else "yes_no"
    )
    return Wording(
        action=words,
        standard=standard,
        role=_role(cells, but=action),
        deadline=_cell(cells, _DEADLINE, but=action) or deadline_in(words) or deadline_in(standard or ""),
        frequency=_cell(cells, _FREQUENCY) or frequency_in(words),
        method=method,
        evidence=proof,
        limits=limits if method == "number" else None,
    )


def _figure(cells: dict[str, str], goal: str, lead: str) -> Row:
    name = next(cell for header, cell in cells.items() if header != goal and not _ORDINAL.match(header))
    limits = goal_limits(name, cells[goal])
    period = _PERIOD.search(lead)
    return Row(
        "obligation",
        Wording(
            action=name,
            standard=cells[goal],
            role=_role(cells),
            frequency=_cell(cells, _FREQUENCY) or (period[0] if period else None),
            method="number" if limits else "yes_no",
            limits=limits,
        ),
    )


def _limit(cells: dict[str, str]) -> Wording:
    """Return a row of time limits: its first cell names it, the columns of time are the limit, a case is the condition."""
    names = [name for name in cells if not _ORDINAL.match(name)]
    timed = [
        name for name in names if _DEADLINE.search(name) or (name != names[0] and _SPAN.match(cells[name].strip()))
    ]
    # The only time of a row needs no name (时限：办结后48小时内).
    limits = [cells[name] if len(timed) == 1 else f"{name}：{cells[name]}" for name in timed]
    case = [cells[name] for name in names[1:] if _CASE.search(name) and name not in timed]
    proof = _cell(cells, _PROOF)
    used = {name for name in names if name in timed or _PROOF.search(name) or _CASE.search(name)} | {names[0]}
    role = next((cells[name] for name in names[1:] if _ROLE.search(name)), None)
    rest = [f"{name}：{cells[name]}" for name in names if name not in used and not _ROLE.search(name)]
    told = limits or rest
    return Wording(
        action=f"{cells[names[0]]}：{'；'.join(told)}",
        condition="；".join(case) or None,
        standard="；".join(rest) or None if limits else None,
        role=role,
        deadline="；".join(limits) or None,
        frequency=_cell(cells, _FREQUENCY),
        evidence=proof,
    )


def _stated(cells: dict[str, str]) -> Row | None:
    """Return a row one cell of which orders or forbids in plain words (24小时内重开工单, 实操不得低于35分)."""
    values = list(cells.values())
    forbidding = next((cell for cell in values[1:] if PROHIBITION.search(cell)), None)
    if forbidding:
        part = next(one for one in re.split(r"[，；]", forbidding) if PROHIBITION.search(one))
        return Row("prohibition", Wording(part if part != values[0] else values[0], condition=None))
    ordering = next((cell for cell in values[1:] if deadline_in(cell) or DUTY.search(cell)), None)
    if not ordering:
        return None
    return Row(
        "obligation",
        Wording(action=f"{values[0]}：{ordering}", deadline=deadline_in(ordering), frequency=frequency_in(ordering)),
    )
