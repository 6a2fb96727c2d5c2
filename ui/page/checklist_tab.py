"""检查表: a topic made into lines, worked through on the spot by one or several people, with what is due and what was found.

Knows components and events. What they show is drawn by ``checklist_html`` and ``run_html``; what happens inside a run goes
through ``run_routes``, the browser's part of it is ``runs.js``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.checklist.edit import as_before
from assistant.checklist.runs import ChecklistRuns
from assistant.drafts import DraftBook
from kb.errors import EntryInvalid, ShouceError
from ui.page import checklist_html, drafts, filling, render, run_html
from ui.page.drafting import draw
from ui.page.empty import coming_html
from ui.page.visitor import visitor_of, words_of

if TYPE_CHECKING:
    from assistant.checklist.model import Checklist
    from kb.records.drafts import Author
    from ui.page.frame import Page
    from ui.page.texts import Words
    from ui.page.visitor import Visitor
    from ui.session import Session

_LATEST = 60  # runs that are listed
html = coming_html("checklist")


@dataclass(frozen=True, slots=True)
class ChecklistTab:
    """What the page's start fills, and what leads to the plans."""

    sheet: gr.HTML
    lists: gr.HTML


def build(page: Page, opened: gr.Tab) -> ChecklistTab:
    """Draw the tab and connect what happens inside it."""
    text = page.text

    def fields() -> tuple[gr.Textbox, gr.Dropdown]:
        asked = gr.Textbox(
            label=text("checklist.asked"), placeholder=text("checklist.hint"), max_length=200, elem_id="checklist-asked"
        )
        return asked, gr.Dropdown([], label=text("ask.document"), elem_id="checklist-document")

    script = "shouce.runs.wire(element, trigger, watch, shouce); shouce.fill(element, trigger)"
    drawn = draw(text, "checklist", fields, listed="run-lists", sheet="checklist", script=script)
    tab = ChecklistTab(drawn.sheet, drawn.listed)
    _connect_draft(page, tab, drawn.fields, drawn.make)
    _connect_runs(page, tab)
    _connect_opening(page, opened, tab, drawn.fields[1])
    return tab


def _connect_opening(page: Page, opened: gr.Tab, tab: ChecklistTab, document: gr.Dropdown) -> None:
    session = page.session

    def listed(request: gr.Request, undo: str = "") -> str:
        return lists_html(session, visitor_of(session, request), words_of(request), undo=undo)

    def known(request: gr.Request) -> gr.Dropdown:
        titles = [(one.title, one.id) for one in session.knowledge.documents()]
        return gr.Dropdown([(words_of(request)("ask.all_documents"), ""), *titles], value="")

    page.on_open(known, document)
    opened.select(listed, None, [tab.lists], **page.direct)
    tab.sheet.stop(listed, None, [tab.lists], **page.direct)
    drafts.connect(page, tab.lists, listed)


def lists_html(session: Session, visitor: Visitor, words: Words, *, undo: str = "") -> str:
    """Return what is due, under way, kept and done, and the visitor's drafts; ``undo`` is a draft just deleted."""
    runs = ChecklistRuns(session.knowledge)
    templates = [(row, len(runs.stale(row))) for row in runs.rows.templates()]
    latest = [runs.run(row.id) for row in runs.rows.runs()[:_LATEST]]
    made = drafts.drafts_html(session, "checklist", visitor, words, undo=undo)
    return checklist_html.lists_html(runs.due(date.today()), latest, templates, words, drafts=made)


def opened_html(session: Session, key: str, words: Words) -> str:
    """Return a run to work through.

    Raises:
        NotThere: there is none of that id.
    """
    return run_html.run_html(ChecklistRuns(session.knowledge).run(key), session.titles, words)


def _made(session: Session, wanted: str, document: str | None, words: Words, *, by: Author) -> Checklist:
    """Return a checklist, kept as it was made."""
    from assistant.checklist.make import make_checklist

    if not wanted.strip() and not document:
        raise EntryInvalid(words("check.empty"))
    made = make_checklist(session.knowledge, session.searcher, wanted.strip(), document=document or None)
    return DraftBook(session.knowledge).keep_checklist(made, wanted=wanted.strip(), document=document or "", by=by)


def _connect_draft(page: Page, tab: ChecklistTab, fields: tuple[gr.Textbox, gr.Dropdown], make: gr.Button) -> None:
    session = page.session

    def drafted(wanted: str, document: str | None, request: gr.Request) -> tuple[Any, Any]:
        words, visitor = words_of(request), visitor_of(session, request)
        try:
            made = _made(session, wanted, document, words, by=drafts.author_of(visitor))
        except ShouceError as error:
            return render.notice(str(error)), gr.skip()
        shown = checklist_html.draft_html(made, words, today=date.today())
        return shown, lists_html(session, visitor, words)

    for event in (make.click, fields[0].submit):
        event(drafted, list(fields), [tab.sheet, tab.lists], **page.direct)


def _connect_runs(page: Page, tab: ChecklistTab) -> None:
    session = page.session

    def started(request: gr.Request, event: gr.EventData) -> tuple[Any, Any]:
        words, given, visitor = words_of(request), event._data or {}, visitor_of(session, request)
        try:
            shown = _started(session, given, visitor.name, words)
        except ShouceError as error:
            return render.notice(str(error)), gr.skip()
        return shown, lists_html(session, visitor, words)

    def chosen(request: gr.Request, event: gr.EventData) -> tuple[Any, Any]:
        words, given, visitor = words_of(request), event._data or {}, visitor_of(session, request)
        act, key = str(given.get("mode") or given.get("act")), str(given.get("id") or "")
        try:
            if act == "run":
                return opened_html(session, key, words), gr.skip()
            if act == "renew":
                shown = _renewed(session, key, visitor, words)
                return shown, lists_html(session, visitor, words)
            if act == "draft":
                return _draft(session, key, words), gr.skip()
            if act == "template":
                return _template(session, key, words), gr.skip()
            if act in {"drop", "undrop"}:
                shown = _edited(session, act, given, visitor, words)
                return shown, lists_html(session, visitor, words)
        except ShouceError as error:
            return render.notice(str(error)), gr.skip()
        return gr.skip(), gr.skip()

    def filled(request: gr.Request, event: gr.EventData) -> tuple[Any, Any]:
        words, visitor = words_of(request), visitor_of(session, request)
        try:
            sheet = _filled(session, event._data or {}, visitor, words)
        except ShouceError as error:
            gr.Warning(str(error))
            return gr.skip(), gr.skip()
        return sheet, lists_html(session, visitor, words)

    shown = [tab.sheet, tab.lists]
    tab.sheet.input(filled, None, shown, **page.direct)
    tab.sheet.submit(started, None, shown, **page.direct)
    tab.sheet.select(chosen, None, shown, **page.direct)
    tab.lists.select(chosen, None, shown, **page.direct)


def _started(session: Session, given: dict[str, Any], by: str, words: Words) -> str:
    """Begin a run of what was drafted or of a kept template, or only keep the template; return what to show."""
    from assistant.plan.dates import parse_day

    def said(name: str) -> str:
        return str(given.get(name) or "").strip()[:200]

    runs = ChecklistRuns(session.knowledge)
    key = said("template")
    if not key:
        book, draft = DraftBook(session.knowledge), said("draft")
        made, asked = book.checklist(draft), book.row(draft, "checklist").asked
        key = runs.kept_as(made, asked["wanted"], document=asked["document"], repeat=said("repeat"), by=by).id
    if given.get("only"):
        return render.notice(words("run.saved"), "done") + _template(session, key, words)
    day = parse_day(said("day")) if said("day") else date.today()
    run = runs.start(
        key, day=day, place=said("place"), shift=said("shift"), assigned=said("assigned"), by=by or words("who.guest")
    )
    return run_html.run_html(run, session.titles, words)


def _draft(session: Session, key: str, words: Words) -> str:
    made = DraftBook(session.knowledge).checklist(key)
    return checklist_html.draft_html(made, words, today=date.today())


def _edited(session: Session, act: str, given: dict[str, Any], by: Visitor, words: Words) -> str:
    """Return a draft without the lines that were left out, or the one with all of them."""
    book, key = DraftBook(session.knowledge), str(given.get("id") or "")
    if act == "undrop":
        return _draft(session, book.whole_checklist(key, by=drafts.author_of(by)).draft, words)
    numbers = {int(number) for number in str(given.get("numbers") or "").split(",") if number.isdigit()}
    made = book.edit_checklist(key, numbers, by=drafts.author_of(by))
    return (
        _draft(session, made.draft, words) if made.draft else checklist_html.draft_html(made, words, today=date.today())
    )


def _filled(session: Session, given: dict[str, Any], by: Visitor, words: Words) -> str:
    """Enter what was typed into a draft or a template, and return that."""
    key, typed = str(given.get("id") or ""), filling.typed(given)
    if given.get("kind") == "template":
        row = ChecklistRuns(session.knowledge).fill(key, typed, by=by.name or words("who.guest"))
        return _template(session, row.id, words)
    made = DraftBook(session.knowledge).fill_checklist(key, typed, by=drafts.author_of(by))
    return _draft(session, made.draft, words)


def _template(session: Session, key: str, words: Words) -> str:
    runs = ChecklistRuns(session.knowledge)
    row = runs.rows.template(key)
    return checklist_html.template_html(row, runs.stale(row), words, date.today())


def _renewed(session: Session, key: str, by: Visitor, words: Words) -> str:
    runs = ChecklistRuns(session.knowledge)
    old = runs.rows.template(key)
    made = _made(session, old.wanted, old.document, words, by=drafts.author_of(by))
    row = runs.renew(key, as_before(made, old.checklist.get("notes") or ()), by=by.name)
    told = words("run.renewed").format(row.version, len(row.checklist["items"]))
    return render.notice(told, "done") + _template(session, key, words)


def on_clauses(session: Session, clauses: tuple[tuple[str, str], ...], by: Visitor, words: Words) -> str:
    """Return the draft of a checklist on clauses, those of the document that most of them are of.

    Raises:
        NotThere: they oblige nobody to anything.
    """
    counted = Counter(document for document, _ in clauses)
    document = counted.most_common(1)[0][0] if counted else ""
    wanted = "、".join(clause for of, clause in clauses if of == document)
    made = _made(session, wanted, document, words, by=drafts.author_of(by))
    return checklist_html.draft_html(made, words, today=date.today())


def problem_of(session: Session, event: gr.EventData) -> str:
    """Return the failed lines of the run that the page names, as the problem of a plan; nothing where it means else."""
    given = event._data or {}
    if given.get("act") != "plan":
        return ""
    try:
        return ChecklistRuns(session.knowledge).problem(str(given.get("id") or ""))
    except ShouceError:
        return ""


def due_count(session: Session) -> int:
    """Return how many checks are due today."""
    return len(ChecklistRuns(session.knowledge).due(date.today()))
