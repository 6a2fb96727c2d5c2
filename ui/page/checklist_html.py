"""Checklists as HTML: a draft to read, the form that starts a run, and what is due, under way, kept and done.

Knows the shapes of checklists and runs. Knows no events and no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from assistant.checklist.edit import left_out
from assistant.checklist.filling import blanks, key_of
from assistant.checklist.model import METHOD_WORDS, Check, Checklist
from assistant.checklist.runs import REPEAT_WORDS, Due, Run
from assistant.checklist.stored import checklist_of
from kb.records.checklists import TemplateRow
from ui.page.exporting import CHECKLIST_FORMS, links_html, sources_html
from ui.page.filling import bar_html, entry_html, field_html, open_html
from ui.page.render import attributes, shown
from ui.page.texts import Words

Titles = Mapping[str, str]
HISTORY = 40


def clause_link(document: str, section: str, clause: str, title: str = "") -> str:
    """Return a link that opens a clause beside what is being read; ``title`` of the document where several are cited."""
    address = urlencode({"doc": document, "clause": clause})
    named = attributes(document=document, section=section, clause=clause)
    source = f"《{shown(title)}》" if title else ""
    return f'<a class="citation" href="/?{shown(address)}" target="_blank"{named}>{source}{shown(clause)}</a>'


def draft_html(made: Checklist, words: Words, *, today: date) -> str:
    """Return a drafted checklist with the form that makes a run of it, and the links that take it along."""
    titles = made.document_titles
    groups = "".join(
        f"<h4{' class=red' if heading[0] else ''}>{shown(heading[1])}</h4>"
        f'<ol class="checks">{"".join(_drafted(one, titles, words, draft=made.draft) for one in checks)}</ol>'
        for heading, checks in grouped(made.checks, titles, words)
    )
    complete = "".join(f"<li>{shown(one.words)}</li>" for one in made.completeness)
    notes = "".join(f'<p class="note">{shown(one)}</p>' for one in made.notes)
    back = ""
    if gone := left_out(made.notes):
        told = shown(words("check.dropped").format(len(gone)))
        act = attributes(act="undrop", id=made.draft)
        button = f'<button type="button" class="link"{act}>{words("check.undrop")}</button>'
        back = f'<p class="quiet dropped">{told} {button}</p>'
    return (
        f'<article class="drafted"><header><h2>{shown(made.title)}</h2>'
        f'<p class="quiet">{len(made.checks)} {words("check.items")} · {words("check.red")} {len(made.red_lines)}</p>'
        f"{sources_html(made.sources, made.since, words)}{back}"
        f"{links_html('draft-checklist', made.draft, CHECKLIST_FORMS, words)}"
        f"{_open(made, words) if made.draft else ''}</header>"
        f"{start_form(words, today=today, draft=made.draft)}{groups}"
        f'<details class="complete"><summary>{words("check.completeness")}</summary><ul>{complete}</ul></details>'
        f"{notes}{bar_html('draft', made.draft, words) if made.draft else ''}</article>"
    )


def _open(made: Checklist, words: Words) -> str:
    return f'<div class="tools">{open_html(sum(len(blanks(one)) for one in made.checks), words)}</div>'


def grouped(
    checks: Sequence[Check], titles: Titles, words: Words
) -> Iterator[tuple[tuple[bool, str], Iterator[Check]]]:
    """Yield ((whether they are red lines, heading), checks) in printed order."""
    several = len({one.citation.document for one in checks}) > 1

    def heading(check: Check) -> tuple[bool, str]:
        if check.red_line:
            return True, words("check.red")
        source = f"《{titles.get(check.citation.document, '')}》" if several else ""
        return False, source + " › ".join(check.citation.path)

    return groupby(checks, key=heading)


def _drafted(check: Check, titles: Titles, words: Words, *, draft: str = "") -> str:
    """Return a line; of a ``draft``, with the button that leaves it out."""
    named = words("check.drop")
    drop = (
        f'<button type="button" class="drop" data-drop="{shown(draft)}" title="{named}" aria-label="{named}">×</button>'
        if draft
        else ""
    )
    fields = "".join(
        field_html(key_of(check, name), words(f"check.{name}"), check.filled.get(name), words) for name in blanks(check)
    )
    open_ = f'<div class="open-fields">{fields}</div>' if fields else ""
    return f'<li value="{check.number}">{drop}{check_html(check, titles, words)}{open_}</li>'


def check_html(check: Check, titles: Titles, words: Words) -> str:
    """Return what a line asks for: when, what, its clause, and what the clause says of standard, role, limit."""
    cited = check.citation
    title = titles.get(cited.document, "") if len(titles) > 1 and check.red_line else ""
    condition = f'<span class="condition">{shown(check.condition)}</span>' if check.condition else ""
    said = (
        ("standard", check.standard),
        ("role", check.role),
        ("deadline", check.deadline),
        ("frequency", check.frequency),
        ("evidence", check.evidence),
        ("method", None if check.method == "yes_no" else METHOD_WORDS[check.method]),
        ("range", check.limits.words if check.limits else None),
    )
    facts = "".join(f"<span><b>{words(f'check.{name}')}</b>{shown(value)}</span>" for name, value in said if value)
    facts += "".join(
        f"<span><b>{words(f'check.{name}')}</b>{entry_html(one, words)}</span>" for name, one in check.filled.items()
    )
    return (
        f'<div class="action">{condition}{shown(check.action)} '
        f"{clause_link(cited.document, cited.section, cited.clause, title)}</div>"
        f"{f'<div class=facts>{facts}</div>' if facts else ''}"
    )


def start_form(words: Words, *, today: date, draft: str = "", template: str = "") -> str:
    """Return the form that starts a run: of what was just drafted, or of a kept template; nothing where neither is kept."""
    if not (draft or template):
        return ""
    choices = "".join(f'<option value="{key}">{words(f"run.repeat.{key}")}</option>' for key in REPEAT_WORDS)
    texts = "".join(
        f'<label>{words(f"run.{name}")}<input name="{name}" maxlength="60" autocomplete="off"></label>'
        for name in ("place", "shift", "assigned")
    )
    how_often = f'<label>{words("run.repeat")}<select name="repeat">{choices}</select></label>' if not template else ""
    save = (
        f'<button type="submit" class="link" name="only" value="save">{words("run.save")}</button>'
        if not template
        else ""
    )
    return (
        f'<form class="start"{attributes(draft=draft, template=template)}><b>{words("run.begin")}</b>'
        f'<div class="fields">{texts}'
        f'<label>{words("run.day")}<input type="date" name="day" required value="{today.isoformat()}"></label>{how_often}</div>'
        f'<div class="foot"><button type="submit" class="primary">{words("run.start")}</button>{save}</div></form>'
    )


def template_html(row: TemplateRow, stale: Sequence[str], words: Words, today: date) -> str:
    """Return a kept template with the form that starts it, and which of its clauses have changed since."""
    made = checklist_of(row.checklist)
    titles, checks = made.document_titles, made.checks
    changed = ""
    if stale:
        listed = "".join(f"<li>{shown(one)}</li>" for one in stale[:12])
        act = attributes(act="renew", id=row.id)
        changed = (
            f'<div class="notice hint">{shown(words("run.stale").format(len(stale)))}<ul>{listed}</ul>'
            f'<button type="button" class="primary"{act}>{words("run.renew")}</button></div>'
        )
    groups = "".join(
        f"<h4{' class=red' if heading[0] else ''}>{shown(heading[1])}</h4>"
        f'<ol class="checks">{"".join(_drafted(one, titles, words) for one in some)}</ol>'
        for heading, some in grouped(checks, titles, words)
    )
    told = f"{len(checks)} {words('check.items')} · {words('run.version').format(row.version)}"
    repeat = f" · {words(f'run.repeat.{row.repeat}')}" if row.repeat else ""
    return (
        f'<article class="drafted"><header><h2>{shown(row.title)}</h2><p class="quiet">{shown(told + repeat)}</p>'
        f"{sources_html(made.sources, '', words)}"
        f"{links_html('template', row.id, CHECKLIST_FORMS, words, version=row.version)}{_open(made, words)}</header>"
        f"{changed}{start_form(words, today=today, template=row.id)}{groups}{bar_html('template', row.id, words)}</article>"
    )


def lists_html(
    due: Sequence[Due],
    runs: Sequence[Run],
    templates: Sequence[tuple[TemplateRow, int]],
    words: Words,
    *,
    drafts: str = "",
) -> str:
    """Return what is due, under way, drafted, kept (with how many of its clauses changed) and done."""
    begun = {one.run.id for one in due if one.run}
    open_runs = [one for one in runs if not one.row.finished_at and one.row.id not in begun]
    done = [one for one in runs if one.row.finished_at][:HISTORY]
    if not (due or runs or templates):
        return f'<p class="quiet">{words("run.none")}</p>{drafts}'
    return (
        _part("run.due", [_due(one, words) for one in due], words)
        + _part("run.open", [_run(one, words) for one in open_runs], words)
        + drafts
        + _part("run.templates", [_template(row, changed, words) for row, changed in templates], words)
        + _part("run.history", [_run(one, words) for one in done], words, folded=True)
    )


def _part(title: str, rows: Sequence[str], words: Words, *, folded: bool = False) -> str:
    if not rows:
        return ""
    listed = f'<ul class="listed">{"".join(rows)}</ul>'
    if folded:
        return f"<details><summary>{words(title)}（{len(rows)}）</summary>{listed}</details>"
    return f"<h4>{words(title)}</h4>{listed}"


def _due(one: Due, words: Words) -> str:
    repeat = words(f"run.repeat.{one.template.repeat}")
    if one.run:
        return _row("run", one.run.id, one.run.name, f"{repeat} · {words('run.go_on')}", css="due")
    return _row("template", one.template.id, one.template.title, f"{repeat} · {words('run.start')}", css="due")


def _run(one: Run, words: Words) -> str:
    css = "bad" if one.failed else ""
    return _row("run", one.row.id, one.row.name, progress_words(one, words), css=css)


def _template(row: TemplateRow, changed: int, words: Words) -> str:
    repeat = f" · {words(f'run.repeat.{row.repeat}')}" if row.repeat else ""
    told = f"{words('run.version').format(row.version)}{repeat}"
    stale = f" · {words('run.stale').format(changed)}" if changed else ""
    return _row("template", row.id, row.title, told + stale, css="warned" if changed else "")


def _row(act: str, key: str, name: str, told: str, *, css: str = "") -> str:
    return (
        f'<li><button type="button" class="{css}"{attributes(act="select", mode=act, id=key)}><span>{shown(name)}</span>'
        f"<small>{shown(told)}</small></button></li>"
    )


def progress_words(run: Run, words: Words) -> str:
    """Return how far a run is."""
    return words("run.progress").format(run.done, len(run.lines), len(run.failed))
