"""A plan as HTML: what stands in a clause apart from what is suggested, figures as charts, actions with their states.

Works on the JSON of the command contract, which is also what is kept. Knows no events and no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from assistant.filled import Filling, filled_of
from assistant.plan.filling import (
    ACTION,
    HEAD,
    KPI,
    action_key,
    blanks,
    goal_key,
    goal_words,
    kpi_key,
    question_key,
    said_key,
    said_words,
)
from assistant.plan.model import STATES
from assistant.plan.tracking import Difference, Followed, is_training
from assistant.sources import SourceVersion
from kb.records.plans import PlanRow
from ui.page.charts import pareto_html, trend_html
from ui.page.checklist_html import clause_link
from ui.page.exporting import PLAN_FORMS, links_html, sources_html
from ui.page.filling import bar_html, by_html, cell_html, entry_html, field_html, open_html
from ui.page.render import attributes, named, shown
from ui.page.texts import Words

Json = Mapping[str, Any]
Titles = Mapping[str, str]
_GOAL = "目标："  # before a goal's words where a step says it
ACTION_COLUMNS = ("owner", "days", "deliverable")


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan that is kept: its row, and its actions with their states."""

    row: PlanRow
    followed: Sequence[Followed]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What every part needs: titles of documents, the reader's words, what people wrote, goals as steps say them."""

    titles: Titles
    words: Words
    filling: Filling
    goals: Mapping[str, Json]

    def cell(self, value: object, place: str, label: str) -> str:
        """Return what is stated, or what is to be filled in."""
        return cell_html(value, place, label, self.filling.get(place), self.words)


def plan_html(
    plan: Json, titles: Titles, words: Words, *, kept: Kept | None = None, next_of: str = "", since: str = ""
) -> str:
    """Return a draft with the buttons that keep it, or a kept plan with its actions' states.

    ``since`` says what has become of its sources since it was drafted.
    """
    on = _Sheet(titles, words, filled_of(plan.get("filled")), {f"{_GOAL}{one['goal']}": one for one in plan["goals"]})
    kind, key = ("plan", kept.row.id) if kept else ("draft", str(plan.get("draft") or ""))
    parts = (
        _head(plan, words, kept, next_of, since),
        _heads(on),
        _list("situation", [*plan["situation"], *plan["gap"]], on),
        _data(plan.get("data"), words),
        _causes(plan["causes"], on),
        _goals(plan["goals"], on),
        "".join(_phase(one, on, kept) for one in plan["phases"]),
        _kpis(plan["kpis"], on),
        _list("risks", [{**one, "text": f"{one['risk']} → {one['response']}"} for one in plan["risks"]], on),
        _list("resources", [{**one, "text": one["resource"]} for one in plan["resources"]], on),
        _plain("milestones", [f"{one['date']} {one['name']}：{one['review']}" for one in plan["milestones"]], words),
        _questions(plan["questions"], on),
        "".join(f'<p class="note">{shown(one)}</p>' for one in plan["notes"]),
    )
    return f'<article class="drafted plan">{"".join(parts)}{bar_html(kind, key, words) if key else ""}</article>'


def _heads(on: _Sheet) -> str:
    """Return who leads and who approves: seen once somebody has written it, or while the sheet is filled in."""
    told = []
    for name in HEAD:
        place = f"said.{name}"
        one = on.filling.get(place)
        css = "" if one else ' class="unfilled"'
        told.append(f"<p{css}><b>{shown(name)}：</b>{on.cell(None, place, name)}</p>")
    return f'<div class="heads">{"".join(told)}</div>'


def _head(plan: Json, words: Words, kept: Kept | None, next_of: str, since: str) -> str:
    draft = str(plan.get("draft") or "")
    filled = open_html(len(blanks(plan)), words) if draft or kept else ""
    if kept is None:
        ways = [("plan.keep_next", next_of, "primary"), ("plan.keep_new", "", "link")] if next_of else []
        tools = "".join(
            f'<button type="button" class="{css}"{attributes(act="apply", id=key, draft=draft)}>{words(name)}</button>'
            for name, key, css in (ways or [("plan.keep", "", "primary")])
            if draft
        )
        told, files = "", links_html("draft-plan", draft, PLAN_FORMS, words)
    else:
        row = kept.row
        files = links_html("plan", row.id, PLAN_FORMS, words, version=row.version)
        told = f"{words('plan.version').format(row.version)} · {named(row.made_by, words)} · {row.made_at[:10]}"
        compared = "".join(
            f'<button type="button" class="link"{attributes(act="expand", id=row.id, before=version, after=row.version)}>'
            f"{words('plan.compare').format(version)}</button>"
            for version in range(max(1, row.version - 3), row.version)
        )
        others = "".join(
            f'<button type="button" class="link"{attributes(act="select", mode=mode, id=row.id)}>{words(f"plan.{mode}")}</button>'
            for mode in ("quiz", "checklist")
        )
        told = f'<p class="quiet">{shown(told)}</p>'
        tools = f'{compared}{others}<p class="quiet">{words("plan.redraft")}</p>'
    return (
        f"<header><h2>{shown(plan['title'])}</h2>{told}<p>{shown(plan['problem']['text'])}</p>"
        f"{sources_html([SourceVersion(**one) for one in plan.get('documents') or ()], since, words)}"
        f'<p class="quiet">{words("plan.legend")}</p>{files}<div class="tools">{tools}{filled}</div></header>'
    )


def basis_html(one: Json, on: _Sheet) -> str:
    """Return what a statement rests on: its clause as a link, or the mark of what it is instead."""
    cited = one.get("citation")
    if cited:
        title = str(on.titles.get(cited["document"], ""))
        return clause_link(cited["document"], cited["section"], cited["clause"], title)
    source = str(one.get("source") or "suggestion")
    return f'<em class="basis {shown(source)}">{shown(on.words(f"plan.basis.{source}"))}</em>'


def _section(name: str, body: str, words: Words) -> str:
    return f"<h3>{words(f'plan.head.{name}')}</h3>{body}" if body else ""


def _list(name: str, said: Sequence[Json], on: _Sheet) -> str:
    return _section(name, _said(said, on), on.words)


def _said(said: Sequence[Json], on: _Sheet) -> str:
    rows = "".join(f'<li class="{"backed" if one.get("citation") else ""}">{_statement(one, on)}</li>' for one in said)
    return f'<ul class="said-list">{rows}</ul>' if rows else ""


def _statement(one: Json, on: _Sheet) -> str:
    """Return a statement with what it rests on; of one with an open place, what somebody wrote there."""
    place = said_key(one["text"])
    goal = on.goals.get(one["text"])
    if goal and (marks := _goal_marks(goal, on)):  # worded as in its own part
        return f"{_GOAL}{_goal_words(goal, on)} {marks}"
    if not place:
        return f"{shown(one['text'])} {basis_html(one, on)}"
    text, entry = said_words(one["text"], on.filling, signed=False)
    mark = by_html(entry, on.words) if entry else basis_html(one, on)
    return f"{shown(text)} {mark} {field_html(place, place.removeprefix('said.'), entry, on.words, said=True)}"


def _plain(name: str, lines: Sequence[str], words: Words, *, css: str = "") -> str:
    rows = "".join(f"<li>{shown(one)}</li>" for one in lines)
    return _section(name, f'<ul class="said-list {css}">{rows}</ul>' if rows else "", words)


def _data(data: Json | None, words: Words) -> str:
    if not data:
        return ""
    told = "".join(f"<li>{shown(one)}</li>" for one in data["sentences"])
    trend = trend_html(data["trend_name"], [(one["period"], one["value"]) for one in data["trend"]])
    pareto = pareto_html(data["pareto_name"], [(one["name"], one["count"], one["cumulated"]) for one in data["pareto"]])
    rows = words("plan.rows").format(data["rows"])
    return _section(
        "data",
        f'<p class="quiet">{shown(data["file"])} · {rows}</p><div class="sides">{trend}{pareto}</div>'
        f'<ul class="said-list">{told}</ul>',
        words,
    )


def _causes(causes: Sequence[Json], on: _Sheet) -> str:
    ordered = sorted(causes, key=lambda one: str(one["branch"]))
    branches = "".join(
        f'<div class="branch"><h4>{shown(branch)}</h4>{"".join(_cause(one, on) for one in some)}</div>'
        for branch, some in groupby(ordered, key=lambda one: str(one["branch"]))
    )
    return _section("causes", f'<div class="branches">{branches}</div>' if branches else "", on.words)


def _cause(cause: Json, on: _Sheet) -> str:
    whys = _said(cause["whys"], on)
    return f"<p>{shown(cause['cause'])} {basis_html(cause, on)}</p>{whys}"


def _goals(goals: Sequence[Json], on: _Sheet) -> str:
    rows = "".join(f"<li>{_goal(one, on)}</li>" for one in goals)
    return _section("goals", f'<ul class="said-list">{rows}</ul>' if rows else "", on.words)


def _goal(one: Json, on: _Sheet) -> str:
    """Return a goal with what it lacks, or with what somebody wrote for that, and who."""
    places = {part: goal_key(one["metric"], part) for part in one["missing"]}
    lacking = "、".join(part for part, place in places.items() if place not in on.filling)
    lacks = f'<em class="basis suggestion">{on.words("plan.missing")}{shown(lacking)}</em>' if lacking else ""
    fields = "".join(field_html(place, part, on.filling.get(place), on.words) for part, place in places.items())
    return f"{_goal_words(one, on)} {lacks}{_goal_marks(one, on)}{fields}"


def _goal_words(one: Json, on: _Sheet) -> str:
    return shown(goal_words(one["goal"], one["metric"], on.filling, signed=False))


def _goal_marks(one: Json, on: _Sheet) -> str:
    """Return who wrote what a goal lacked."""
    places = [goal_key(one["metric"], part) for part in one["missing"]]
    return "".join(dict.fromkeys(by_html(on.filling[place], on.words) for place in places if place in on.filling))


def _kpis(kpis: Sequence[Json], on: _Sheet) -> str:
    names = ("kpi", "goal", "formula", "data_source", "counted", "basis")
    head = "".join(f"<th>{on.words(f'plan.column.{name}')}</th>" for name in names)
    body = "".join(_kpi(one, on) for one in kpis)
    table = f'<div class="table kpis"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    return _section("kpis", table if body else "", on.words)


def _kpi(one: Json, on: _Sheet) -> str:
    name = str(one["name"])
    cells = (on.cell(one[field], kpi_key(name, field), f"{name}：{word}") for field, word in KPI.items())
    return (
        f"<tr><td>{shown(name)}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}<td>{basis_html(one, on)}</td></tr>"
    )


def _questions(questions: Sequence[str], on: _Sheet) -> str:
    rows = []
    for one in questions:
        place = question_key(one)
        entry = on.filling.get(place)
        answer = f"<div>{entry_html(entry, on.words)}</div>" if entry else ""
        rows.append(f"<li>{shown(one)}{answer}{field_html(place, one, entry, on.words, said=True)}</li>")
    return _section("questions", f'<ul class="said-list asking">{"".join(rows)}</ul>' if rows else "", on.words)


def _phase(phase: Json, on: _Sheet, kept: Kept | None) -> str:
    states = {one.action["id"]: one for one in kept.followed} if kept else {}
    names = ("action", *ACTION_COLUMNS, *(("state",) if kept else ()))
    head = "".join(f"<th>{on.words(f'plan.column.{name}')}</th>" for name in names)
    body = "".join(_action(one, states.get(one["id"]), on, kept) for one in phase["actions"])
    table = (
        f'<div class="table actions"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        if body
        else ""
    )
    return f"<h3>{shown(phase['name'])}</h3>{_said(phase['text'], on)}{table}"


def _action(one: Json, at: Followed | None, on: _Sheet, kept: Kept | None) -> str:
    quiz = ""
    if kept and one.get("citation") and is_training(str(one["action"])):
        named = attributes(act="select", mode="quiz", id=kept.row.id, action=one["id"])
        quiz = f' <button type="button" class="link"{named}>{on.words("plan.quiz_one")}</button>'
    owner, deliverable = (
        on.cell(one[field], action_key(one, field), f"{one['id']} {word}") for field, word in ACTION.items()
    )
    cells = (
        f'<td><b class="quiet">{shown(one["id"])}</b> {shown(one["action"])} {basis_html(one, on)}{quiz}</td>'
        f'<td>{owner}</td><td class="days">{shown(one["start"])}<br>{shown(one["end"])}</td><td>{deliverable}</td>'
    )
    state = f"<td>{_state(at, kept.row.id, on.words)}</td>" if at and kept else ""
    css = " ".join(filter(None, (at.state if at else "", "late" if at and at.late else "")))
    return f'<tr class="{css}">{cells}{state}</tr>'


def _state(at: Followed, plan: str, words: Words) -> str:
    choices = "".join(
        f'<option value="{state}"{" selected" if state == at.state else ""}>{words(f"plan.state.{state}")}</option>'
        for state in STATES
    )
    late = f'<em class="late">{words("plan.is_late")}</em>' if at.late else ""
    by = f"<small>{words('plan.by')}{shown(named(at.person, words))}</small>" if at.person else ""
    return (
        f'<div class="state"{attributes(fields="edit", id=plan, action=at.action["id"])}>{late}'
        f'<select name="state" aria-label="{words("plan.column.state")}">{choices}</select>'
        f'<input name="note" maxlength="300" value="{shown(at.note)}" placeholder="{words("plan.note")}">{by}</div>'
    )


def kept_html(plans: Sequence[Kept], words: Words) -> str:
    """Return the plans that are kept, with how far each is."""
    if not plans:
        return f'<p class="quiet">{words("plan.none")}</p>'
    rows = "".join(_kept(one, words) for one in plans)
    return f'<h4>{words("plan.mine")}</h4><ul class="listed">{rows}</ul>'


def _kept(one: Kept, words: Words) -> str:
    done = sum(action.state in ("done", "dropped") for action in one.followed)
    late = sum(action.late for action in one.followed)
    told = [words("plan.version").format(one.row.version), words("plan.done").format(done, len(one.followed))]
    told += [words("plan.late").format(late)] if late else []
    return (
        f'<li><button type="button" class="{"bad" if late else ""}"{attributes(act="select", mode="open", id=one.row.id)}>'
        f"<span>{shown(one.row.title)}</span><small>{shown(' · '.join(told))}</small></button></li>"
    )


def difference_html(plan: str, found: Difference, words: Words) -> str:
    """Return how one version differs from another."""
    rows = [_changed("added", shown(one), words) for one in found.added]
    rows += [_changed("removed", shown(one), words) for one in found.removed]
    rows += [
        _changed("changed", f"{shown(key)} {shown(what)}：<del>{shown(old)}</del> <ins>{shown(new)}</ins>", words)
        for key, what, old, new in found.changed
    ]
    body = "".join(rows) or f'<p class="quiet">{words("plan.same")}</p>'
    back = attributes(act="select", mode="open", id=plan)
    return f'<section class="panel">{body}<p><button type="button" class="link"{back}>{words("plan.back")}</button></p></section>'


def _changed(kind: str, html: str, words: Words) -> str:
    return f'<div class="clause-change {kind}"><p><span class="kind {kind}">{words(f"plan.{kind}")}</span> {html}</p></div>'
