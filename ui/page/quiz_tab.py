"""测验: make a paper, take it whole or one by one, see what was right and why, practise what was not; figures for the owner.

Knows components and events. What they show is drawn by ``quiz_html``; the browser's part is ``quiz.js``.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.quiz.attempts import Attempts, Result
from assistant.quiz.model import QUESTION_TYPES, Paper
from kb.errors import NothingToAsk, ShouceError
from ui.page import bank_html, bank_panel, gate, quiz_html, render
from ui.page.empty import coming_html
from ui.page.visitor import trainer_of, visitor_of, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.quiz.make import Order, QuizMaker
    from ui.page.frame import Page
    from ui.page.texts import Words
    from ui.session import Session

_HERE = Path(__file__).parent
MOST_ITEMS = 50
PRACTICE = 10


@dataclass(frozen=True, slots=True)
class _Fields:
    """What a paper is asked for with."""

    topic: gr.Textbox
    document: gr.Dropdown
    section: gr.Textbox
    count: gr.Slider
    types: gr.CheckboxGroup
    minutes: gr.Number

    @property
    def all(self) -> list[Any]:
        """The components in the order the handler takes them."""
        return [self.topic, self.document, self.section, self.count, self.types, self.minutes]


@dataclass(frozen=True, slots=True)
class QuizTab:
    """What the page's start fills by ``html``, and what a person has open and handed in."""

    sheet: gr.HTML
    mine: gr.HTML


def build(page: Page, opened: gr.Tab) -> QuizTab:
    """Draw the tab and connect it."""
    text = page.text
    with gr.Column(elem_classes="sheet-page"), gr.Row(elem_classes="two drafting"):
        with gr.Column(min_width=260, scale=1):
            fields = _draw_fields(text)
            make = gr.Button(text("quiz.make"), variant="primary", elem_id="quiz-make")
            with gr.Row(elem_classes="foot"):
                format_ = gr.Dropdown(
                    ["docx", "xlsx", "md", "gift", "moodle", "qti", "anki", "wecom", "json"],
                    value="docx",
                    show_label=False,
                    container=False,
                    elem_id="quiz-format",
                )
                export = gr.Button(text("quiz.export"), size="sm", elem_id="quiz-export")
            file = gr.File(visible=False, elem_id="quiz-file", interactive=False)
            mine = gr.HTML(
                elem_id="quiz-mine",
                elem_classes="own",
                js_on_load="shouce.list(element, trigger)",
                apply_default_css=False,
            )
            mistakes = gr.Button(text("quiz.mistakes"), size="sm", elem_id="quiz-mistakes")
            bank = gr.Button(text("quiz.bank"), size="sm", elem_id="quiz-bank")
            figures = gr.Button(text("quiz.figures"), size="sm", elem_id="quiz-figures")
        with gr.Column(min_width=320, scale=3):
            sheet = gr.HTML(
                elem_id="quiz-sheet",
                elem_classes="own",
                js_on_load=(_HERE / "quiz.js").read_text(encoding="utf-8"),
                apply_default_css=False,
            )
    last = gr.State("")
    _connect_making(page, fields, make, sheet, mine, last)
    _connect_taking(page, sheet, mine)
    _connect_looking(page, sheet, (mistakes, bank, figures))
    export.click(_exported(page), [last, format_], [file, sheet], **page.direct)
    opened.select(_listed(page.session), None, [mine], **page.direct)
    page.on_open(_documents(page), fields.document)
    return QuizTab(sheet, mine)


def html(words: Words) -> str:
    """Return what stands in the sheet before there is a paper."""
    return coming_html("quiz")(words)


def _draw_fields(text: Callable[[str], Any]) -> _Fields:
    return _Fields(
        topic=gr.Textbox(
            label=text("quiz.topic"), placeholder=text("quiz.topic_hint"), max_length=200, elem_id="quiz-topic"
        ),
        document=gr.Dropdown([], label=text("quiz.document"), multiselect=True, elem_id="quiz-document"),
        section=gr.Textbox(label=text("quiz.section"), max_length=30, elem_id="quiz-section"),
        count=gr.Slider(5, MOST_ITEMS, value=10, step=1, label=text("quiz.count"), elem_id="quiz-count"),
        types=gr.CheckboxGroup(
            [(text(f"quiz.type.{kind}"), kind) for kind in QUESTION_TYPES],
            value=list(QUESTION_TYPES),
            label=text("quiz.types"),
        ),
        minutes=gr.Number(
            value=0, minimum=0, maximum=600, precision=0, label=text("quiz.minutes"), elem_id="quiz-minutes"
        ),
    )


def _maker(session: Session, *, topic: bool = False) -> QuizMaker:
    from assistant.quiz.make import QuizMaker

    return QuizMaker(session.knowledge, session.searcher if topic else None)


def _connect_making(
    page: Page, fields: _Fields, make: gr.Button, sheet: gr.HTML, mine: gr.HTML, last: gr.State
) -> None:
    session, listed = page.session, _listed(page.session)

    def made(
        topic: str,
        documents: list[str],
        section: str,
        count: float,
        types: list[str],
        minutes: float,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        words, visitor = words_of(request), visitor_of(session, request)
        try:
            order = _order(topic, documents, section, int(count), types)
            maker = _maker(session, topic=bool(topic.strip()))
            paper = session.in_model_words(maker.papers(order), maker).papers[0]
            attempts = Attempts(session.knowledge)
            key = attempts.offer(paper, minutes=int(minutes or 0), by=visitor.person)
            running = attempts.start(key, visitor.person)
        except ShouceError as error:
            return render.notice(str(error)), gr.skip(), gr.skip()
        shown = quiz_html.paper_html(running, words, paper=key, trainer=visitor.trainer)
        turned_down = bank_html.rejected_html(paper.rejected, words) if visitor.trainer else ""
        return shown + turned_down, listed(request), key

    make.click(made, fields.all, [sheet, mine, last], **page.direct)


def _order(topic: str, documents: list[str], section: str, count: int, types: list[str]) -> Order:
    from assistant.quiz.make import Order, Scope

    chosen = tuple(kind for kind in QUESTION_TYPES if kind in types) or QUESTION_TYPES
    scope = Scope(topic=topic, section=(section or "").strip(), documents=tuple(documents or ()))
    return Order(scope, count=min(count, MOST_ITEMS), types=chosen, seed=Random().randrange(1_000_000))


def on_clauses(
    session: Session, clauses: tuple[tuple[str, str], ...], title: str, request: gr.Request
) -> tuple[str, str]:
    """Return a paper on clauses, begun by the person who asks, and what they have open then.

    Raises:
        NothingToAsk: nothing can be asked about them.
    """
    from assistant.quiz.make import Order, Scope

    order = Order(Scope(clauses=clauses), count=PRACTICE, seed=Random().randrange(1_000_000), title=title)
    person, attempts = visitor_of(session, request).person, Attempts(session.knowledge)
    key = attempts.offer(_maker(session).papers(order)[0], by=person)
    shown = quiz_html.paper_html(attempts.start(key, person), words_of(request))
    return shown, _listed(session)(request)


def _connect_taking(page: Page, sheet: gr.HTML, mine: gr.HTML) -> None:
    session, listed = page.session, _listed(page.session)

    def kept(request: gr.Request, event: gr.EventData) -> None:
        given = event._data or {}
        try:
            person = visitor_of(session, request).person
            Attempts(session.knowledge).answer(str(given.get("attempt")), dict(given.get("responses") or {}), person)
        except ShouceError:
            return  # the paper was closed elsewhere, or the home cannot be written: handing in says so

    def handed_in(request: gr.Request, event: gr.EventData) -> tuple[Any, Any]:
        words, given = words_of(request), event._data or {}
        try:
            person, attempts = visitor_of(session, request).person, Attempts(session.knowledge)
            key = str(given.get("attempt"))
            attempts.answer(key, dict(given.get("responses") or {}), person)
            return _result(session, attempts.hand_in(key, person), words), listed(request)
        except ShouceError as error:
            return render.notice(str(error)), gr.skip()

    def opened(request: gr.Request, event: gr.EventData) -> tuple[Any, Any]:
        given = event._data or {}
        try:
            return _opened(session, given, request), gr.skip()
        except ShouceError as error:
            return render.notice(str(error)), gr.skip()

    sheet.input(kept, None, None, **page.direct)
    sheet.submit(handed_in, None, [sheet, mine], **page.direct)
    sheet.select(opened, None, [sheet, mine], **page.direct)
    mine.select(opened, None, [sheet, mine], **page.direct)


def _opened(session: Session, given: dict[str, Any], request: gr.Request) -> str:
    act, attempt = str(given.get("mode") or ""), str(given.get("attempt") or "")
    words, person = words_of(request), visitor_of(session, request).person
    attempts = Attempts(session.knowledge)
    if act.startswith("bank"):
        return bank_panel.act(session, act, given, request)
    if act == "result":
        return _result(session, attempts.result(attempt, person), words)
    if act == "mistakes":
        return quiz_html.mistakes_html(attempts.mistakes(person), session.titles, words)
    if act == "aimed":
        key = attempts.offer(_practice(session, attempts, person), by=person)
        return quiz_html.paper_html(attempts.start(key, person), words)
    return quiz_html.paper_html(attempts.resume(attempt, person), words)


def _practice(session: Session, attempts: Attempts, person: str) -> Paper:
    """Return a paper aimed at the clauses this person is weak on: their mistakes, and new items on the same clauses."""
    from assistant.quiz.check.every import first_failure
    from assistant.quiz.statistics import aimed, weak_clauses

    rows = session.knowledge.records.quizzes.answers(person=person)
    weak = {one.key for one in weak_clauses(rows)}
    maker = _maker(session)
    _, pool = maker.everything(seed=len(rows))
    wanted = [one for one in pool if f"{one.citation.document}/{one.citation.clause}" in weak]
    fresh = [one for one in wanted if first_failure(one, maker.sources) is None]
    known = [one.question for one in attempts.mistakes(person)]
    paper = aimed([*fresh, *known], rows, PRACTICE)
    if not paper.questions:
        raise NothingToAsk("还没有薄弱的条款：先做几份卷子，再来针对性练习")
    return paper


def _result(session: Session, result: Result, words: Words) -> str:
    return quiz_html.result_html(result, session.titles, words)


def _documents(page: Page) -> Callable[[gr.Request], gr.Dropdown]:
    def known(_request: gr.Request) -> gr.Dropdown:
        return gr.Dropdown([(one.title, one.id) for one in page.session.knowledge.documents()])

    return known


def _listed(session: Session) -> Callable[[gr.Request], str]:
    def listed(request: gr.Request) -> str:
        words, person = words_of(request), visitor_of(session, request).person
        attempts = Attempts(session.knowledge)
        rows = session.knowledge.records.quizzes.attempts(person=person) if person else ()
        return quiz_html.mine_html(rows, {one.id: one.title for one in attempts.papers()}, words)

    return listed


def _connect_looking(page: Page, sheet: gr.HTML, buttons: tuple[gr.Button, gr.Button, gr.Button]) -> None:
    session = page.session
    mistakes, bank, figures = buttons

    def book(request: gr.Request) -> str:
        return _opened(session, {"mode": "mistakes"}, request)

    def kept(request: gr.Request) -> str:
        if not visitor_of(session, request).trainer:
            return gate.trainer_html(session, words_of(request))
        try:
            return bank_panel.act(session, "bank", {}, request)
        except ShouceError as error:
            return render.notice(str(error), "hint")

    def taken_in(request: gr.Request, event: gr.EventData) -> str:
        given, words = event._data or {}, words_of(request)
        try:
            trainer_of(session, request)
            told = words("bank.imported").format(given.get("taken"), given.get("usable"), given.get("left_out"))
            return bank_panel.listed(session, bank_panel.bank_of(session), {}, words, render.notice(told, "done"))
        except ShouceError as error:
            return render.notice(str(error), "hint")

    def counted(request: gr.Request) -> str:
        if not visitor_of(session, request).trainer:
            return gate.trainer_html(session, words_of(request))
        try:
            return bank_panel.figures(session, request)
        except ShouceError as error:
            return render.notice(str(error), "hint")

    mistakes.click(book, None, [sheet], **page.direct)
    bank.click(kept, None, [sheet], **page.direct)
    figures.click(counted, None, [sheet], **page.direct)
    sheet.upload(taken_in, None, [sheet], **page.direct)


def linked_html(session: Session, paper: str, request: gr.Request) -> str:
    """Return a paper that a link names, begun or gone on with by the person who followed it.

    Raises:
        NotThere: there is no such paper.
    """
    person = visitor_of(session, request).person
    return quiz_html.paper_html(Attempts(session.knowledge).start(paper, person), words_of(request))


def _exported(page: Page) -> Callable[..., tuple[Any, Any]]:
    session = page.session

    def exported(paper: str, name: str) -> tuple[Any, Any]:
        from assistant.output import file_name
        from assistant.quiz.export import FORMATS, write

        try:
            if not paper:
                raise NothingToAsk("先出一份卷，再导出")
            made = Attempts(session.knowledge).paper(paper)
            folder = Path(tempfile.mkdtemp(prefix="shouce-quiz-"))
            target = folder / f"{file_name(made.title)}{FORMATS[name].suffix}"
            files = write([made], name, target, titles=session.titles)
        except ShouceError as error:
            return gr.skip(), render.notice(str(error))
        return gr.File(value=str(files[0]), visible=True), gr.skip()

    return exported
