"""改进方案: a problem told freely or in a form, with data; drafted, kept in versions, compared, its actions followed.

Knows components and events. What they show is drawn by ``plan_html``; what is kept and followed is ``assistant.plan``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.drafts import DraftBook, looked_up
from assistant.plan.forms import plan_json
from assistant.plan.make import PlanRequest, framework_of, make_plan
from assistant.plan.model import FRAMEWORK_WORDS
from assistant.plan.problem import FORM_FIELDS
from assistant.plan.stored import evidence_of
from assistant.plan.tracking import PlanBook
from kb.errors import ShouceError
from ui.page import drafts, filling, plan_html, render
from ui.page.drafting import draw
from ui.page.empty import coming_html
from ui.page.visitor import visitor_of, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.plan.model import Evidence
    from ui.page.frame import Page
    from ui.page.texts import Words
    from ui.page.visitor import Visitor
    from ui.session import Session

html = coming_html("plan")


@dataclass(frozen=True, slots=True)
class _Fields:
    """What a plan is asked for with."""

    asked: gr.Textbox
    form: tuple[gr.Textbox, ...]
    way: gr.Dropdown
    start: gr.Textbox
    data_shown: gr.HTML


@dataclass(frozen=True, slots=True)
class PlanTab:
    """What the page's start fills, what other tabs write into, and what leads on from a plan.

    ``data`` is the id of the figures of an uploaded table, ``of`` that of the kept plan whose next version is being drafted.
    """

    fields: _Fields
    data: gr.State
    of: gr.State
    sheet: gr.HTML
    kept: gr.HTML

    @property
    def asked(self) -> gr.Textbox:
        """The field for the problem."""
        return self.fields.asked

    @property
    def given(self) -> list[Any]:
        """The components a draft is made of, in the order of ``_GIVEN``."""
        return [self.asked, self.fields.way, self.fields.start, self.data, *self.fields.form]


def build(page: Page, opened: gr.Tab) -> PlanTab:
    """Draw the tab and connect what happens inside it."""
    text = page.text
    script = "shouce.sheet(element, trigger, watch); shouce.fill(element, trigger)"
    drawn = draw(text, "plan", lambda: _draw_fields(text), listed="plan-kept", sheet="plan", script=script)
    tab = PlanTab(drawn.fields, gr.State(""), gr.State(""), drawn.sheet, drawn.listed)
    _connect_draft(page, tab, drawn.make)
    _connect_data(page, tab)
    _connect_kept(page, opened, tab)
    return tab


def _draw_fields(text: Callable[[str], Any]) -> _Fields:
    asked = gr.Textbox(
        label=text("plan.asked"), placeholder=text("plan.hint"), max_length=1000, lines=3, elem_id="plan-asked"
    )
    with gr.Accordion(text("plan.form"), open=False, elem_id="plan-form"):
        form = tuple(
            gr.Textbox(label=text(f"plan.field.{name}"), max_length=120, elem_id=f"plan-{name}") for name in FORM_FIELDS
        )
    ways = [(word, key) for key, word in FRAMEWORK_WORDS.items()]
    return _Fields(
        asked,
        form,
        gr.Dropdown(ways, value="pdca", label=text("draft.way"), elem_id="plan-way"),
        gr.Textbox(label=text("plan.start"), max_length=20, elem_id="plan-start"),
        gr.HTML(
            elem_id="plan-data",
            elem_classes="own",
            js_on_load="shouce.handIn(element, trigger)",
            apply_default_css=False,
        ),
    )


# What a plan was asked for with, kept with it, so that its next version starts from there.
_GIVEN = ("problem", "framework", "start", "data", *FORM_FIELDS)


def _request(session: Session, given: dict[str, str]) -> PlanRequest:
    from assistant.plan.dates import parse_day

    form = {name: given[name] for name in FORM_FIELDS if given[name].strip()}
    day = parse_day(given["start"]) if given["start"].strip() else None
    evidence = DraftBook(session.knowledge).figures(given["data"])
    way = framework_of(given["framework"] or "pdca")
    return PlanRequest(given["problem"], way, day, fields=form, evidence=evidence)


def _connect_draft(page: Page, tab: PlanTab, make: gr.Button) -> None:
    session = page.session

    def drafted(of: str, request: gr.Request, *values: str | None) -> tuple[Any, Any]:
        words, visitor = words_of(request), visitor_of(session, request)
        given = {name: value or "" for name, value in zip(_GIVEN, values, strict=True)}
        try:
            made = make_plan(session.knowledge, session.searcher, _request(session, given))
            kept = DraftBook(session.knowledge).keep_plan(made, asked=given, by=drafts.author_of(visitor))
        except ShouceError as error:
            return render.notice(str(error)), gr.skip()
        shown = plan_html.plan_html(plan_json(kept), session.titles, words, next_of=of)
        return shown, kept_list(session, visitor, words)

    def keeping(request: gr.Request, event: gr.EventData) -> tuple[Any, Any, Any]:
        words, given, book = words_of(request), event._data or {}, PlanBook(session.knowledge)
        visitor = visitor_of(session, request)
        try:
            draft = DraftBook(session.knowledge).row(str(given.get("draft") or ""), "plan")
            row = book.keep(
                {**draft.made, "asked": draft.asked},
                by=visitor.name or words("who.guest"),
                key=str(given.get("id") or ""),
            )
        except ShouceError as error:
            return render.notice(str(error)), gr.skip(), gr.skip()
        told = render.notice(words("plan.kept").format(row.version), "done")
        return told + _opened(session, row.id, words), kept_list(session, visitor, words), row.id

    def filled(of: str, request: gr.Request, event: gr.EventData) -> tuple[Any, Any]:
        words, visitor = words_of(request), visitor_of(session, request)
        try:
            shown = _filled(session, event._data or {}, visitor, words, next_of=of)
        except ShouceError as error:
            gr.Warning(str(error))
            return gr.skip(), gr.skip()
        return shown, kept_list(session, visitor, words)

    make.click(drafted, [tab.of, *tab.given], [tab.sheet, tab.kept], **page.direct)
    tab.sheet.input(filled, [tab.of], [tab.sheet, tab.kept], **page.direct)
    tab.sheet.apply(keeping, None, [tab.sheet, tab.kept, tab.of], **page.direct)


def _connect_data(page: Page, tab: PlanTab) -> None:
    session = page.session

    def uploaded(request: gr.Request, event: gr.EventData) -> tuple[str, str]:
        given = event._data or {}
        key, words = str(given.get("key") or ""), words_of(request)
        return key, _data_shown(session, key, words)

    def dropped(request: gr.Request) -> tuple[str, str]:
        return "", data_html(words_of(request))

    field = tab.fields.data_shown
    field.upload(uploaded, None, [tab.data, field], **page.direct)
    field.clear(dropped, None, [tab.data, field], **page.direct)
    page.on_open(_empty_data, field)


def _empty_data(request: gr.Request) -> str:
    return data_html(words_of(request))


def _empty_sheet(request: gr.Request) -> str:
    return html(words_of(request))


def _data_shown(session: Session, key: str, words: Words) -> str:
    try:
        return data_html(words, DraftBook(session.knowledge).figures(key))
    except ShouceError as error:
        return render.notice(str(error)) + data_html(words)


def data_html(words: Words, used: Evidence | None = None) -> str:
    """Return the field for a table, or what was read of the one that is used."""
    if used:
        drop = f'<button type="button" class="link" data-act="clear">{words("plan.data_drop")}</button>'
        rows = words("plan.rows").format(used.rows)
        return (
            f'<div class="handed-in"><p>{words("plan.data_used")}<b>{render.shown(used.file)}</b> · {rows} {drop}</p>'
            f'<p class="quiet">{render.shown(" ".join(used.sentences))}</p></div>'
        )
    failed = render.attributes(failed=words("run.offline"))
    return (
        f'<label class="hand-in"><span>{words("plan.data")}</span><b>{words("plan.data_choose")}</b>'
        f'<input type="file" hidden accept=".xlsx,.csv" data-path="/plan/data"{failed}></label>'
        f'<p class="quiet">{words("plan.data_kept")}</p><p class="said" role="alert"></p>'
    )


def kept_list(session: Session, visitor: Visitor, words: Words, *, undo: str = "") -> str:
    """Return the plans that are kept, and the visitor's drafts; ``undo`` is a draft just deleted."""
    book = PlanBook(session.knowledge)
    today = date.today()
    kept = [plan_html.Kept(row, book.follow(row.id, today)) for row in book.rows.latest()]
    return plan_html.kept_html(kept, words) + drafts.drafts_html(session, "plan", visitor, words, undo=undo)


def _opened(session: Session, key: str, words: Words) -> str:
    book = PlanBook(session.knowledge)
    row = book.rows.plan(key)
    kept = plan_html.Kept(row, book.follow(key, date.today()))
    since = looked_up(session.knowledge, book.plan(key)).since
    return plan_html.plan_html(row.plan, session.titles, words, kept=kept, since=since)


def _filled(session: Session, given: dict[str, Any], by: Visitor, words: Words, *, next_of: str) -> str:
    """Enter what was typed into a draft or a kept plan, and return that."""
    key, typed = str(given.get("id") or ""), filling.typed(given)
    if given.get("kind") == "plan":
        row = PlanBook(session.knowledge).fill(key, typed, by=by.name or words("who.guest"))
        return _opened(session, row.id, words)
    book = DraftBook(session.knowledge)
    made = book.fill_plan(key, typed, by=drafts.author_of(by))
    row_made, since = book.row(made, "plan").made, book.plan(made).since
    return plan_html.plan_html({**row_made, "draft": made}, session.titles, words, next_of=next_of, since=since)


def _draft_opened(session: Session, key: str, words: Words) -> tuple[Any, ...]:
    """Return a draft, that it is no version of a kept plan, and what it was asked for with."""
    book = DraftBook(session.knowledge)
    row = book.row(key, "plan")
    asked, data = _asked_for(session, {**row.made, **({"asked": row.asked} if row.asked else {})})
    shown = plan_html.plan_html({**row.made, "draft": key}, session.titles, words, since=book.plan(key).since)
    return shown, "", *(asked[name] for name in _GIVEN), data_html(words, data)


def _asked_for(session: Session, plan: dict[str, Any]) -> tuple[dict[str, str], Evidence | None]:
    """Return what a kept plan was asked for with, and the figures it was drafted from, which are handed in anew."""
    asked = plan.get("asked") or {"problem": plan["problem"]["text"], "framework": plan["framework"]}
    data = evidence_of(plan["data"]) if plan.get("data") else None
    given = {name: str(asked.get(name) or "") for name in _GIVEN}
    given["data"] = DraftBook(session.knowledge).keep_figures(data) if data else ""
    return given, data


def _connect_kept(page: Page, opened: gr.Tab, tab: PlanTab) -> None:
    session = page.session
    filled = [tab.sheet, tab.of, *tab.given, tab.fields.data_shown]
    nothing = tuple(gr.skip() for _ in filled[1:])

    def chosen(request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        words, given = words_of(request), event._data or {}
        mode, key = given.get("mode"), str(given.get("id") or "")
        if mode not in {"open", "draft"}:
            return gr.skip(), *nothing
        try:
            if mode == "draft":
                return _draft_opened(session, key, words)
            shown = _opened(session, key, words)
            asked, data = _asked_for(session, PlanBook(session.knowledge).rows.plan(key).plan)
        except ShouceError as error:
            return render.notice(str(error)), *nothing
        return shown, key, *(asked[name] for name in _GIVEN), data_html(words, data)

    def marked(request: gr.Request, event: gr.EventData) -> tuple[Any, Any]:
        words, given = words_of(request), event._data or {}
        key, visitor = str(given.get("id") or ""), visitor_of(session, request)
        try:
            book = PlanBook(session.knowledge)
            state, note = str(given.get("state") or ""), str(given.get("note") or "").strip()[:300]
            book.enter(key, str(given.get("action") or ""), state, note=note, by=visitor.name or words("who.guest"))
            return _opened(session, key, words), kept_list(session, visitor, words)
        except ShouceError as error:
            return render.notice(str(error)), gr.skip()

    def compared(request: gr.Request, event: gr.EventData) -> str:
        words, given = words_of(request), event._data or {}
        try:
            key = str(given.get("id") or "")
            before, after = int(given.get("before") or 0), int(given.get("after") or 0)
            found = PlanBook(session.knowledge).compare(key, before, after)
            return plan_html.difference_html(key, found, words)
        except ShouceError as error:
            return render.notice(str(error))

    def listed(request: gr.Request, undo: str = "") -> str:
        return kept_list(session, visitor_of(session, request), words_of(request), undo=undo)

    tab.kept.select(chosen, None, filled, **page.direct)
    tab.sheet.select(chosen, None, filled, **page.direct)
    tab.sheet.edit(marked, None, [tab.sheet, tab.kept], **page.direct)
    tab.sheet.expand(compared, None, [tab.sheet], **page.direct)
    opened.select(listed, None, [tab.kept], **page.direct)
    drafts.connect(page, tab.kept, listed)
    page.on_open(_empty_sheet, tab.sheet)
