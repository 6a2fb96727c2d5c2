"""The page as a whole: the bar with the name, the tabs in their order, and what happens when it is opened.

Knows the tabs and what they share (``Page``). Each tab is a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from kb.errors import ShouceError
from ui.page import ask_tab, lens, reader, talks, turns
from ui.page.ask_tab import AskTab
from ui.page.bar import bar_html
from ui.page.turns import Talk
from ui.page.visitor import visitor_of, words_of

if TYPE_CHECKING:
    from ui.session import Session

# An event that is worked off in its own request at once, and one that streams through the queue without being limited.
_DIRECT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
_STREAMING: dict[str, Any] = {"concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class Page:
    """What every tab needs: the session, the translated texts, and how its events are to be run."""

    session: Session
    text: Callable[[str], Any]

    @property
    def direct(self) -> dict[str, Any]:
        """The arguments of an event that answers at once."""
        return _DIRECT

    @property
    def streaming(self) -> dict[str, Any]:
        """The arguments of an event that shows its result piece by piece."""
        return _STREAMING


def build(session: Session, text: Callable[[str], Any]) -> gr.Blocks:
    """Return the page of ``session``; nothing is started. ``text`` translates a key in the browser."""
    page = Page(session, text)
    blocks: gr.Blocks
    with gr.Blocks(title="手册助手", analytics_enabled=False, fill_width=True, fill_height=True) as blocks:
        bar = gr.HTML(elem_id="bar", js_on_load="shouce.who(element)", apply_default_css=False)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(text("tab.ask"), id="ask"):
                ask = ask_tab.build(page)
        _connect_opening(page, blocks, bar, ask)
    return blocks


def _connect_opening(page: Page, blocks: gr.Blocks, bar: gr.HTML, ask: AskTab) -> None:
    session = page.session

    def opened(role: str, request: gr.Request) -> tuple[Any, ...]:
        words, visitor = words_of(request), visitor_of(session, request)
        documents = [(words("ask.all_documents"), ""), *((one.title, one.id) for one in session.knowledge.documents())]
        return (
            bar_html(visitor, words),
            turns.welcome_html(session, role, words),
            "",
            Talk(),
            talks.list_html(session, visitor, words),
            _linked(page, request),
            gr.Dropdown(documents, value=""),
            gr.Dropdown([(words("ask.all_chapters"), "")], value=""),
            gr.Dropdown(lens.choices(words), value=role),
        )

    def narrowed(document: str, request: gr.Request) -> gr.Dropdown:
        words = words_of(request)
        chapters = [(words("ask.all_chapters"), "")]
        if document:
            tops = [one for one in session.knowledge.sections(document) if not one.parent]
            chapters += [(one.heading, one.number) for one in tops]
        return gr.Dropdown(chapters, value="")

    def looked_through(role: str, talk: Talk, request: gr.Request) -> Any:  # noqa: ANN401
        return gr.skip() if talk.turns else turns.welcome_html(session, role, words_of(request))

    shown = [bar, ask.history, ask.live, ask.talk, ask.talks, ask.reader, ask.document, ask.chapter, ask.role]
    blocks.load(opened, [ask.role], shown, **page.direct)
    ask.document.change(narrowed, [ask.document], [ask.chapter], **page.direct)
    ask.role.change(looked_through, [ask.role, ask.talk], [ask.history], **page.direct)


def _linked(page: Page, request: gr.Request) -> str:
    """Return the reader as the page's address asks for it: ``/?doc=…&clause=5.5-2`` opens that clause."""
    words = words_of(request)
    wanted = {key: str(value) for key, value in dict(request.query_params).items()}
    if not wanted.get("doc"):
        return reader.empty_html(words)
    knowledge = page.session.knowledge
    try:
        if wanted.get("clause"):
            document, section, clause = reader.locate(knowledge, wanted["doc"], wanted["clause"])
        else:
            document = knowledge.find_document(wanted["doc"]).id
            section, clause = reader.first_section(knowledge, document), ""
        return reader.section_html(knowledge, document, section, clause=clause, words=words, shared=True)
    except ShouceError as error:
        return reader.empty_html(words, problem=str(error))
