"""检索透视: why a question found what it found: its terms, and of every hit the scores and the words it shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from kb.errors import ShouceError
from ui.page import render
from ui.page.marked import marked
from ui.page.render import shown
from ui.page.texts import Words
from ui.page.visitor import owner_of, words_of

if TYPE_CHECKING:
    from kb.explain import Explanation, HitExplanation
    from ui.page.frame import Page

HITS = 10
_COLUMNS = ("place", "words", "vector", "coverage", "score", "shared")


def build(page: Page) -> None:
    """Draw the panel and connect it."""
    session = page.session
    question = gr.Textbox(
        label=page.text("see.question"),
        placeholder=page.text("ask.placeholder"),
        elem_id="inspect-question",
        max_length=500,
    )
    look = gr.Button(page.text("see.look"), size="sm", elem_id="inspect")
    told = gr.HTML(elem_id="inspection", elem_classes="own", js_on_load=None, apply_default_css=False)

    def looked(asked: str, request: gr.Request) -> str:
        from kb.explain import explain

        words = words_of(request)
        if not (asked or "").strip():
            return render.notice(words("ask.empty"), "hint")
        try:
            owner_of(session, request)
            return explanation_html(explain(session.searcher, asked, limit=HITS), session.titles, words)
        except ShouceError as error:
            return render.notice(str(error))

    look.click(looked, [question], [told], **page.direct)
    question.submit(looked, [question], [told], **page.direct)


def explanation_html(explanation: Explanation, titles: dict[str, str], words: Words) -> str:
    """Return an explanation as a line of terms and a table of hits."""
    terms = "".join(
        f'<span class="term" title="{shown("、".join(term.synonyms))}">{shown(term.word)}'
        f"<small>{term.share:.0%} · {words('see.chunks').format(term.chunks)}</small></span>"
        for term in explanation.terms
    )
    head = "".join(
        f"<th>{words(f'see.column.{name}')}</th>"
        for name in ("place", "words", "vector", "coverage", "score", "shared")
    )
    rows = "".join(_row(one, titles) for one in explanation.hits)
    return (
        f'<div class="terms">{terms}</div><div class="table"><table><thead><tr><th>#</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(one: HitExplanation, titles: dict[str, str]) -> str:
    hit = one.hit
    through = [f"{term}≈{synonym}" for term, synonym in one.through]
    told = [*(f"<mark>{shown(word)}</mark>" for word in one.matched), *map(shown, through)]
    told += [f'<span class="quiet">{shown(word)}</span>' for word in (*one.partly, *one.lacking)]
    found = [*one.matched, *(synonym for _, synonym in one.through)]
    scores = "".join(
        f'<td class="score"><i style="width:{max(0.0, min(1.0, value)) * 44:.0f}px"></i>{value:.2f}</td>'
        for value in (one.words, one.vector, one.coverage, one.score)
    )
    place = f"<b>{shown(hit.chunk.section)}</b> {shown(titles.get(hit.document, ''))}"
    return (
        f"<tr><td>{one.rank}</td><td>{place}<small>{marked(hit.chunk.text, found, length=70)}</small></td>"
        f"{scores}<td>{' '.join(told)}</td></tr>"
    )
