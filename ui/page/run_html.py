"""A run of a checklist as HTML: its head with the progress, and every line with what can be entered and what was.

Knows runs and the classes that ``runs.js`` uses. Knows no events and no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from assistant.checklist.photos import is_photo
from assistant.checklist.runs import Line, Run
from ui.page.checklist_html import check_html, grouped, progress_words
from ui.page.exporting import CHECKLIST_FORMS, links_html
from ui.page.render import attributes, named, shown
from ui.page.texts import Words

Titles = Mapping[str, str]
RESULTS = ("pass", "fail", "na")
FILTERS = (("all", ""), ("undone", "undone"), ("failed", "fail"))


def run_html(run: Run, titles: Titles, words: Words) -> str:
    """Return a run to work through, or to read where it is finished."""
    used = {line.check.citation.document for line in run.lines}
    named = {key: title for key, title in titles.items() if key in used}
    by_number = {line.check.number: line for line in run.lines}
    groups = "".join(
        f"<h4{' class=red' if heading[0] else ''}>{shown(heading[1])}</h4>"
        f'<ol class="checks">{"".join(line_html(by_number[one.number], run, named, words) for one in checks)}</ol>'
        for heading, checks in grouped([line.check for line in run.lines], named, words)
    )
    filters = "".join(
        f'<button type="button" class="chip-button" data-show="{value}" aria-pressed="{str(not value).lower()}">'
        f"{words(f'run.{name}')}</button>"
        for name, value in FILTERS
    )
    named_run = attributes(
        run=run.row.id, last=last_entry(run), finished=run.row.finished_at or None, offline=words("run.offline")
    )
    return (
        f'<section class="run"{named_run}><header><h2>{shown(run.row.name)}</h2>{_about(run, words)}'
        f'<div class="progress-bar">{progress_html(run, words)}</div><div class="chips">{filters}<span class="spring"></span>'
        f'<button type="button" class="link" data-share="run"{attributes(said=words("run.linked"))}>{words("run.link")}</button>'
        f'</div></header><p class="notice" role="alert" hidden></p>{groups}'
        f'<div class="run-foot">{foot_html(run, words)}</div>'
        f"{links_html('run', run.row.id, CHECKLIST_FORMS, words)}</section>"
    )


def _about(run: Run, words: Words) -> str:
    row = run.row
    told = [f"{words('run.assigned_to')}{row.assigned}" if row.assigned else "", named(row.started_by, words)]
    if row.finished_at:
        told.append(f"{words('run.finished')} {moment(row.finished_at)}")
    about = " · ".join(filter(None, told))
    return f'<p class="quiet">{shown(about)}</p>' if about else ""


def progress_html(run: Run, words: Words) -> str:
    """Return the bar and the words that say how far a run is."""
    total = max(1, len(run.lines))
    failed = len(run.failed)
    return (
        f'<div class="track"><i class="ok" style="width:{100 * (run.done - failed) / total:.1f}%"></i>'
        f'<i class="bad" style="width:{100 * failed / total:.1f}%"></i></div>'
        f"<span>{shown(progress_words(run, words))}</span>"
    )


def foot_html(run: Run, words: Words) -> str:
    """Return what can be done with the whole run."""
    plan = (
        f'<button type="button" class="primary"{attributes(act="plan", id=run.row.id)}>{words("run.plan")}</button>'
        if run.failed
        else ""
    )
    if run.row.finished_at:
        return f'<b class="done">{words("run.finished")}</b>{plan}'
    sure = words("run.sure").format(len(run.unfinished)) if run.unfinished else None
    primary = "" if run.failed and run.unfinished else " primary"
    return (
        f'<button type="button" class="finish{primary}"{attributes(finish="yes", sure=sure)}>{words("run.finish")}</button>'
        f"{plan}"
    )


def line_html(line: Line, run: Run, titles: Titles, words: Words) -> str:
    """Return one line: what it asks for, the buttons to enter a result with, what was entered."""
    check = line.check
    css = " ".join(filter(None, ("check", line.result, "red" if check.red_line else "")))
    controls = "" if run.row.finished_at else _controls(line, words)
    return (
        f'<li class="{css}" value="{check.number}"{attributes(number=check.number, result=line.result or "undone")}>'
        f"{check_html(check, titles, words)}{controls}{_entered(line, run, words)}</li>"
    )


def _controls(line: Line, words: Words) -> str:
    check = line.check
    buttons = "".join(
        f'<button type="button" class="result {name}" data-result="{name}" aria-pressed="{str(line.result == name).lower()}">'
        f"{words(f'run.{name}')}</button>"
        for name in RESULTS
    )
    value = ""
    if check.method == "number" and check.limits:
        unit = shown(check.limits.unit)
        value = (
            f'<label class="value"><input name="value" inputmode="decimal" maxlength="20" value="{shown(line.value)}" '
            f'placeholder="{shown(check.limits.words)}" aria-label="{words("run.value")}">{unit}</label>'
        )
    sign = f'<input name="signed" maxlength="40" placeholder="{words("run.sign_name")}">'
    wants_name = check.method == "signature"
    fields = (
        f'<textarea name="note" rows="2" maxlength="2000" placeholder="{words("run.note")}"'
        f'{attributes(fail=words("run.note_fail"))}></textarea><div class="row">{"" if wants_name else sign}'
        f'<input name="assigned" maxlength="40" placeholder="{words("run.assign")}">'
        f'<button type="button" class="primary" data-keep>{words("run.keep")}</button></div>'
    )
    photo = (
        f'<label class="photo link">{words("run.photo")}'
        '<input type="file" accept="image/*" capture="environment" data-photo hidden></label>'
    )
    return (
        f'<div class="controls">{value}<span class="verdicts">{buttons}</span>{sign if wants_name else ""}{photo}'
        f'<button type="button" class="link" data-more aria-expanded="false">{words("run.more")}</button></div>'
        f'<div class="more" hidden>{fields}</div>'
    )


def _entered(line: Line, run: Run, words: Words) -> str:
    said = [
        f"{words('run.measured')}{line.value}" if line.value else "",
        line.note,
        f"{words('run.signed')}{line.signed}" if line.signed else "",
        f"{words('run.assigned_to')}{line.assigned}" if line.assigned else "",
    ]
    if line.history:
        last = line.history[-1]
        said.append(f"{words('run.by')}{named(last.person, words)} {moment(last.ticked_at)}")
    if len(line.history) > 1:
        said.append(words("run.entries").format(len(line.history)))
    told = "".join(f"<span>{shown(one)}</span>" for one in said if one)
    photos = "".join(_photo(one.photo, run.row.id) for one in line.history if one.photo)
    return f'<div class="entered">{told}{photos}</div>' if told or photos else ""


def _photo(name: str, run: str) -> str:
    if not is_photo(name):
        return f"<span>{shown(name)}</span>"
    address = f"/runs/{shown(run)}/photos/{name}"
    return f'<a href="{address}" target="_blank"><img src="{address}" alt="" loading="lazy"></a>'


def last_entry(run: Run) -> int:
    """Return the number of a run's latest entry, 0 before the first: what a browser asks to see what came after."""
    return max((one.sequence for line in run.lines for one in line.history), default=0)


def moment(at: str) -> str:
    """Return a stored moment as this machine's clock says it."""
    local = datetime.fromisoformat(at).astimezone()
    return f"{local:%m-%d %H:%M}"
