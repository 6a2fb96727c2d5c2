"""Figures of a plan: how things stand, the gap, goals checked for SMART, and the indicators the manual itself names.

Numbers come from the problem, the data or a clause; what is computed here is only the difference of two of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.plan.evidence import COUNT
from assistant.plan.kinds import kinds
from assistant.plan.model import Basis, Evidence, Goal, Indicator, Problem, Said
from assistant.plan.problem import falls, number
from kb.fold import fold
from kb.model import Block, Citation, Section

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

INDICATORS = 4
# Share of a figure's name that another's has to have to be the same.
OWN_SHARE = 0.6
# What so many figures are called by that it makes none of them fit a problem.
_GENERIC = re.compile("服务|客户|质量|员工|人员|维度|资源")
_NAMES_FIGURE = re.compile(
    r"(?:率|(?<![维制角程])度|时间|时长|得分|评分|量|成本|次数|指数|时间指标|度指标)(?:（.*）|\(.*\))?$"
)
_FORMULA = re.compile(
    r"占[^，。；]{2,24}(?:的?比例|的?比重)|[^，。；]{2,20}[÷/][^，。；]{2,20}|[^，。；]{2,24}(?:的比例|的分钟数|的时间|用时)"
    r"|^如[^。；]{4,60}等"
)
_SOURCE = re.compile(
    r"工单系统|客户档案系统|质检平台|采购系统|学习平台|[一-龥]{2,6}(?:系统|平台|台账|问卷|记录表)"
    r"|(?!如)[一-龥]{2,5}调查(?=得分|问卷|结果)"
)
# A target that is not to be passed.
_NO_MORE = re.compile(r"控制在|以内|不超过|不高于|压到|减到")
# A figure of which less is better, where the problem does not say which way it went.
_LESS = re.compile(
    r"(?:泄露|流失|中断|投诉|差错|错误|不合格|返修|返工|事故|受伤|工伤|超时|延误|缺货|损坏|积压)[^，]{0,4}(?:率|量|数|次数|件数|时长|时间)$"
    r"|成本|费用|支出|时长$|用时$|周期$"
)
# An amount that says itself which way it counts.
_BOUND = re.compile(r"不[低高超]|预算|100[%％]$")
_GOAL = re.compile(r"目标(?:值)?[为：:]?\s*(\d+(?:\.\d+)?%?)")


@dataclass(frozen=True)
class _Usual:
    """How a figure of this name is usually counted and where its numbers come from: suggestions, never facts."""

    named: re.Pattern[str]
    formula: str
    source: str
    score: str = ""


_USUAL = (
    _Usual(
        re.compile("满意|好评"),
        "评为满意的回访数 ÷ 有效回访数 × 100%",
        "回访或问卷记录",
        "有效回访的评分合计 ÷ 有效回访数",
    ),
    _Usual(re.compile("流失率|离职率"), "期内离职人数 ÷ 期内平均在岗人数 × 100%", "人事台账"),
    _Usual(re.compile("响应及时率|首次响应率"), "时限内首次响应的件数 ÷ 应响应的件数 × 100%", "受理登记记录"),
    _Usual(re.compile("响应(?:时间|时长)|首次响应$"), "首次响应时刻 − 受理时刻，取平均", "受理登记记录"),
    _Usual(re.compile("(?:办结|回复|答复|处理)[^，]{0,2}率$"), "按期办结的件数 ÷ 应办结的件数 × 100%", "受理登记记录"),
    _Usual(re.compile("投诉(?:量|数|件数|数量)$"), "期内登记的投诉件数", "投诉登记记录"),
    _Usual(re.compile("投诉率"), "期内投诉件数 ÷ 期内完成单数 × 100%", "投诉与服务记录"),
    _Usual(re.compile("到货[^，]{0,2}率|到货率"), "按约定时间到货的批数 ÷ 应到货批数 × 100%", "采购与入库记录"),
    _Usual(re.compile("准时率|及时率"), "按约定时间完成的次数 ÷ 约定的总次数 × 100%", "服务记录"),
    _Usual(re.compile("返修率|返工率"), "因同一问题再次处理的单数 ÷ 完成单数 × 100%", "服务记录"),
    _Usual(re.compile("错误率|差错率"), "抽查中有差错的单数 ÷ 抽查单数 × 100%", "抽查记录"),
    _Usual(re.compile("合格率|通过率"), "合格的数量 ÷ 检查的总数 × 100%", "检查或考核记录"),
    _Usual(re.compile("(?:单均|单位|平均)[^，]*成本"), "期内服务支出合计 ÷ 期内完成单数", "财务账"),
    _Usual(re.compile("成本|费用|支出"), "期内该项支出合计，与同期预算比", "财务账"),
    _Usual(re.compile("中断(?:时长|时间)"), "确认恢复时刻 − 发现中断时刻，逐次累计", "故障登记记录"),
    _Usual(re.compile("泄露[^，]*(?:数|件)"), "期内核实的泄露事件件数", "信息安全事件记录"),
    _Usual(re.compile("建议[^，]*数"), "期内被采纳并落地的建议条数", "建议登记记录"),
)
# What makes a figure one of other work, unless the problem speaks of it.
_FOREIGN = ("资源", "创新", "投诉", "回访", "重开", "预约", "培训", "中断")


def situation(problem: Problem, evidence: Evidence | None) -> list[Said]:
    """Return how things stand, in the manager's words and in the data's figures."""
    said = [Said(f"问题：{problem.text}", "user")]
    facts = [
        ("指标", problem.metric),
        ("原来", problem.baseline),
        ("现在", problem.present),
        ("变化", problem.change),
        ("时间", problem.period),
        ("地点", problem.place),
        ("业务", problem.product),
    ]
    told = "；".join(f"{name}：{value}" for name, value in facts if value)
    if told:
        said.append(Said(told, "user"))
    if evidence:
        said.extend(
            Said(f"{sentence}（来自 {evidence.file}，共 {evidence.rows} 行）", "data")
            for sentence in evidence.sentences
        )
    return said


def with_data(problem: Problem, evidence: Evidence | None) -> Problem:
    """Return ``problem`` with the figure's name, first and last value out of the data, where nobody told any figure."""
    told = problem.baseline or problem.present or problem.change
    if evidence is None or not evidence.trend or told:
        return problem
    counted = evidence.trend_name == COUNT
    name = f"{'投诉' if '投诉' in problem.text else ''}{COUNT}" if counted else evidence.trend_name
    if problem.metric and not counted and not _is_it(name, problem.metric):
        return problem
    unit = evidence.unit or ("件" if counted else "")
    first, last = (f"{point.value:g}{unit}" for point in (evidence.trend[0], evidence.trend[-1]))
    return replace(problem, metric=problem.metric or name, baseline=first, present=last)


def gap(problem: Problem, basis: Basis = "user") -> list[Said]:
    """Return the gap between what was, what is and what is wanted; 待填 where a figure is missing."""
    before, now, wanted = number(problem.baseline), number(problem.present), number(problem.target)
    name = problem.metric or "指标"
    said = []
    if before is not None and now is not None and _same_unit(problem.baseline, problem.present):
        unit = "个百分点" if "%" in (problem.present or "") else _unit(problem.present)
        said.append(Said(f"{name}由 {problem.baseline} 到 {problem.present}，差 {abs(now - before):.4g} {unit}", basis))
    if now is not None and wanted is not None and _same_unit(problem.present, problem.target):
        unit = "个百分点" if "%" in (problem.target or "") else _unit(problem.target)
        told = f"（{problem.target}）" if _BOUND.match(problem.target or "") else f" {problem.target} "
        said.append(Said(f"距目标{told}还差 {abs(wanted - now):.4g} {unit}", basis))
    if not said and problem.change:
        whose = "" if problem.change.startswith(name) or not problem.metric else name
        wants = f"目标：{problem.target}" if problem.target else "目标值：待填"
        said.append(Said(f"{whose}{problem.change}；{wants}", basis))
    if not said:
        kept = {"原值": problem.baseline, "现值": problem.present, "目标值": problem.target}
        known = "".join(f"{what}：{value}；" for what, value in kept.items() if value)
        open_ = "、".join(what for what, value in kept.items() if not value)
        said.append(Said(f"{name}{known or '的'}{open_}：待填", basis if known else "assumption"))
    return said


def goals(problem: Problem, indicators: Sequence[Indicator], by: date) -> list[Goal]:
    """Return the goals by a day, the main one first, each checked for what of SMART is missing."""
    metric = problem.metric or _usual_metric(problem)
    fell = False if _NO_MORE.search(problem.text) else falls(problem)
    lasts = bool(re.search(r"(?:小时|分钟?|天|工作日)$", problem.present or ""))
    fell = not (lasts or _LESS.search(metric or "")) if fell is None else fell
    basis: Basis = "user" if problem.target else "assumption"
    found = [_goal(metric, problem.target or problem.baseline, problem.present, fell=fell, by=by, basis=basis)]
    for one in indicators:
        if one.goal and one.basis == "clause" and fold(one.name) != fold(metric or ""):
            found.append(Goal(f"{one.name}达到手册规定的{one.goal}", "clause", one.name, one.goal, by))
    return found[:3]


def _usual_metric(problem: Problem) -> str | None:
    """Return the figure by which such problems are seen, unless the target told is none of it (准时率 in 万元)."""
    metric = kinds()[problem.kind].metric
    share = bool(metric and metric.endswith("率"))
    return None if share and problem.target and not re.search(r"[%成]", problem.target) else metric


def _goal(metric: str | None, value: str | None, present: str | None, *, fell: bool, by: date, basis: Basis) -> Goal:
    """Return the main goal; where no figure was ever told, the words leave it open."""
    missing = tuple(name for name, given in (("指标", metric), ("目标值", value)) if not given)
    now = f"由现在的 {present} " if present else ""
    moves, bound = ("提高到", "以上") if fell else ("降到", "以下")
    bound = "" if value and _BOUND.match(value) else bound
    moves = "控制在" if value and "预算" in value else "达到" if value and not bound else moves
    gap_ = " " if value and value[:1].isdigit() else ""
    text = (
        f"{by.year}年{by.month}月{by.day}日前，{metric or '指标（待填）'}{now}{moves}{gap_}{value or '（待填）'}{bound}"
    )
    return Goal(text, basis, metric, value, by, missing)


def indicators(knowledge: KnowledgeBase, problem: Problem, asks: Sequence[str]) -> list[Indicator]:
    """Return the figures to watch: the problem's own, then those of the manual whose names it speaks of."""
    spoken = fold(" ".join((problem.text, problem.metric or "", kinds()[problem.kind].title)))
    asked = fold(" ".join(asks))
    metric = problem.metric or kinds()[problem.kind].metric
    ranked = sorted(_named(knowledge), key=lambda one: -_shared(one.name, spoken))
    near = [one for one in ranked if _fits(one.name, spoken, asked) or (metric and _is_it(one.name, metric))]
    own = next((one for one in near if metric and _is_it(one.name, metric)), None)
    first = [] if own or not metric else [_own(metric, problem)]
    unique = {fold(_short(one.name)).removesuffix("评分"): one for one in reversed([*([own] if own else []), *near])}
    found = [*first, *reversed(unique.values())][:INDICATORS]
    return [_completed(one, problem, own=one is (own or found[0])) for one in found]


def _fits(name: str, spoken: str, asked: str) -> bool:
    """Say whether a figure is one of this problem: the problem speaks of most of it, and nothing in it is foreign to both."""
    bare = _GENERIC.sub("", fold(_short(name)))
    foreign = [word for word in _FOREIGN if word in name and word not in spoken]
    most = max(2, OWN_SHARE * len(bare))
    return not foreign and (_shared(name, spoken) >= most or (len(bare) > 2 and bare in asked))


def _completed(one: Indicator, problem: Problem, *, own: bool) -> Indicator:
    """Return a figure with how it is usually counted and where from, as suggestions, where its clause says neither."""
    usual = next((use for use in _USUAL if use.named.search(one.name)), None)
    formula, source = one.formula, one.source
    if formula is None and usual:
        score = usual.score if usual.score and not re.search("[%％]", problem.present or "%") else usual.formula
        one = replace(one, formula=score if own else usual.formula, formula_basis="assumption")
    if source is None and usual:
        one = replace(one, source=f"{usual.source}（建议）")
    return replace(one, goal=one.goal or problem.target) if own and one.basis != "clause" else one


def _is_it(name: str, metric: str) -> bool:
    """Say whether a figure of the manual is the one meant: 按期办结率 of complaints is not 跨部门事项按期办结率."""
    return not any(word in name and word not in metric for word in _FOREIGN) and _shared(name, fold(metric)) >= max(
        3, OWN_SHARE * len(_GENERIC.sub("", fold(metric)))
    )


def _own(metric: str, problem: Problem) -> Indicator:
    # 及时率, 合格率 count what is as it should be; what another rate counts only the manager can say.
    share = bool(re.search(r"(?:及时|准时|满意|合格|达标|完成|通过|解决|接通|正确|覆盖|回复)[^，]{0,2}率$", metric))
    usual = any(use.named.search(metric) for use in _USUAL)
    formula = "符合要求的数量 ÷ 总数 × 100%" if share and not usual else None
    basis: Basis = "user" if problem.metric else "assumption"
    return Indicator(metric, basis, formula, "assumption" if formula else None, goal=problem.target)


def _named(knowledge: KnowledgeBase) -> Iterator[Indicator]:
    for document in knowledge.documents():
        for section in knowledge.sections(document.id):
            for block in section.blocks:
                citation = _citation(document.id, section, block)
                if "指标" in block.header and len(block.cells) == len(block.header):
                    cells = dict(zip(block.header, block.cells, strict=True))
                    goal = next((cells[name] for name in cells if name.startswith("目标")), None)
                    owner = next((cells[name] for name in cells if re.search(r"统计|负责|责任", name)), None)
                    yield Indicator(cells["指标"], "clause", goal=goal, owner=owner, citation=citation)
                elif (
                    block.kind == "item"
                    and block.term
                    and _NAMES_FIGURE.search(block.term)
                    and "指标" in section.title + _lead(section)
                ):
                    rest = block.text[len(block.term) + 1 :]
                    formula, source, goal_found = _FORMULA.search(rest), _SOURCE.search(rest), _GOAL.search(rest)
                    yield Indicator(
                        _short(block.term),
                        "clause",
                        formula[0] if formula else None,
                        "clause" if formula else None,
                        source[0] if source else None,
                        goal_found[1] if goal_found else None,
                        citation=citation,
                    )


def _lead(section: Section) -> str:
    return "".join(block.term + block.text[:20] for block in section.blocks)


def _citation(document: str, section: Section, block: Block) -> Citation:
    return Citation(document, section.number, section.title, section.path, block.clause, block.text, block.repaired)


def _short(name: str) -> str:
    return re.sub(r"指标$|（[^）]*）|\([^)]*\)", "", name)


def _shared(name: str, spoken: str) -> int:
    """Return the length of the longest run of characters that a figure's name shares with ``spoken``."""
    folded = _GENERIC.sub("", fold(_short(name)))
    for length in range(len(folded), 1, -1):
        if any(folded[at : at + length] in spoken for at in range(len(folded) - length + 1)):
            return length
    return 0


def _same_unit(one: str | None, other: str | None) -> bool:
    return _unit(one) == _unit(other)


def _unit(amount: str | None) -> str:
    found = re.search(r"\d+(?:\.\d+)?(.*)$", amount or "")
    return found[1] if found else ""
