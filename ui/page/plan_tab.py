"""改进方案: a problem told freely or in a form, with data; drafted, kept in versions, compared, its actions followed.

Knows components and events. What they show is drawn by ``plan_html``; what is kept and followed is ``assistant.plan``'s.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.output import file_name
from assistant.plan.forms import plan_json
from assistant.plan.make import PlanRequest, framework_of, make_plan
from assistant.plan.model import FRAMEWORK_WORDS
from assistant.plan.problem import FORM_FIELDS
from assistant.plan.tracking import PlanBook
from kb.errors import ShouceError
from ui.page import plan_html, render
from ui.page.empty import coming_html
from ui.page.visitor import visitor_of, words_of

if TYPE_CHECKING:
    from assistant.plan.model import Plan
    from ui.page.frame import Page
    from ui.page.texts import Words
    from ui.session import Session

FORMATS = ("docx", "xlsx", "md")
html = coming_html("plan")


@dataclass(frozen=True, slots=True)
class PlanTab:
    """What the page's start fills, what other tabs write into, and what leads on from a plan."""

    asked: gr.Textbox
    fields: tuple[gr.Textbox, ...]
    way: gr.Dropdown
    start: gr.Textbox
    data: gr.State
    data_shown: gr.HTML
    of: gr.State
    sheet: gr.HTML
    kept: gr.HTML

    @property
    def given(self) -> list[Any]:
        """The components a draft is made of, in the order ``_request`` takes them."""
        return [self.asked, self.way, self.start, self.data, *self.fields]


def build(page: Page, opened: gr.Tab) -> PlanTab:
    """Draw the tab and connect what happens inside it."""
    text = page.text
    with gr.Column(elem_classes="sheet-page"), gr.Row(elem_classes="two drafting"):
        with gr.Column(min_width=260, scale=1):
            asked = gr.Textbox(
                label=text("plan.asked"), placeholder=text("plan.hint"), max_length=1000, lines=3, elem_id="plan-asked"
            )
            with gr.Accordion(text("plan.form"), open=False, elem_id="plan-form"):
                fields = tuple(
                    gr.Textbox(label=text(f"plan.field.{name}"), max_length=120, elem_id=f"plan-{name}")
                    for name in FORM_FIELDS
                )
            way = gr.Dropdown(
                [(word, key) for key, word in FRAMEWORK_WORDS.items()],
                value="pdca",
                label=text("draft.way"),
                elem_id="plan-way",
            )
            start = gr.Textbox(label=text("plan.start"), max_length=20, elem_id="plan-start")
            data_shown = gr.HTML(
                elem_id="plan-data",
                elem_classes="own",
                js_on_load="shouce.handIn(element, trigger)",
                apply_default_css=False,
            )
            make = gr.Button(text("draft.make"), variant="primary", elem_id="plan-make")
            with gr.Row(elem_classes="foot"):
                form = gr.Dropdown(
                    list(FORMATS), value=FORMATS[0], show_label=False, container=False, elem_id="plan-format"
                )
                export = gr.Button(text("draft.export"), size="sm", elem_id="plan-export")
            file = gr.File(visible=False, elem_id="plan-file", interactive=False)
            kept = gr.HTML(
                elem_id="plan-kept",
                elem_classes="own",
                js_on_load="shouce.list(element, trigger)",
                apply_default_css=False,
            )
        with gr.Column(min_width=320, scale=3):
            sheet = gr.HTML(
                elem_id="plan",
                elem_classes="own",
                js_on_load="shouce.sheet(element, trigger, watch)",
                apply_default_css=False,
            )
    tab = PlanTab(asked, fields, way, start, gr.State(""), data_shown, gr.State(""), sheet, kept)
    _connect_draft(page, tab, make, (form, export, file))
    _connect_data(page, tab)
    _connect_kept(page, opened, tab)
    return tab


def _request(page: Page, asked: str, way: str, start: str, data: str, fields: tuple[str, ...]) -> PlanRequest:
    from assistant.plan.dates import parse_day

    said = {name: value for name, value in zip(FORM_FIELDS, fields, strict=True) if (value or "").strip()}
    day = parse_day(start) if (start or "").strip() else None
    return PlanRequest(asked or "", framework_of(way or "pdca"), day, page.tables.path(data), said)


def _made(page: Page, asked: str, way: str, start: str, data: str, *fields: str) -> Plan:
    session = page.session
    return make_plan(session.knowledge, session.searcher, _request(page, asked, way, start, data, fields))


def _connect_draft(page: Page, tab: PlanTab, make: gr.Button, out: tuple[gr.Dropdown, gr.Button, gr.File]) -> None:
    session = page.session
    form, export, file = out

    def drafted(of: str, request: gr.Request, *given: str) -> str:
        try:
            made = plan_json(_made(page, *given))
        except ShouceError as error:
            return render.notice(str(error))
        return plan_html.plan_html(made, session.titles, words_of(request), next_of=of)

    def written(name: str, *given: str) -> tuple[Any, Any]:
        from assistant.plan.export import write

        try:
            made = _made(page, *given)
            folder = Path(tempfile.mkdtemp(prefix="shouce-plan-"))
            path = write(made, name, folder / f"{file_name(made.title, '改进方案')}.{name}")
        except ShouceError as error:
            return gr.skip(), render.notice(str(error))
        return gr.File(value=str(path), visible=True), gr.skip()

    def keeping(of: str, request: gr.Request, *given: str) -> tuple[Any, Any, Any]:
        words, book = words_of(request), PlanBook(session.knowledge)
        name = visitor_of(session, request).name or words("who.guest")
        try:
            plan = plan_json(_made(page, *given))
            row = book.keep({**plan, "asked": dict(zip(_GIVEN, given, strict=True))}, by=name, key=of)
        except ShouceError as error:
            return render.notice(str(error)), gr.skip(), gr.skip()
        told = render.notice(words("plan.kept").format(row.version), "done")
        return told + _opened(session, row.id, words), kept_list(session, words), row.id

    make.click(drafted, [tab.of, *tab.given], [tab.sheet], **page.direct)
    tab.sheet.apply(keeping, [tab.of, *tab.given], [tab.sheet, tab.kept, tab.of], **page.direct)
    export.click(written, [form, *tab.given], [file, tab.sheet], **page.direct)


# What a kept plan was asked for with, so that its next version starts from there. Data is not kept, only its figures.
_GIVEN = ("problem", "framework", "start", "data", *FORM_FIELDS)


def _connect_data(page: Page, tab: PlanTab) -> None:
    def uploaded(request: gr.Request, event: gr.EventData) -> tuple[str, str]:
        given = event._data or {}
        return str(given.get("key") or ""), data_html(words_of(request), str(given.get("name") or ""))

    def dropped(request: gr.Request) -> tuple[str, str]:
        return "", data_html(words_of(request))

    shown = [tab.data, tab.data_shown]
    tab.data_shown.upload(uploaded, None, shown, **page.direct)
    tab.data_shown.clear(dropped, None, shown, **page.direct)
    page.on_open(_empty_data, tab.data_shown)


def _empty_data(request: gr.Request) -> str:
    return data_html(words_of(request))


def _empty_sheet(request: gr.Request) -> str:
    return html(words_of(request))


def data_html(words: Words, name: str = "") -> str:
    """Return the field for a table, or the name of the one that is used."""
    if name:
        drop = f'<button type="button" class="link" data-act="clear">{words("plan.data_drop")}</button>'
        return f'<p class="handed-in">{words("plan.data_used")}<b>{render.shown(name)}</b> {drop}</p>'
    failed = render.attributes(failed=words("run.offline"))
    return (
        f'<label class="hand-in"><span>{words("plan.data")}</span><b>{words("plan.data_choose")}</b>'
        f'<input type="file" hidden accept=".xlsx,.csv" data-path="/plan/data"{failed}></label>'
        '<p class="said" role="alert"></p>'
    )


def kept_list(session: Session, words: Words) -> str:
    """Return the plans that are kept."""
    book = PlanBook(session.knowledge)
    today = date.today()
    return plan_html.kept_html([plan_html.Kept(row, book.follow(row.id, today)) for row in book.rows.latest()], words)


def _opened(session: Session, key: str, words: Words) -> str:
    book = PlanBook(session.knowledge)
    row = book.rows.plan(key)
    kept = plan_html.Kept(row, book.follow(key, date.today()))
    return plan_html.plan_html(row.plan, session.titles, words, kept=kept)


def _connect_kept(page: Page, opened: gr.Tab, tab: PlanTab) -> None:
    session = page.session
    nothing = tuple(gr.skip() for _ in range(4 + len(FORM_FIELDS)))

    def chosen(request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        words, given = words_of(request), event._data or {}
        if given.get("mode") != "open":
            return gr.skip(), *nothing
        key = str(given.get("id") or "")
        try:
            shown = _opened(session, key, words)
            plan = PlanBook(session.knowledge).rows.plan(key).plan
        except ShouceError as error:
            return render.notice(str(error)), *nothing
        asked = plan.get("asked") or {"problem": plan["problem"]["text"], "framework": plan["framework"]}
        fields = (str(asked.get(name) or "") for name in FORM_FIELDS)
        start = str(asked.get("start") or "")
        return shown, key, str(asked.get("problem") or ""), str(asked.get("framework") or "pdca"), start, *fields

    def marked(request: gr.Request, event: gr.EventData) -> tuple[Any, Any]:
        words, given = words_of(request), event._data or {}
        key = str(given.get("id") or "")
        name = visitor_of(session, request).name or words("who.guest")
        try:
            book = PlanBook(session.knowledge)
            state, note = str(given.get("state") or ""), str(given.get("note") or "").strip()[:300]
            book.enter(key, str(given.get("action") or ""), state, note=note, by=name)
            return _opened(session, key, words), kept_list(session, words)
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

    def listed(request: gr.Request) -> str:
        return kept_list(session, words_of(request))

    filled = [tab.sheet, tab.of, tab.asked, tab.way, tab.start, *tab.fields]
    tab.kept.select(chosen, None, filled, **page.direct)
    tab.sheet.select(chosen, None, filled, **page.direct)
    tab.sheet.edit(marked, None, [tab.sheet, tab.kept], **page.direct)
    tab.sheet.expand(compared, None, [tab.sheet], **page.direct)
    opened.select(listed, None, [tab.kept], **page.direct)
    page.on_open(_empty_sheet, tab.sheet)
