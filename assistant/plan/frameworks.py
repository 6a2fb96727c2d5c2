"""The frameworks: which steps each has of its own, and what of a plan stands in which.

PDCA, 5W2H, A3 and 8D are told apart by their own steps, not by four names for one list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.plan.dates import last_of, working_days
from assistant.plan.model import Action, Cause, Framework, Goal, Indicator, Milestone, Phase, Problem, Said
from assistant.plan.schedule import Work

# Causes whose measures hold the trouble down at once, and those that keep it from coming back (8D).
_AT_ONCE = frozenset({"响应", "处置", "沟通", "恢复", "行为", "问题描述", "现象", "流程", "资源"})
_FOR_GOOD = frozenset({"监测", "监控", "培训", "机制", "体系", "标准", "文化", "管理", "审计", "监督", "评估", "预防"})
HELD_DOWN = 2
# What builds something, or ends it, holds nothing down; nor does what takes longer than this (working days).
_BUILDS = re.compile(r"建立|机制|体系|制定|设定|设计|编制|引入|持续改进|终止|撤回|复盘")
AT_ONCE_DAYS = 5
_HOLD = "没有找到手册的临时办法：先把正在发生的逐件列出，指定专人跟到了结，查清之前同类事项由第二人复核"


@dataclass(frozen=True)
class Material:
    """All that a framework arranges."""

    problem: Problem
    situation: tuple[Said, ...]
    gap: tuple[Said, ...]
    causes: tuple[Cause, ...]
    whys: tuple[Said, ...]
    goals: tuple[Goal, ...]
    indicators: tuple[Indicator, ...]
    milestones: tuple[Milestone, ...]
    work: Work


def phases(framework: Framework, material: Material) -> tuple[Phase, ...]:
    """Return the steps of ``framework`` in its order."""
    arrange: dict[Framework, Callable[[Material], tuple[Phase, ...]]] = {
        "pdca": _pdca,
        "5w2h": _5w2h,
        "a3": _a3,
        "8d": _8d,
    }
    return arrange[framework](material)


def _pdca(all_: Material) -> tuple[Phase, ...]:
    work = all_.work
    return (
        Phase("P 计划", (*_goals(all_), *all_.whys), work.prepare),
        Phase("D 执行", (), (*work.measures, *work.gaps)),
        Phase("C 检查", _indicators(all_), work.check),
        Phase("A 处理", (), work.keep),
    )


def _5w2h(all_: Material) -> tuple[Phase, ...]:
    work = all_.work
    owners = list(dict.fromkeys(action.owner for action in work.measures if action.owner))
    who = [Said(f"条款写明的责任岗：{'、'.join(owners)}", "clause", _first(work.measures))] if owners else []
    where = all_.problem.place or "待填（请写明涉及的部门、门店或片区）"
    days = [Said(f"{one.on.isoformat()} {one.name}：{one.review}", "assumption") for one in all_.milestones]
    return (
        Phase("What 做什么", (*all_.situation, *_goals(all_))),
        Phase("Why 为什么", (*all_.gap, *_causes(all_), *all_.whys), work.prepare),
        Phase("Who 谁来做", (*who, Said("牵头人：待填", "assumption"))),
        Phase("When 什么时候", tuple(days)),
        Phase("Where 在哪里", (Said(where, "user" if all_.problem.place else "assumption"),)),
        Phase("How 怎么做", (), (*work.measures, *work.gaps, *work.check, *work.keep)),
        Phase("How much 做到多少、花多少", (*_indicators(all_), Said("预算：待填", "assumption"))),
    )


def _a3(all_: Material) -> tuple[Phase, ...]:
    work = all_.work
    return (
        Phase("背景", all_.situation[:1]),
        Phase("现状", (*all_.situation[1:], *all_.gap), work.prepare[:1]),
        Phase("目标", _goals(all_)),
        Phase("原因分析", (*_causes(all_), *all_.whys), work.prepare[1:]),
        Phase("对策", _against((*work.measures, *work.gaps), "实施计划")),
        Phase("实施计划", (), (*work.measures, *work.gaps)),
        Phase("效果确认", _indicators(all_), work.check),
        Phase("跟进", (), work.keep),
    )


def _8d(all_: Material) -> tuple[Phase, ...]:
    work = all_.work
    branch = {cause.text: cause.branch for cause in all_.causes}
    at_once = [one for one in work.measures if branch.get(one.cause or "") in _AT_ONCE and _at_hand(one)][:HELD_DOWN]
    later = [one for one in work.measures if one not in at_once]
    for_good = [one for one in later if branch.get(one.cause or "") in _FOR_GOOD]
    lasting = [one for one in later if one not in for_good]
    if not lasting:
        half = (len(for_good) + 1) // 2
        lasting, for_good = for_good[:half], for_good[half:]
    owners = list(dict.fromkeys(action.owner for action in work.measures if action.owner))
    team = Said(f"建议成员：{'、'.join(owners)}", "clause", _first(work.measures)) if owners else None
    held = [] if at_once else [Said(_HOLD, "assumption")]
    return (
        Phase("D1 成立小组", (*([team] if team else []), Said("组长：待填", "assumption"))),
        Phase("D2 描述问题", (*all_.situation, *all_.gap, *_goals(all_)), work.prepare[:1]),
        Phase("D3 临时措施", tuple(held), tuple(_at_once(one, work.prepare[0].start) for one in at_once)),
        Phase("D4 根本原因", (*_causes(all_), *all_.whys), work.prepare[1:2]),
        Phase("D5 选定永久措施", _against(lasting, "D6"), work.prepare[2:]),
        Phase("D6 实施并验证", _indicators(all_), (*lasting, *work.gaps, *work.check)),
        Phase("D7 防止再发", (), (*for_good, *work.keep[:1])),
        Phase("D8 总结与肯定", (Said("对小组成员的肯定方式：待填", "assumption"),), work.keep[1:]),
    )


def _at_hand(action: Action) -> bool:
    """Say whether a measure can be taken today: nothing has to be built for it."""
    return working_days(action.start, action.end) <= AT_ONCE_DAYS and not _BUILDS.search(action.action)


def _at_once(action: Action, start: date) -> Action:
    """Return what holds the trouble down as begun on the first day: it waits for no cause to be found."""
    return replace(action, start=start, end=last_of(start, working_days(action.start, action.end)), after=())


def _against(actions: Sequence[Action], where: str) -> tuple[Said, ...]:
    """Return which actions are taken against which cause; what they are stands under ``where``."""
    by_cause: dict[str, list[str]] = {}
    for one in actions:
        by_cause.setdefault(one.cause or "", []).append(one.id)
    return tuple(
        Said(f"针对“{cause}”：{'、'.join(ids)}（内容和出处见“{where}”）", "assumption")
        for cause, ids in by_cause.items()
    )


def _causes(all_: Material) -> tuple[Said, ...]:
    return tuple(
        Said(
            f"{cause.branch}：{cause.text}",
            cause.basis if cause.basis != "assumption" or not cause.citation else "assumption",
        )
        for cause in all_.causes
    )


def _goals(all_: Material) -> tuple[Said, ...]:
    return tuple(Said(f"目标：{goal.text}", goal.basis) for goal in all_.goals)


def _indicators(all_: Material) -> tuple[Said, ...]:
    return tuple(
        Said(f"看指标：{one.name}{f'（{one.goal}）' if one.goal else ''}", one.basis, one.citation)
        for one in all_.indicators
    )


def _first(actions: Sequence[Action]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return next((action.citation for action in actions if action.owner), None)
