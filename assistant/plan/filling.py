"""What a plan leaves 待填, and what a manager wrote there: named from version to version, shown in every export as theirs.

Knows the JSON of the command contract, in which entries are kept beside the parts (``filled``), and the shapes that are
exported. The parts themselves stay as drafted: what a person wrote never stands where a clause's words do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assistant.filled import NOTE, Filled, Filling, entered, filled_json, filled_of, stated
from assistant.plan.forms import actions_of, key_of
from assistant.plan.model import TO_FILL, Action, Goal, Indicator, Plan, Resource, Said

Json = Mapping[str, Any]
HEAD = ("牵头人", "审批人")  # of the whole plan
ACTION = {"owner": "责任岗", "deliverable": "交付物"}
KPI = {"goal": "目标", "formula": "口径", "data_source": "数据来源", "owner": "统计人"}
_OPEN_METRIC = re.compile(rf"指标（{TO_FILL}）")
_OPEN_VALUE = re.compile(rf"(?<!指标)（{TO_FILL}）")
_GOAL = "目标："  # before a goal's words where a step says it


def action_key(action: Json, field: str) -> str:
    """Return what a field of an action is called; the same from version to version."""
    return f"action.{key_of(dict(action))}.{field}"


def kpi_key(name: str, field: str) -> str:
    """Return what a field of an indicator is called."""
    return f"kpi.{name}.{field}"


def goal_key(metric: str | None, part: str) -> str:
    """Return what the missing ``part`` (指标, 目标值) of the goal for a metric is called."""
    return f"goal.{metric or ''}.{part}"


def said_key(text: str) -> str:
    """Return what the open place of a statement is called, ``""`` where it has none: ``预算：待填`` → ``said.预算``."""
    if TO_FILL not in text or text.startswith(_GOAL):
        return ""
    asked = re.fullmatch(rf"{TO_FILL}（请写明(.+)）", text)
    return f"said.{asked[1] if asked else text.replace(TO_FILL, '').rstrip('：')}"


def question_key(text: str) -> str:
    """Return what the answer to a question to the manager is called."""
    return f"question.{text}"


def blanks(plan: Json) -> dict[str, str]:
    """Return what every open place of a plan is called for people, by its key."""
    found = {f"said.{name}": name for name in HEAD}
    for _, action in actions_of(dict(plan)):
        named = {field: f"{action['id']} {word}" for field, word in ACTION.items() if not action[field]}
        found |= {action_key(action, field): word for field, word in named.items()}
    for one in plan["kpis"]:
        found |= {
            kpi_key(one["name"], field): f"{one['name']}：{word}" for field, word in KPI.items() if not one[field]
        }
    for one in plan["goals"]:
        found |= {goal_key(one["metric"], part): f"目标：{part}" for part in one["missing"]}
    texts = [one["text"] for one in (*plan["situation"], *plan["gap"])]
    texts += [one["text"] for phase in plan["phases"] for one in phase["text"]]
    texts += [one["resource"] for one in plan["resources"]]
    found |= {key: key.removeprefix("said.") for text in texts if (key := said_key(text))}
    return found | {question_key(one): one for one in plan["questions"]}


def fill(plan: Json, said: Mapping[str, str], *, by: str) -> dict[str, Any]:
    """Return a plan with what was written, by place; an empty text takes an entry away.

    Raises:
        EntryInvalid: a place is not open, or a text is too long.
    """
    return {**plan, "filled": filled_json(entered(filled_of(plan.get("filled")), said, blanks(plan), by=by))}


def as_filled(plan: Json, former: Json) -> dict[str, Any]:
    """Return a plan with what was written into its former version, where that is still open."""
    before = filled_of(former.get("filled"))
    open_ = blanks(plan) if before else {}
    kept = {key: replace(one, what=open_[key]) for key, one in before.items() if key in open_}
    kept |= filled_of(plan.get("filled"))
    return {**plan, "filled": filled_json(kept)} if kept else dict(plan)


def goal_words(text: str, metric: str | None, filling: Filling, *, signed: bool = True) -> str:
    """Return a goal's words with what was written for its metric and value; ``signed``: and by whom."""
    for place, part in ((_OPEN_METRIC, "指标"), (_OPEN_VALUE, "目标值")):
        if one := filling.get(goal_key(metric, part)):
            words = one.words if signed else one.text
            text = words.join(place.split(text))
    return text


def said_words(text: str, filling: Filling, *, signed: bool = True) -> tuple[str, Filled | None]:
    """Return a statement's words with what was written in its open place, and that entry; ``signed``: and by whom."""
    one = filling.get(said_key(text)) if TO_FILL in text else None
    if one is None:
        return text, None
    words = one.words if signed else one.text
    return re.sub(rf"{TO_FILL}(?:（请写明.+）)?", lambda _: words, text), one


def filled_in(plan: Plan) -> Plan:
    """Return a plan as it is exported to be read: every entry in its place, with who wrote it."""
    filling = plan.filled
    if not filling:
        return plan
    goals = {f"{_GOAL}{one.text}": f"{_GOAL}{goal_words(one.text, one.metric, filling)}" for one in plan.goals}

    def said(one: Said) -> Said:
        if one.text in goals:
            return replace(one, text=goals[one.text])
        text, entry = said_words(one.text, filling)
        return Said(text, "person") if entry else one

    return replace(
        plan,
        situation=tuple(said(one) for one in plan.situation),
        gap=tuple(said(one) for one in plan.gap),
        goals=tuple(_goal(one, filling) for one in plan.goals),
        phases=tuple(
            replace(
                phase,
                text=tuple(said(one) for one in phase.text),
                actions=tuple(_action(one, filling) for one in phase.actions),
            )
            for phase in plan.phases
        ),
        indicators=tuple(_indicator(one, filling) for one in plan.indicators),
        resources=tuple(_resource(one, filling) for one in plan.resources),
        questions=tuple(
            f"{one} 答：{answer.words}" if (answer := filling.get(question_key(one))) else one for one in plan.questions
        ),
        notes=(*plan.notes, NOTE),
    )


def _goal(goal: Goal, filling: Filling) -> Goal:
    missing = tuple(part for part in goal.missing if goal_key(goal.metric, part) not in filling)
    return replace(goal, text=goal_words(goal.text, goal.metric, filling), missing=missing)


def _action(action: Action, filling: Filling) -> Action:
    cited = action.citation
    place = {"document": cited.document, "clause": cited.clause} if cited else None
    named = {"action": action.action, "citation": place}
    return replace(
        action,
        owner=stated(action.owner, filling, action_key(named, "owner")),
        deliverable=stated(action.deliverable, filling, action_key(named, "deliverable")),
    )


def _indicator(one: Indicator, filling: Filling) -> Indicator:
    formula = stated(one.formula, filling, kpi_key(one.name, "formula"))
    return replace(
        one,
        formula=formula,
        formula_basis="person" if formula and not one.formula else one.formula_basis,
        source=stated(one.source, filling, kpi_key(one.name, "data_source")),
        goal=stated(one.goal, filling, kpi_key(one.name, "goal")),
        owner=stated(one.owner, filling, kpi_key(one.name, "owner")),
    )


def _resource(one: Resource, filling: Filling) -> Resource:
    text, entry = said_words(one.name, filling)
    return Resource(text, "person") if entry else one
