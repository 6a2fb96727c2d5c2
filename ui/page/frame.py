"""The page as a whole: the bar with the name, the tabs in their order, and what happens when it is opened.

Knows the tabs and what they share (``Page``). Each tab is a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.plan.tracking import cited_by
from kb.errors import ShouceError
from ui.api.running import Runner
from ui.page import (
    ask_tab,
    board_tab,
    checklist_tab,
    documents,
    gate,
    knowledge_tab,
    lens,
    manual_tab,
    plan_tab,
    questions_tab,
    quiz_tab,
    reader,
    render,
    talks,
    topics,
    turns,
)
from ui.page.ask_tab import AskTab
from ui.page.bar import bar_html
from ui.page.checklist_tab import ChecklistTab
from ui.page.knowledge_tab import KnowledgeTab
from ui.page.manual_tab import ManualTab
from ui.page.plan_tab import PlanTab
from ui.page.questions_tab import QuestionsTab
from ui.page.quiz_tab import QuizTab
from ui.page.turns import Talk
from ui.page.visitor import visitor_of, words_of

if TYPE_CHECKING:
    from ui.session import Session

# An event that is worked off in its own request at once, and one that streams through the queue without being limited.
_DIRECT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
_STREAMING: dict[str, Any] = {"concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private"}
_TABS = frozenset({"ask", "manual", "quiz", "checklist", "plan", "knowledge", "questions", "board"})
Opening = Callable[[gr.Request], Any]


@dataclass(frozen=True, slots=True)
class Page:
    """What every tab needs: the session, the translated texts, and how its events are to be run."""

    session: Session
    text: Callable[[str], Any]
    runner: Runner
    openings: list[tuple[Opening, Any]] = field(default_factory=list)

    @property
    def direct(self) -> dict[str, Any]:
        """The arguments of an event that answers at once."""
        return _DIRECT

    @property
    def streaming(self) -> dict[str, Any]:
        """The arguments of an event that shows its result piece by piece."""
        return _STREAMING

    def on_open(self, fill: Opening, component: Any) -> None:  # noqa: ANN401
        """Have ``component`` filled by ``fill`` whenever somebody opens the page."""
        self.openings.append((fill, component))


def build(session: Session, text: Callable[[str], Any]) -> gr.Blocks:
    """Return the page of ``session``; nothing is started. ``text`` translates a key in the browser."""
    page = Page(session, text, Runner(session))
    blocks: gr.Blocks
    with gr.Blocks(title="手册助手", analytics_enabled=False, fill_width=True, fill_height=True) as blocks:
        bar = gr.HTML(elem_id="bar", js_on_load="shouce.who(element, trigger)", apply_default_css=False)
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab(text("tab.ask"), id="ask") as asking:
                ask = ask_tab.build(page)
            with gr.Tab(text("tab.manual"), id="manual") as reading:
                manual = manual_tab.build(page)
            with gr.Tab(text("tab.quiz"), id="quiz") as opened:
                quiz = quiz_tab.build(page, opened)
            with gr.Tab(text("tab.checklist"), id="checklist") as opened:
                checklist = checklist_tab.build(page, opened)
            with gr.Tab(text("tab.plan"), id="plan") as opened:
                plan = plan_tab.build(page, opened)
            with gr.Tab(text("tab.knowledge"), id="knowledge") as opened:
                knowledge = knowledge_tab.build(page)
                _open_owners(page, opened, knowledge)
            with gr.Tab(text("tab.questions"), id="questions") as opened:
                questions = questions_tab.build(page)
                _open_desk(page, opened, questions)
            with gr.Tab(text("tab.board"), id="board") as opened:
                board = board_tab.build(page, opened)
        _connect_opening(page, blocks, bar, ask, manual)
        _connect_reading(page, tabs, ask, manual, board.shown)
        _connect_documents(page, asking, reading, ask, manual)
        _connect_checks(page, tabs, bar, checklist, plan)
        _connect_links(page, blocks, tabs, quiz, checklist)
        _connect_plans(page, tabs, plan, quiz, checklist)
        _fill_on_opening(page, blocks)
    return blocks


def _fill_on_opening(page: Page, blocks: gr.Blocks) -> None:
    """Fill all that asked for it in one event: every event costs the browser a request of its own."""
    fills = [fill for fill, _ in page.openings]

    def filled(request: gr.Request) -> list[Any]:
        return [fill(request) for fill in fills]

    blocks.load(filled, None, [component for _, component in page.openings], **page.direct)


def _connect_opening(page: Page, blocks: gr.Blocks, bar: gr.HTML, ask: AskTab, manual: ManualTab) -> None:
    session = page.session

    def opened(role: str, request: gr.Request) -> tuple[Any, ...]:
        words, visitor = words_of(request), visitor_of(session, request)
        known = [(one.title, one.id) for one in session.knowledge.documents()]
        first = manual_tab.main_document(session)
        tree, section = manual_tab.document_html(session, first, "", words)
        return (
            bar_html(visitor, words, due=checklist_tab.due_count(session)),
            turns.welcome_html(session, role, words),
            "",
            Talk(),
            talks.list_html(session, visitor, words),
            _linked(page, request),
            gr.Dropdown([(words("ask.all_documents"), ""), *known], value=""),
            gr.Dropdown([(words("ask.all_chapters"), "")], value=""),
            gr.Dropdown(lens.choices(words), value=role),
            gr.Dropdown(known, value=first or None),
            tree,
            section,
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

    asking = [ask.history, ask.live, ask.talk, ask.talks, ask.reader, ask.document, ask.chapter, ask.role]
    shown = [bar, *asking, manual.document, manual.tree, manual.shown]
    blocks.load(opened, [ask.role], shown, **page.direct)
    ask.document.input(narrowed, [ask.document], [ask.chapter], **page.direct)
    ask.role.input(looked_through, [ask.role, ask.talk], [ask.history], **page.direct)


def _connect_documents(page: Page, asking: gr.Tab, reading: gr.Tab, ask: AskTab, manual: ManualTab) -> None:
    """Offer the documents that are there now whenever a tab is opened: one may have come or gone meanwhile."""
    session = page.session

    def known(chosen: str | None, extra: list[tuple[str, str]], otherwise: str | None) -> gr.Dropdown:
        choices = [*extra, *((one.title, one.id) for one in session.knowledge.documents())]
        there = chosen in {key for _, key in choices}
        return gr.Dropdown(choices, value=chosen if there else otherwise)

    def for_asking(chosen: str | None, request: gr.Request) -> gr.Dropdown:
        return known(chosen, [(words_of(request)("ask.all_documents"), "")], "")

    def for_reading(chosen: str | None, request: gr.Request) -> tuple[Any, Any, Any]:
        first = manual_tab.main_document(session)
        field = known(chosen, [], first or None)
        if chosen and chosen in session.titles:
            return field, gr.skip(), gr.skip()
        return field, *manual_tab.document_html(session, first, "", words_of(request))

    asking.select(for_asking, [ask.document], [ask.document], **page.direct)
    reading.select(for_reading, [manual.document], [manual.document, manual.tree, manual.shown], **page.direct)


def _connect_reading(page: Page, tabs: gr.Tabs, ask: AskTab, manual: ManualTab, board: gr.HTML) -> None:
    """Lead from the reader beside the chat, and from the board, to a section in its document's tree."""
    session = page.session

    def turned_to(request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        words, place = words_of(request), event._data or {}
        document, section = str(place.get("document") or ""), str(place.get("section") or "")
        tree, html = manual_tab.document_html(session, document, section, words)
        if tree and (clause := str(place.get("clause") or "")):
            html = reader.section_html(session.knowledge, document, section, words=words, clause=clause)
        return gr.Tabs(selected="manual"), gr.Dropdown(value=document), tree, html

    shown = [tabs, manual.document, manual.tree, manual.shown]
    ask.reader.select(turned_to, None, shown, **page.direct)
    board.select(turned_to, None, shown, **page.direct)


def _connect_links(page: Page, blocks: gr.Blocks, tabs: gr.Tabs, quiz: QuizTab, checklist: ChecklistTab) -> None:
    """Open what the page's address names: ``/?paper=…`` a paper, ``/?run=…`` a run of a checklist, ``/?tab=…`` a tab."""
    session = page.session

    def linked(request: gr.Request) -> tuple[Any, ...]:
        words = words_of(request)
        wanted = {key: str(value) for key, value in dict(request.query_params).items()}
        paper, run = quiz_tab.html(words), checklist_tab.html(words)
        tab: Any = gr.skip()
        lists: Any = gr.skip()
        try:
            if wanted.get("tab") in _TABS:
                tab = gr.Tabs(selected=wanted["tab"])
            if wanted.get("paper"):
                tab, paper = gr.Tabs(selected="quiz"), quiz_tab.linked_html(session, wanted["paper"], request)
            elif wanted.get("run"):
                tab, run = gr.Tabs(selected="checklist"), checklist_tab.opened_html(session, wanted["run"], words)
                lists = checklist_tab.lists_html(session, visitor_of(session, request), words)
        except ShouceError as error:
            told = render.notice(str(error))
            paper, run = told + paper, told + run
            tab = gr.Tabs(selected="quiz" if wanted.get("paper") else "checklist")
        return tab, paper, run, lists

    blocks.load(linked, None, [tabs, quiz.sheet, checklist.sheet, checklist.lists], **page.direct)


def _connect_checks(page: Page, tabs: gr.Tabs, bar: gr.HTML, checklist: ChecklistTab, plan: PlanTab) -> None:
    """Lead from the bar to what is due, and from what failed in a run to a plan."""
    session = page.session

    def turned_to(event: gr.EventData) -> Any:  # noqa: ANN401
        return gr.Tabs(selected=str((event._data or {}).get("tab") or "ask"))

    def planned(event: gr.EventData) -> tuple[Any, Any]:
        problem = checklist_tab.problem_of(session, event)
        return (gr.Tabs(selected="plan"), problem) if problem else (gr.skip(), gr.skip())

    bar.select(turned_to, None, [tabs], **page.direct)
    checklist.sheet.select(planned, None, [tabs, plan.asked], **page.direct)


def _connect_plans(page: Page, tabs: gr.Tabs, plan: PlanTab, quiz: QuizTab, checklist: ChecklistTab) -> None:
    """Lead from a kept plan to a quiz, and to a checklist, of the clauses it cites."""
    session = page.session

    def led(request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        given = event._data or {}
        mode, key = str(given.get("mode") or ""), str(given.get("id") or "")
        if mode not in {"quiz", "checklist"}:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        try:
            kept = session.knowledge.records.plans.plan(key)
            clauses = tuple(cited_by(kept.plan, str(given.get("action") or "")))
            if mode == "quiz":
                paper, mine = quiz_tab.on_clauses(session, clauses, f"{kept.title}：测验", request)
                return gr.Tabs(selected="quiz"), paper, mine, gr.skip()
            shown = checklist_tab.on_clauses(session, clauses, visitor_of(session, request), words_of(request))
            return gr.Tabs(selected="checklist"), gr.skip(), gr.skip(), shown
        except ShouceError as error:
            gr.Warning(str(error))
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()

    plan.sheet.select(led, None, [tabs, quiz.sheet, quiz.mine, checklist.sheet], **page.direct)


def _open_owners(page: Page, tab: gr.Tab, knowledge: KnowledgeTab) -> None:
    session = page.session

    def opened(request: gr.Request) -> tuple[Any, ...]:
        words, visitor = words_of(request), visitor_of(session, request)
        if not visitor.owner:
            return gate.gate_html(session, visitor, words, tab="knowledge"), gr.Column(visible=False), "", ""
        inside = gr.Column(visible=True)
        return "", inside, documents.list_html(session, words), gate.password_html(session, words)

    shown = [knowledge.gate, knowledge.inside, knowledge.listed, knowledge.password]
    tab.select(opened, None, shown, **page.direct)


def _open_desk(page: Page, tab: gr.Tab, desk: QuestionsTab) -> None:
    session = page.session

    def opened(state: str, wanted: str, topic: int, request: gr.Request) -> tuple[Any, ...]:
        words, visitor = words_of(request), visitor_of(session, request)
        if not visitor.owner:
            return gate.gate_html(session, visitor, words, tab="questions"), gr.Column(visible=False), "", "", ""
        listed = topics.list_html(session, state, wanted, words)
        detail = gr.skip() if topic else topics.choose_html(words)
        return "", gr.Column(visible=True), listed, topics.entries_html(session, words), detail

    given = [desk.state, desk.search, desk.topic]
    shown = [desk.gate, desk.inside, desk.listed, desk.entries, desk.detail]
    tab.select(opened, given, shown, **page.direct)


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
