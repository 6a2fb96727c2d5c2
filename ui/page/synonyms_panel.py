"""同义词: the company's own words as a text that can be edited, with its effect on a question before it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from kb import synonym_file
from kb.errors import ShouceError
from ui.page import render
from ui.page.render import shown
from ui.page.texts import Words
from ui.page.visitor import owner_of, words_of

if TYPE_CHECKING:
    from kb.model import Hit
    from ui.page.frame import Page
    from ui.session import Session


def build(page: Page) -> None:
    """Draw the panel and connect it."""
    text, session = page.text, page.session
    with gr.Row(elem_classes="two"):
        with gr.Column(min_width=280):
            lines = gr.Textbox(
                label=text("syn.label"),
                info=text("syn.info"),
                lines=16,
                max_lines=24,
                elem_id="synonyms",
                max_length=400_000,
            )
            with gr.Row(elem_classes="foot"):
                save = gr.Button(text("syn.save"), variant="primary", size="sm", elem_id="synonyms-save", scale=0)
                restore = gr.Button(text("syn.restore"), size="sm", scale=0)
        with gr.Column(min_width=280):
            question = gr.Textbox(label=text("syn.question"), value="BSC", elem_id="synonyms-question", max_length=200)
            test = gr.Button(text("syn.test"), size="sm", elem_id="synonyms-test")
            told = gr.HTML(elem_id="synonyms-effect", elem_classes="own", js_on_load=None, apply_default_css=False)

    def opened(request: gr.Request) -> Any:  # noqa: ANN401
        try:
            owner_of(session, request)
            return synonym_file.read_text(session.settings.home)
        except ShouceError:
            return gr.skip()

    def tested(edited: str, asked: str, request: gr.Request) -> str:
        words = words_of(request)
        try:
            owner_of(session, request)
            return effect_html(session, edited, (asked or "").strip() or "BSC", words)
        except ShouceError as error:
            return render.notice(str(error))

    def saved(edited: str, request: gr.Request) -> str:
        try:
            owner_of(session, request)
            synonym_file.save(session.settings.home, edited)
        except ShouceError as error:
            return render.notice(str(error))
        return render.notice(words_of(request)("syn.saved"), "done")

    def restored(request: gr.Request) -> tuple[Any, str]:
        try:
            owner_of(session, request)
            synonym_file.restore_start_set(session.settings.home)
            return synonym_file.read_text(session.settings.home), render.notice(
                words_of(request)("syn.restored"), "done"
            )
        except ShouceError as error:
            return gr.skip(), render.notice(str(error))

    page.on_open(opened, lines)
    test.click(tested, [lines, question], [told], **page.direct)
    question.submit(tested, [lines, question], [told], **page.direct)
    save.click(saved, [lines], [told], **page.direct)
    restore.click(restored, None, [lines, told], **page.direct)


def effect_html(session: Session, edited: str, question: str, words: Words) -> str:
    """Return what the edited text would change for ``question``, and what is wrong with it.

    Raises:
        ShouceError: the knowledge base is empty, or the text cannot be used.
    """
    wrong = synonym_file.problems(edited)
    notes = "".join(
        render.notice(words("syn.line").format(one.line) + one.message, "problem" if one.grave else "hint")
        for one in wrong[:5]
    )
    if any(one.grave for one in wrong):
        return notes
    effect = synonym_file.effect(session.searcher, question, edited)
    sides = "".join(
        f'<div class="side"><h4>{words(label)}</h4><p class="quiet">{_widened(widened, words)}</p>{_hits(session, hits)}</div>'
        for label, widened, hits in (
            ("syn.before", effect.synonyms_before, effect.before),
            ("syn.after", effect.synonyms_after, effect.after),
        )
    )
    return f'{notes}<div class="sides">{sides}</div>'


def _widened(widened: dict[str, tuple[str, ...]], words: Words) -> str:
    if not widened:
        return words("syn.none")
    return shown("；".join(f"{word} → {'、'.join(others)}" for word, others in widened.items()))


def _hits(session: Session, hits: Sequence[Hit]) -> str:
    titles = session.titles
    rows = "".join(
        f"<li><small>{shown(titles.get(hit.document, ''))} {shown(hit.chunk.section)} · {hit.score:.2f}</small>"
        f"<span>{shown(' '.join(hit.chunk.text.split())[:60])}</span></li>"
        for hit in hits
    )
    return f'<ol class="hit-list">{rows}</ol>'
