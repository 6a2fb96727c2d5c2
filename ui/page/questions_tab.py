"""待解问题, the owner's desk: what could not be answered, gathered by meaning, and the answer that is found from then on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.desk import Desk
from ingest.faq import Faq
from kb.errors import EntryInvalid, ShouceError
from kb.records import Place
from ui.answering import answer_topic, draft_topic
from ui.page import render, topics
from ui.page.visitor import owner_of, words_of

if TYPE_CHECKING:
    from kb.records.shapes import EntryKind
    from ui.page.frame import Page
    from ui.page.visitor import Visitor

KINDS: tuple[EntryKind, EntryKind] = ("answer", "clause")


@dataclass(frozen=True, slots=True)
class QuestionsTab:
    """What the page's start fills, and the fields in which an answer is written."""

    gate: gr.HTML
    inside: gr.Column
    listed: gr.HTML
    entries: gr.HTML
    state: gr.Radio
    search: gr.Textbox
    topic: gr.State
    detail: gr.HTML
    form: gr.Column
    question: gr.Textbox
    answer: gr.Textbox
    kind: gr.Radio
    place: gr.Dropdown
    told: gr.HTML


def build(page: Page) -> QuestionsTab:
    """Draw the tab and connect what happens inside it."""
    text = page.text
    with gr.Column(elem_classes="sheet-page"):
        locked = gr.HTML(elem_classes="own", js_on_load="shouce.who(element)", apply_default_css=False)
        with gr.Column(visible=False) as inside:
            with gr.Row(elem_classes="two"):
                with gr.Column(min_width=280):
                    with gr.Row(elem_classes="filters"):
                        state = gr.Radio(
                            [
                                (text("desk.open"), "open"),
                                (text("desk.answered"), "answered"),
                                (text("desk.dismissed"), "dismissed"),
                            ],
                            value="open",
                            show_label=False,
                            container=False,
                            elem_id="desk-state",
                        )
                        search = gr.Textbox(
                            placeholder=text("desk.search"),
                            show_label=False,
                            container=False,
                            elem_id="desk-search",
                            max_length=100,
                        )
                    listed = gr.HTML(
                        elem_id="topics",
                        elem_classes="own",
                        js_on_load="shouce.list(element, trigger)",
                        apply_default_css=False,
                    )
                with gr.Column(min_width=280, elem_id="desk-detail"):
                    topic = gr.State(0)
                    told = gr.HTML(elem_id="desk-told", elem_classes="own", js_on_load=None, apply_default_css=False)
                    detail = gr.HTML(
                        elem_classes="own", js_on_load="shouce.list(element, trigger)", apply_default_css=False
                    )
                    with gr.Column(visible=False, elem_classes="form") as form:
                        question = gr.Textbox(label=text("desk.question"), elem_id="desk-question", max_length=300)
                        answer = gr.Textbox(
                            label=text("desk.answer"),
                            placeholder=text("desk.answer_hint"),
                            lines=6,
                            elem_id="desk-answer",
                            max_length=8000,
                        )
                        kind = gr.Radio(
                            [(text("desk.as_answer"), "answer"), (text("desk.as_clause"), "clause")],
                            value="answer",
                            label=text("desk.kind"),
                            elem_id="desk-kind",
                        )
                        place = gr.Dropdown([], label=text("desk.place"), visible=False, elem_id="desk-place")
                        with gr.Row(elem_classes="foot"):
                            publish = gr.Button(
                                text("desk.publish"), variant="primary", size="sm", elem_id="desk-publish", scale=0
                            )
                            draft = gr.Button(text("desk.draft"), size="sm", scale=0)
                            dismiss = gr.Button(text("desk.dismiss"), size="sm", scale=0)
                            reopen = gr.Button(text("desk.reopen"), size="sm", scale=0)
            entries = gr.HTML(
                elem_id="entries",
                elem_classes="own",
                js_on_load="shouce.list(element, trigger)",
                apply_default_css=False,
            )
    tab = QuestionsTab(
        locked, inside, listed, entries, state, search, topic, detail, form, question, answer, kind, place, told
    )
    _connect_list(page, tab, dismiss, reopen)
    _connect_answer(page, tab, publish, draft)
    _connect_state(page, tab, dismiss, reopen)
    _connect_entries(page, tab)
    return tab


def _author(visitor: Visitor) -> str:
    return visitor.name or "负责人"


def _connect_list(page: Page, tab: QuestionsTab, dismiss: gr.Button, reopen: gr.Button) -> None:
    session = page.session

    def listed(state: str, wanted: str, request: gr.Request) -> tuple[str, str]:
        words = words_of(request)
        try:
            owner_of(session, request)
            return topics.list_html(session, state, wanted, words), topics.entries_html(session, words)
        except ShouceError as error:
            return render.notice(str(error)), ""

    def opened(request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        words = words_of(request)
        try:
            owner_of(session, request)
            topic = Desk(session.knowledge).topic(int((event._data or {}).get("id") or 0))
        except ShouceError as error:
            return (
                0,
                render.notice(str(error)),
                gr.Column(visible=False),
                "",
                "",
                "answer",
                gr.skip(),
                "",
                gr.skip(),
                gr.skip(),
            )
        written = next((one for one in Faq(session.knowledge).entries() if one.number == topic.entry), None)
        return (
            topic.id,
            topics.topic_html(session, topic, words),
            gr.Column(visible=True),
            written.question if written else topic.title,
            written.answer if written else "",
            written.kind if written else "answer",
            gr.Dropdown(topics.places(session, topic), value=None, visible=bool(written and written.kind == "clause")),
            "",
            gr.Button(visible=topic.state == "open"),
            gr.Button(visible=topic.state != "open"),
        )

    def split(state: str, wanted: str, request: gr.Request, event: gr.EventData) -> tuple[str, str]:
        words = words_of(request)
        try:
            owner_of(session, request)
            desk, given = Desk(session.knowledge), event._data or {}
            act, key = str(given.get("act")), int(given.get("id") or 0)
            topic = int(given.get("topic") or 0)
            if act == "expand":
                desk.split(key)
            else:
                desk.forget(key)
            return topics.topic_html(session, desk.topic(topic), words), topics.list_html(session, state, wanted, words)
        except ShouceError as error:
            return render.notice(str(error)), gr.skip()

    def merged(state: str, wanted: str, request: gr.Request, event: gr.EventData) -> tuple[Any, Any, Any, Any]:
        words, given = words_of(request), event._data or {}
        try:
            owner_of(session, request)
            into = int(given.get("into") or 0)
            Desk(session.knowledge).merge(int(given.get("topic") or 0), into)
            topic = Desk(session.knowledge).topic(into)
        except ShouceError as error:
            return gr.skip(), render.notice(str(error)), gr.skip(), gr.skip()
        listed = topics.list_html(session, state, wanted, words)
        return topic.id, topics.topic_html(session, topic, words), topic.title, listed

    shown = [tab.topic, tab.detail, tab.question, tab.listed]
    tab.detail.apply(merged, [tab.state, tab.search], shown, **page.direct)
    fields = [tab.topic, tab.detail, tab.form, tab.question, tab.answer, tab.kind, tab.place, tab.told, dismiss, reopen]
    tab.state.change(listed, [tab.state, tab.search], [tab.listed, tab.entries], **page.direct)
    tab.search.change(listed, [tab.state, tab.search], [tab.listed, tab.entries], **page.direct)
    tab.listed.select(opened, None, fields, **page.direct)
    tab.detail.expand(split, [tab.state, tab.search], [tab.detail, tab.listed], **page.direct)
    tab.detail.delete(split, [tab.state, tab.search], [tab.detail, tab.listed], **page.direct)
    tab.kind.change(lambda kind: gr.Dropdown(visible=kind == "clause"), [tab.kind], [tab.place], **page.direct)


def _connect_answer(page: Page, tab: QuestionsTab, publish: gr.Button, draft: gr.Button) -> None:
    session = page.session

    def writing(write: Callable[..., Any], said: str, *, closes: bool) -> Callable[..., tuple[Any, ...]]:
        def written(
            topic: int, question: str, answer: str, kind: str, place: str | None, state: str, request: gr.Request
        ) -> tuple[Any, ...]:
            words = words_of(request)
            try:
                owner = owner_of(session, request)
                if not answer.strip():
                    raise EntryInvalid("请先写下答案")
                document, _, section = (place or "").partition("\n")
                where = Place(document, section) if kind == "clause" and document else None
                chosen = KINDS[1] if kind == "clause" else KINDS[0]
                author = _author(owner)
                write(session, topic, question=question, answer=answer, author=author, kind=chosen, place=where)
            except ShouceError as error:
                return render.notice(str(error)), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            listed = topics.list_html(session, state, "", words)
            entries = topics.entries_html(session, words)
            empty = topics.choose_html(words) if closes else gr.skip()
            return render.notice(words(said), "done"), listed, entries, empty, gr.Column(visible=not closes)

        return written

    fields = [tab.topic, tab.question, tab.answer, tab.kind, tab.place, tab.state]
    shown = [tab.told, tab.listed, tab.entries, tab.detail, tab.form]
    publish.click(writing(answer_topic, "desk.published", closes=True), fields, shown, **page.streaming)
    draft.click(writing(draft_topic, "desk.drafted", closes=False), fields, shown, **page.direct)


def _connect_state(page: Page, tab: QuestionsTab, dismiss: gr.Button, reopen: gr.Button) -> None:
    session = page.session

    def changing(change: Callable[[Desk, int, str], None], said: str) -> Callable[..., tuple[Any, ...]]:
        def changed(topic: int, state: str, wanted: str, request: gr.Request) -> tuple[Any, ...]:
            words = words_of(request)
            try:
                change(Desk(session.knowledge), topic, _author(owner_of(session, request)))
            except ShouceError as error:
                return render.notice(str(error)), gr.skip(), gr.skip(), gr.skip()
            listed = topics.list_html(session, state, wanted, words)
            return render.notice(words(said), "done"), listed, topics.choose_html(words), gr.Column(visible=False)

        return changed

    shown = [tab.told, tab.listed, tab.detail, tab.form]
    given = [tab.topic, tab.state, tab.search]
    dismissed = changing(lambda desk, topic, by: desk.dismiss(topic, by=by), "desk.was_dismissed")
    reopened = changing(lambda desk, topic, by: desk.reopen(topic, by=by), "desk.was_reopened")
    dismiss.click(dismissed, given, shown, **page.direct)
    reopen.click(reopened, given, shown, **page.direct)


def _connect_entries(page: Page, tab: QuestionsTab) -> None:
    session = page.session

    def changing(change: Callable[[Faq, int, str], Any], said: str) -> Callable[..., tuple[Any, ...]]:
        def changed(state: str, wanted: str, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
            words = words_of(request)
            try:
                owner = owner_of(session, request)
                change(Faq(session.knowledge), int((event._data or {}).get("id") or 0), _author(owner))
            except ShouceError as error:
                return gr.skip(), render.notice(str(error)), gr.skip()
            listed = topics.list_html(session, state, wanted, words)
            return topics.entries_html(session, words), render.notice(words(said), "done"), listed

        return changed

    shown = [tab.entries, tab.told, tab.listed]
    given = [tab.state, tab.search]
    removed = changing(lambda faq, number, by: faq.remove(number, by=by), "desk.entry_removed")
    approved = changing(lambda faq, number, by: faq.approve(number, by=by), "desk.published")
    back = changing(lambda faq, number, by: faq.bring_back(number, by=by), "desk.published")
    tab.entries.delete(removed, given, shown, **page.streaming)
    tab.entries.apply(approved, given, shown, **page.streaming)
    tab.entries.undo(back, given, shown, **page.streaming)
