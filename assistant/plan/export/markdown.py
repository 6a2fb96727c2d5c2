"""A plan in Markdown: tables of causes and actions, every clause as a footnote, suggestions marked as such."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.plan.export.layout import ACTION_HEADS, LEGEND, OWN, Notes, drafted_from, mark, new_in, pointer, stated
from assistant.plan.filling import HEAD
from assistant.plan.model import Action, Plan, Said
from kb.model import Citation

_MARKUP = re.compile(r"([\\`*_\[\]<~$&|])")


def render(plan: Plan) -> bytes:
    """Return the plan as Markdown."""
    notes = Notes(plan.titles)
    lines = [f"# {_safe(plan.title)}", "", f"> {LEGEND}"]
    lines += ["", f"依据的文件：{_safe(drafted_from(plan))}"] if plan.sources else []
    lines += [f"- {name}：{_safe(one.words)}" for name in HEAD if (one := plan.filled.get(f"said.{name}"))]
    lines += ["", "## 现状", "", *(_said(one, notes) for one in plan.situation)]
    lines += ["", "## 差距", "", *(_said(one, notes) for one in plan.gap)]
    lines += _data(plan)
    lines += ["", "## 原因分析", ""]
    for cause in plan.causes:
        lines.append(
            f"- **{_safe(cause.branch)}**：{_safe(cause.text)} {mark(cause.basis)}{_note(cause.citation, notes)}"
        )
        lines += [f"  - {_safe(why.text)} {mark(why.basis)}{_note(why.citation, notes)}" for why in cause.whys]
    lines += ["", "## 目标", ""]
    for goal in plan.goals:
        missing = f"（还缺：{'、'.join(goal.missing)}）" if goal.missing else ""
        lines.append(f"- {_safe(goal.text)}{missing} {mark(goal.basis)}")
    lines += ["", "## 措施与安排"]
    for phase in plan.phases:
        fresh, parts = new_in(phase, plan)
        lines += ["", f"### {_safe(phase.name)}", "", *([f"- {pointer(parts)}"] if parts else [])]
        lines += [*(_said(one, notes) for one in fresh), *([""] if phase.text and phase.actions else [])]
        lines += _table(ACTION_HEADS, [_row(action, notes) for action in phase.actions]) if phase.actions else []
    lines += _progress(plan)
    lines += ["", "## 验证指标", ""]
    lines += _table(
        ("指标", "口径", "数据来源", "目标", "统计人", "依据"),
        [
            (
                one.name,
                _formula(one.formula, one.formula_basis),
                stated(one.source),
                stated(one.goal),
                stated(one.owner),
                f"{mark(one.basis)}{_note(one.citation, notes)}",
            )
            for one in plan.indicators
        ],
    )
    lines += [
        "",
        "## 资源",
        "",
        *(f"- {_safe(one.name)} {mark(one.basis)}{_note(one.citation, notes)}" for one in plan.resources),
    ]
    lines += ["", "## 风险与应对", ""]
    lines += _table(
        ("风险", "应对", "依据"),
        [(one.risk, one.response, f"{mark(one.basis)}{_note(one.citation, notes)}") for one in plan.risks],
    )
    lines += ["", "## 评审节点", ""]
    lines += _table(("节点", "日期", "看什么"), [(one.name, one.on.isoformat(), one.review) for one in plan.milestones])
    lines += ["", "## 请补充", "", *(f"{number}. {_safe(one)}" for number, one in enumerate(plan.questions, 1))]
    lines += ["", *(f"- 注：{_safe(one)}" for one in plan.notes), ""]
    lines += [f"[^{number}]: {_safe(notes.words(one))}" for number, one in enumerate(notes.cited, 1)]
    return ("\n".join(lines).rstrip() + "\n").encode("utf-8", "replace")


def _safe(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _note(citation: Citation | None, notes: Notes) -> str:
    number = notes.number(citation)
    return f"[^{number}]" if number else ""


def _said(one: Said, notes: Notes) -> str:
    return f"- {_safe(one.text)} {mark(one.basis)}{_note(one.citation, notes)}"


def _formula(formula: str | None, basis: str | None) -> str:
    return f"{formula}（建议）" if formula and basis not in OWN else stated(formula)


def _row(action: Action, notes: Notes) -> tuple[str, ...]:
    return (
        action.id,
        action.action,
        mark(action.basis),
        stated(action.owner),
        action.start.isoformat(),
        action.end.isoformat(),
        stated(action.deliverable),
        _note(action.citation, notes) or "—",
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for row in rows:
        cells = [cell if re.fullmatch(r"(?:〔[^〕]*〕)?(?:\[\^\d+\])?", cell) else _safe(cell) for cell in row]
        lines.append(f"| {' | '.join(cells)} |")
    return ["", *lines]


def _progress(plan: Plan) -> list[str]:
    if not plan.progress:
        return []
    rows = [
        (one.id, one.action, at.state, at.on, at.note, at.person)
        for one in plan.actions
        if (at := plan.progress.get(one.id))
    ]
    return ["", "## 进展", "", *_table(("编号", "行动", "状态", "记录日期", "说明", "记录人"), rows)]


def _data(plan: Plan) -> list[str]:
    if plan.evidence is None:
        return []
    lines = ["", "## 数据", ""]
    if plan.evidence.trend:
        lines += _table(
            ("月份", plan.evidence.trend_name), [(one.period, f"{one.value:g}") for one in plan.evidence.trend]
        )
    if plan.evidence.pareto:
        lines += _table(
            (plan.evidence.pareto_name, "数量", "累计占比"),
            [(one.name, f"{one.count:g}", f"{one.cumulated:.0%}") for one in plan.evidence.pareto],
        )
    return lines
