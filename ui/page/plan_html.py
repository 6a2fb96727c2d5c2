"""A plan as HTML: what stands in a clause apart from what is suggested, figures as charts, actions with their states.

Works on the JSON of the command contract, which is also what is kept. Knows no events and no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from assistant.plan.model import STATES
from assistant.plan.tracking import Difference, Followed, is_training
from assistant.sources import SourceVersion
from kb.records.plans import PlanRow
from ui.page.charts import pareto_html, trend_html
from ui.page.checklist_html import clause_link
from ui.page.exporting import PLAN_FORMS, links_html, sources_html
from ui.page.render import attributes, shown
from ui.page.run_html import named
from ui.page.texts import Words

Json = Mapping[str, Any]
Titles = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan that is kept: its row, and its actions with their states."""

    row: PlanRow
    followed: Sequence[Followed]


def plan_html(
    plan: Json, titles: Titles, words: Words, *, kept: Kept | None = None, next_of: str = "", since: str = ""
) -> str:
    """Return a draft with the buttons that keep it, or a kept plan with its actions' states.

    ``since`` says what has become of its sources since it was drafted.
    """
    parts = (
        _head(plan, words, kept, next_of, since),
        _list("situation", [*plan["situation"], *plan["gap"]], titles, words),
        _data(plan.get("data"), words),
        _causes(plan["causes"], titles, words),
        _goals(plan["goals"], words),
        "".join(_phase(one, titles, words, kept) for one in plan["phases"]),
        _table(
            "kpis",
            [(one["name"], one["goal"], one["formula"], one["owner"]) for one in plan["kpis"]],
            plan["kpis"],
            titles,
            words,
        ),
        _list("risks", [{**one, "text": f"{one['risk']} → {one['response']}"} for one in plan["risks"]], titles, words),
        _list("resources", [{**one, "text": one["resource"]} for one in plan["resources"]], titles, words),
        _plain("milestones", [f"{one['date']} {one['name']}：{one['review']}" for one in plan["milestones"]], words),
        _plain("questions", plan["questions"], words, css="asking"),
        "".join(f'<p class="note">{shown(one)}</p>' for one in plan["notes"]),
    )
    return f'<article class="drafted plan">{"".join(parts)}</article>'


def _head(plan: Json, words: Words, kept: Kept | None, next_of: str, since: str) -> str:
    draft = str(plan.get("draft") or "")
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
        f'<p class="quiet">{words("plan.legend")}</p>{files}<div class="tools">{tools}</div></header>'
    )


def basis_html(one: Json, titles: Titles, words: Words) -> str:
    """Return what a statement rests on: its clause as a link, or the mark of what it is instead."""
    cited = one.get("citation")
    if cited:
        title = str(titles.get(cited["document"], ""))
        return clause_link(cited["document"], cited["section"], cited["clause"], title)
    source = str(one.get("source") or "suggestion")
    return f'<em class="basis {shown(source)}">{shown(words(f"plan.basis.{source}"))}</em>'


def _section(name: str, body: str, words: Words) -> str:
    return f"<h3>{words(f'plan.head.{name}')}</h3>{body}" if body else ""


def _list(name: str, said: Sequence[Json], titles: Titles, words: Words) -> str:
    return _section(name, _said(said, titles, words), words)


def _said(said: Sequence[Json], titles: Titles, words: Words) -> str:
    rows = "".join(
        f'<li class="{"backed" if one.get("citation") else ""}">{shown(one["text"])} {basis_html(one, titles, words)}</li>'
        for one in said
    )
    return f'<ul class="said-list">{rows}</ul>' if rows else ""


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


def _causes(causes: Sequence[Json], titles: Titles, words: Words) -> str:
    ordered = sorted(causes, key=lambda one: str(one["branch"]))
    branches = "".join(
        f'<div class="branch"><h4>{shown(branch)}</h4>{"".join(_cause(one, titles, words) for one in some)}</div>'
        for branch, some in groupby(ordered, key=lambda one: str(one["branch"]))
    )
    return _section("causes", f'<div class="branches">{branches}</div>' if branches else "", words)


def _cause(cause: Json, titles: Titles, words: Words) -> str:
    whys = _said(cause["whys"], titles, words)
    return f"<p>{shown(cause['cause'])} {basis_html(cause, titles, words)}</p>{whys}"


def _goals(goals: Sequence[Json], words: Words) -> str:
    rows = "".join(f"<li>{shown(one['goal'])}{_lacking(one['missing'], words)}</li>" for one in goals)
    return _section("goals", f'<ul class="said-list">{rows}</ul>' if rows else "", words)


def _lacking(missing: Sequence[str], words: Words) -> str:
    told = shown("、".join(missing))
    return f' <em class="basis suggestion">{words("plan.missing")}{told}</em>' if missing else ""


def _table(name: str, rows: Sequence[tuple[Any, ...]], of: Sequence[Json], titles: Titles, words: Words) -> str:
    body = "".join(
        f"<tr>{''.join(f'<td>{_stated(cell, words)}</td>' for cell in cells)}<td>{basis_html(one, titles, words)}</td></tr>"
        for cells, one in zip(rows, of, strict=True)
    )
    return _section(name, f'<div class="table"><table><tbody>{body}</tbody></table></div>' if body else "", words)


def _stated(value: object, words: Words) -> str:
    return shown(value) if value else f'<em class="basis suggestion">{words("plan.to_fill")}</em>'


def _phase(phase: Json, titles: Titles, words: Words, kept: Kept | None) -> str:
    states = {one.action["id"]: one for one in kept.followed} if kept else {}
    names = ("action", "owner", "days", "deliverable", *(("state",) if kept else ()))
    head = "".join(f"<th>{words(f'plan.column.{name}')}</th>" for name in names)
    body = "".join(_action(one, states.get(one["id"]), titles, words, kept) for one in phase["actions"])
    table = (
        f'<div class="table actions"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        if body
        else ""
    )
    return f"<h3>{shown(phase['name'])}</h3>{_said(phase['text'], titles, words)}{table}"


def _action(one: Json, at: Followed | None, titles: Titles, words: Words, kept: Kept | None) -> str:
    quiz = ""
    if kept and one.get("citation") and is_training(str(one["action"])):
        named = attributes(act="select", mode="quiz", id=kept.row.id, action=one["id"])
        quiz = f' <button type="button" class="link"{named}>{words("plan.quiz_one")}</button>'
    cells = (
        f'<td><b class="quiet">{shown(one["id"])}</b> {shown(one["action"])} {basis_html(one, titles, words)}{quiz}</td>'
        f"<td>{_stated(one['owner'], words)}</td>"
        f'<td class="days">{shown(one["start"])}<br>{shown(one["end"])}</td><td>{_stated(one["deliverable"], words)}</td>'
    )
    state = f"<td>{_state(at, kept.row.id, words)}</td>" if at and kept else ""
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
