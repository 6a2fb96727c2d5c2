"""What surrounds the measures: resources they name, what could go wrong, what the manager still has to say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.plan.kinds import kinds
from assistant.plan.measures import MeasureFinder, measure_text
from assistant.plan.model import Action, Evidence, Goal, Problem, Resource, Risk

if TYPE_CHECKING:
    from kb.search import Filter

_SYSTEM = re.compile(
    r"(?:工单|客户档案|采购|质检|学习|资源调度|服务监控|质量管理|客户满意度管理)[一-龥]{0,4}?(?:系统|平台)|[A-Z]{2,6}系统"
)
_FORM = re.compile(r"《[^《》]{2,20}》")
# A title after such a word is a source that the clause leans on, not something to fill in.
_LEANS_ON = re.compile(r"(?:根据|依据|按照|参照|遵循|依照|符合|引自|据|见)[^，。；：]{0,12}$")
_SOURCES = re.compile(r"(?:指南|标准|规范|办法|制度|条例|准则|体系|法|理论|白皮书|SOP|规定|规程)》$")
RESOURCES = 10
# What goes wrong with most plans, and what an answer to it is searched by.
_USUAL = (
    ("一线不理解或不照做，措施停在纸面", "培训 宣讲 学习 考核 {title}", "先讲清为什么改，再检查是否照做"),
    ("数据口径前后不一致，看不出是否有效", "数据 准确 口径 一致 {title}", "改之前先固定口径和取数人"),
    ("人手或预算不够，措施拖期", "资源 调配 保障 人员 {title}", "每次评审先看资源缺口，缺的当场决定补或减"),
)
ENOUGH = 0.5


def resources(actions: Sequence[Action]) -> list[Resource]:
    """Return the posts, forms and systems that the clauses of ``actions`` name; what is not stated is asked for."""
    found: dict[str, Resource] = {}
    for action in actions:
        if action.citation is None:
            continue
        if action.owner:
            found.setdefault(action.owner, Resource(f"人员：{action.owner}", "clause", action.citation))
        for pattern, label in ((_FORM, "表单"), (_SYSTEM, "系统")):
            for match in pattern.finditer(action.citation.quote):
                if not stated_source(action.citation.quote, match.start()) and not _SOURCES.search(match[0]):
                    found.setdefault(match[0], Resource(f"{label}：{match[0]}", "clause", action.citation))
    return [*list(found.values())[:RESOURCES], Resource("预算：待填", "assumption")]


def stated_source(quote: str, start: int) -> bool:
    """Say whether what begins at ``start`` of a quote is a source the clause leans on (根据《指南》)."""
    return bool(_LEANS_ON.search(quote[:start]))


def risks(finder: MeasureFinder, problem: Problem, *, filter: Filter | None = None) -> list[Risk]:  # noqa: A002
    """Return what could go wrong, each with the manual's answer where it has one, else a suggestion."""
    title = kinds()[problem.kind].title
    found = []
    taken: set[str] = set()
    for risk, ask, advice in _USUAL:
        near = [
            one
            for one in finder.candidates(ask.format(title=title), filter=filter)
            if one.check.citation.clause not in taken and not one.check.red_line
        ]
        if near and near[0].score >= ENOUGH:
            citation = near[0].check.citation
            taken.add(citation.clause)
            found.append(Risk(risk, measure_text(near[0].check), "clause", citation))
        else:
            found.append(Risk(risk, advice, "assumption"))
    return found


def questions(problem: Problem, goals: Sequence[Goal], evidence: Evidence | None) -> list[str]:
    """Return what the manager still has to say, most important first."""
    asked = []
    if not problem.metric:
        asked.append("用哪个指标衡量这个问题？")
    if not (problem.baseline or problem.change) and not evidence:
        asked.append(f"{problem.metric or '这个指标'}原来是多少？")
    if not (problem.present or problem.change) and not evidence:
        asked.append(f"{problem.metric or '这个指标'}现在是多少？")
    if not problem.target:
        known = goals[0].value if goals else None
        asked.append(f"目标定为多少？（现按恢复到 {known} 起草，请确认）" if known else "目标定为多少？")
    if not problem.period:
        asked.append("问题从什么时候开始，统计的是哪段时间？")
    if not problem.place:
        asked.append("涉及哪些部门、门店或片区？")
    asked.append("谁牵头？没有写明责任岗的措施由谁负责？")
    asked.append("有多少预算和人手可用？")
    if evidence is None:
        asked.append("能否提供按日期、原因登记的明细表（xlsx 或 csv）？可以用 --data 加进来算趋势和主要原因。")
    return asked
