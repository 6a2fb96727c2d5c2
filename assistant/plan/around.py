"""What surrounds the measures: resources they name, what could go wrong, what the manager still has to say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from assistant.checklist.model import Check
from assistant.plan.clauses import measure_text
from assistant.plan.dates import over_long_holiday
from assistant.plan.kinds import kinds
from assistant.plan.measures import MeasureFinder
from assistant.plan.model import Action, Evidence, Goal, Problem, Resource, Risk

if TYPE_CHECKING:
    from assistant.plan.schedule import Work
    from kb.search import Filter

_SYSTEM = re.compile(
    r"(?:工单|客户档案|采购|质检|学习|资源调度|服务监控|质量管理|客户满意度管理)[一-龥]{0,4}?(?:系统|平台)|[A-Z]{2,6}系统"
)
_FORM = re.compile(r"《[^《》]{2,20}》")
# A title after such a word is a source that the clause leans on, not something to fill in.
_LEANS_ON = re.compile(r"(?:根据|依据|按照|参照|遵循|依照|符合|引自|据|见)[^，。；：]{0,12}$")
_SOURCES = re.compile(r"(?:指南|标准|规范|办法|制度|条例|准则|体系|法|理论|白皮书|SOP|规定|规程)》$")
RESOURCES = 10
# How many clauses are looked through for an answer to a risk.
ANSWERS = 8
MOST_RISKS = 5
_OTHER_WORK = ("资源配置", "创新", "考试", "红线")
# What the manual's own answer to a risk has to speak of.
_TAUGHT = re.compile(r"^(?!只有)[^。]*(?:培训|宣讲|学习|讲解)[^。]*(?:理解|执行|掌握|照做)")
_SAME_COUNT = re.compile(r"(?:数据|口径)[^。，]{0,14}(?:准确|一致|统一)|数值必须相同")
_ENOUGH_PEOPLE = re.compile(r"(?:人力|人手|人员|资源)[^。]*(?:充足|支援|调配|保障|借调)|跨站支援")


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


def risks(finder: MeasureFinder, problem: Problem, work: Work, *, filter: Filter | None = None) -> list[Risk]:  # noqa: A002
    """Return what could go wrong with this plan, each with the manual's answer where it has one, else a suggestion."""
    figure = problem.metric or kinds()[problem.kind].metric or "指标"
    lefts = [action.deliverable or "" for action in work.measures]
    trained, built = (sum(one.startswith(kind) for one in lefts) for kind in ("签到与考核记录", "上线与试用记录"))
    days = (work.prepare[0].start, work.end)
    unowned = sum(action.owner is None for action in work.measures)
    count = (f"{figure}的口径或取数前后不一致，看不出是否有效", f"改之前先固定{figure}的口径和取数人")
    told: list[tuple[tuple[str, str], bool, str, re.Pattern[str] | None]] = [
        (
            ("一线不理解或不照做，措施停在纸面", "先讲清为什么改，再到现场看是否照做"),
            True,
            "培训 执行 理解 掌握",
            _TAUGHT,
        ),
        (count, True, "数据 准确 口径 一致", _SAME_COUNT),
        (("工具上线拖期，或者上了没人用", "先在一个点试用，问题当天收集，用顺了再推开"), built > 0, "", None),
        (("几项培训挤在一起，班上抽不出人", "错开高峰、分批安排，先训关键岗位"), trained > 1, "", None),
        (
            ("计划期跨长假，人手紧、事情容易断", "假前收尾的先做，假后第一天对一次进度"),
            over_long_holiday(*days),
            "",
            None,
        ),
        ((f"{unowned} 项措施还没有责任岗，容易没人管", "启动评审前逐项定到人"), unowned > len(lefts) / 2, "", None),
        (
            ("人手或预算不够，措施拖期", "每次评审先看资源缺口，缺的当场决定补或减"),
            True,
            "资源 保障 人员 调配",
            _ENOUGH_PEOPLE,
        ),
    ]
    found = []
    for (risk, advice), here, ask, fits in told:
        if here:
            answer = _answer(finder, ask, fits, problem.text, filter) if fits else None
            if answer:
                found.append(Risk(risk, measure_text(answer), "clause", answer.citation))
            else:
                found.append(Risk(risk, advice, "assumption"))
    return found[:MOST_RISKS]


def _answer(
    finder: MeasureFinder,
    ask: str,
    fits: re.Pattern[str],
    problem: str,
    filter: Filter | None,  # noqa: A002
) -> Check | None:
    """Return the clause that answers a risk in so many words and is about no other work than ``problem``."""
    for one in finder.candidates(ask, filter=filter)[:ANSWERS]:
        quote = one.check.citation.quote
        elsewhere = any(word in quote and word not in problem for word in _OTHER_WORK)
        if fits.search(quote) and not elsewhere and not one.check.red_line:
            return one.check
    return None


def questions(problem: Problem, goals: Sequence[Goal], evidence: Evidence | None, ends: date) -> list[str]:
    """Return what the manager still has to say, most important first; ``ends`` is the plan's last day."""
    asked = []
    if goals and goals[0].by and goals[0].by < ends:
        late = f"按建议工期要到 {ends.isoformat()} 才结项，晚于要求的 {goals[0].by.isoformat()}"
        asked.append(f"{late}：哪些措施并行、压缩或先不做？")
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
