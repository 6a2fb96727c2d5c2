"""问答: the conversation, what narrows it, and the reader beside it.

Draws components and says which event leads where; what is answered is the session's business, how it looks is
``render``'s. ``#chat`` holds two pieces: what was said before, sent once a question, and the turn at hand, streamed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from kb.errors import NothingIndexed, NotThere, ShouceError
from kb.search import Filter
from ui.page import lens, reader, render, talks, turns
from ui.page.turns import Talk
from ui.page.visitor import Visitor, visitor_of, words_of

if TYPE_CHECKING:
    from kb.records.shapes import Verdict
    from ui.page.frame import Page


@dataclass(frozen=True, slots=True)
class AskTab:
    """The components that other tabs and the page's start need."""

    talk: gr.State
    history: gr.HTML
    live: gr.HTML
    question: gr.Textbox
    reader: gr.HTML
    document: gr.Dropdown
    chapter: gr.Dropdown
    role: gr.Dropdown
    talks: gr.HTML


def build(page: Page) -> AskTab:
    """Draw the tab and connect what happens inside it."""
    text = page.text
    talk = gr.State(Talk())
    with gr.Row(elem_id="ask-layout", equal_height=False):
        with gr.Column(elem_id="talks", min_width=0):
            new = gr.Button(text("talk.new"), elem_id="talk-new", size="sm")
            search = gr.Textbox(
                placeholder=text("talk.search"), show_label=False, container=False, elem_id="talk-search", max_length=60
            )
            listed = gr.HTML(elem_id="talk-listed", js_on_load="shouce.list(element, trigger)", apply_default_css=False)
        with gr.Column(elem_id="chat-side", min_width=0):
            with gr.Column(elem_id="chat", min_width=0):
                history = gr.HTML(js_on_load=None, apply_default_css=False)
                live = gr.HTML(js_on_load="shouce.chat(element, trigger, watch)", apply_default_css=False)
            with gr.Column(elem_id="composer", min_width=0):
                question = gr.Textbox(
                    placeholder=text("ask.placeholder"),
                    label=text("ask.label"),
                    show_label=False,
                    container=False,
                    lines=1,
                    max_lines=5,
                    max_length=2000,
                    autofocus=True,
                    elem_id="ask-input",
                )
                with gr.Row(elem_id="composer-row"):
                    document = gr.Dropdown(
                        [],
                        label=text("ask.document"),
                        show_label=False,
                        container=False,
                        elem_id="ask-document",
                        min_width=80,
                    )
                    chapter = gr.Dropdown(
                        [],
                        label=text("ask.chapter"),
                        show_label=False,
                        container=False,
                        elem_id="ask-chapter",
                        min_width=80,
                    )
                    role = gr.Dropdown(
                        list(lens.ROLES),
                        value=lens.ROLES[0],
                        label=text("ask.role"),
                        show_label=False,
                        container=False,
                        filterable=False,
                        elem_id="ask-role",
                        min_width=70,
                    )
                    send = gr.Button(text("ask.send"), variant="primary", elem_id="ask-send", min_width=72)
        with gr.Column(elem_id="reader-side", min_width=0, elem_classes="reader-scroll"):
            shown = gr.HTML(
                elem_id="reader",
                elem_classes="reader-panel",
                js_on_load="shouce.reader(element, trigger, watch)",
                apply_default_css=False,
            )
    tab = AskTab(talk, history, live, question, shown, document, chapter, role, listed)
    _connect_asking(page, tab, send)
    talks.connect(page, tab, new, search)
    _connect_reader(page, tab)
    _connect_feedback(page, tab)
    return tab


def _filter(document: str | None, chapter: str | None) -> Filter | None:
    if not document and not chapter:
        return None
    return Filter(frozenset(filter(None, [document])), frozenset(filter(None, [chapter])))


def _connect_asking(page: Page, tab: AskTab, send: gr.Button) -> None:
    outputs = [tab.question, tab.history, tab.live, tab.talk, tab.talks]

    async def asked(
        question: str, talk: Talk, document: str | None, chapter: str | None, role: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        words = words_of(request)
        question = (question or "").strip()
        if not question:
            gr.Info(words("ask.empty"), duration=3)
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        yield "", turns.history_html(page.session, talk, words), turns.waiting_html(question, words), talk, gr.skip()
        visitor = visitor_of(page.session, request)
        try:
            conversation = await asyncio.to_thread(_conversation, page, talk, visitor)
            chosen = _filter(document, chapter)
            pieces = turns.pieces(page.session, page.runner, question, conversation, chosen, words, role)
            async for html, turn in pieces:
                after = Talk(conversation, (*talk.turns, turn)) if turn else talk
                listed: Any = gr.skip()
                if turn and not talk.conversation:
                    listed = talks.list_html(page.session, visitor, words, current=conversation)
                yield gr.skip(), gr.skip(), html, after, listed
        except ShouceError as error:
            why = words("ask.nothing_yet") if isinstance(error, NothingIndexed) else str(error)
            yield gr.skip(), gr.skip(), turns.failed_html(question, why), talk, gr.skip()

    async def followed(
        talk: Talk, document: str | None, chapter: str | None, role: str, request: gr.Request, event: gr.EventData
    ) -> AsyncIterator[tuple[Any, ...]]:
        question = str((event._data or {}).get("question", ""))[:2000]
        async for step in asked(question, talk, document, chapter, role, request):
            yield gr.skip(), *step[1:]

    narrowed = [tab.talk, tab.document, tab.chapter, tab.role]
    for event in (send.click, tab.question.submit):
        event(asked, [tab.question, *narrowed], outputs, **page.streaming)
    tab.live.submit(followed, narrowed, outputs, **page.streaming)


def _conversation(page: Page, talk: Talk, visitor: Visitor) -> str:
    """Return the id of the open conversation if it is the visitor's, else of a new one."""
    conversations = page.session.knowledge.records.conversations
    if talk.conversation:
        try:
            conversations.get(talk.conversation, person=visitor.person)
        except NotThere:
            pass
        else:
            return talk.conversation
    return conversations.new(visitor.person)


def _connect_reader(page: Page, tab: AskTab) -> None:
    def opened(request: gr.Request, event: gr.EventData) -> str:
        words, place = words_of(request), event._data or {}
        document, section, clause = (str(place.get(name) or "") for name in ("document", "section", "clause"))
        try:
            return reader.section_html(page.session.knowledge, document, section, clause=clause, words=words)
        except ShouceError as error:
            return render.notice(str(error))

    tab.live.click(opened, None, [tab.reader], **page.direct)
    tab.reader.click(opened, None, [tab.reader], **page.direct)


def _connect_feedback(page: Page, tab: AskTab) -> None:
    records = page.session.knowledge.records

    def judged(request: gr.Request, event: gr.EventData) -> None:
        given = event._data or {}
        try:
            turn, visitor = _own_turn(page, given, request)
            verdict: Verdict = "up" if given.get("liked") else "down"
            records.feedback.give(turn, verdict, person=visitor.person, reason=str(given.get("reason") or "")[:500])
        except ShouceError as error:
            gr.Warning(str(error))

    def handed_over(request: gr.Request, event: gr.EventData) -> None:
        try:
            turn, visitor = _own_turn(page, event._data or {}, request)
            name = visitor.name or words_of(request)("who.guest")
            records.questions.submit(turn, person=visitor.person, comment=f"{name} 提交")
        except ShouceError as error:
            gr.Warning(str(error))

    tab.live.like(judged, None, None, **page.direct)
    tab.live.input(handed_over, None, None, **page.direct)


def _own_turn(page: Page, given: dict[str, Any], request: gr.Request) -> tuple[int, Visitor]:
    """Return the number of a turn that the page names, which has to be one of the visitor's own.

    Raises:
        NotThere: it is not.
    """
    visitor = visitor_of(page.session, request)
    number = str(given.get("turn", ""))
    if not number.isdigit():
        raise NotThere("这条回答没有存下来，无法评价")
    conversation, turn = page.session.knowledge.records.conversations.turn(int(number))
    page.session.knowledge.records.conversations.get(conversation, person=visitor.person)
    return turn.id, visitor
