"""手册: the section tree of a document, its full text, search with marked words, and the health report for its owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from kb.errors import ShouceError
from ui.page import health, reader, render
from ui.page.marked import marked, says, spoken_words
from ui.page.render import attributes, shown
from ui.page.texts import Words
from ui.page.visitor import words_of

if TYPE_CHECKING:
    from kb.model import Hit, Section
    from ui.page.frame import Page
    from ui.session import Session

HITS = 20
EXCERPT = 140  # characters of a hit that are shown


@dataclass(frozen=True, slots=True)
class ManualTab:
    """The components that the page's start and the reader need."""

    document: gr.Dropdown
    tree: gr.HTML
    shown: gr.HTML


def build(page: Page) -> ManualTab:
    """Draw the tab and connect what happens inside it."""
    text = page.text
    with gr.Row(elem_id="manual-layout", equal_height=False):
        with gr.Column(elem_id="manual-side", min_width=0):
            document = gr.Dropdown(
                [], label=text("ask.document"), show_label=False, container=False, elem_id="manual-document"
            )
            search = gr.Textbox(
                placeholder=text("manual.search"),
                show_label=False,
                container=False,
                elem_id="manual-search",
                max_length=200,
            )
            examined = gr.Button(text("manual.health"), elem_id="manual-health", size="sm")
            tree = gr.HTML(
                elem_id="manual-tree",
                elem_classes="own",
                js_on_load="shouce.list(element, trigger)",
                apply_default_css=False,
            )
        with gr.Column(elem_id="manual-main", min_width=0, elem_classes="reader-scroll"):
            opened = gr.HTML(
                elem_id="manual-reader",
                elem_classes=["own", "reader-panel"],
                js_on_load="shouce.reader(element, trigger, watch)",
                apply_default_css=False,
            )
    tab = ManualTab(document, tree, opened)
    _connect(page, tab, search, examined)
    return tab


def _connect(page: Page, tab: ManualTab, search: gr.Textbox, examined: gr.Button) -> None:
    session = page.session

    def chosen(document: str, request: gr.Request) -> tuple[str, str, str]:
        return *document_html(session, document, "", words_of(request)), ""

    def opened(document: str, request: gr.Request, event: gr.EventData) -> tuple[Any, Any]:
        place, words = event._data or {}, words_of(request)
        of = str(place.get("document") or document)
        clause = str(place.get("clause") or "")
        try:
            html = reader.section_html(session.knowledge, of, str(place.get("section")), words=words, clause=clause)
        except ShouceError as error:
            html = render.notice(str(error))
        return gr.Dropdown(value=of) if of != document else gr.skip(), html

    def searched(wanted: str, document: str, request: gr.Request) -> str:
        words = words_of(request)
        wanted = wanted or ""
        if not wanted.strip():
            return tree_html(session.knowledge.sections(document), document, "", words) if document else ""
        try:
            return hits_html(session, wanted, session.assistant.search(wanted, limit=HITS), words)
        except ShouceError as error:
            return render.notice(str(error))

    def reported(document: str, request: gr.Request) -> str:
        words = words_of(request)
        if not document:
            return render.notice(words("ask.nothing_yet"), "hint")
        try:
            return health.report_html(session.knowledge, document, words)
        except ShouceError as error:
            return render.notice(str(error))

    tab.document.input(chosen, [tab.document], [tab.tree, tab.shown, search], **page.direct)
    tab.tree.select(opened, [tab.document], [tab.document, tab.shown], **page.direct)
    tab.shown.click(opened, [tab.document], [tab.document, tab.shown], **page.direct)
    search.submit(searched, [search, tab.document], [tab.tree], **page.direct)
    search.change(searched, [search, tab.document], [tab.tree], **page.direct)
    examined.click(reported, [tab.document], [tab.shown], **page.direct)


def main_document(session: Session) -> str:
    """Return the id of the document with the most sections, which is the manual; ``""`` where there is none."""
    sizes = {one.id: len(session.knowledge.sections(one.id)) for one in session.knowledge.documents()}
    return max(sizes, key=lambda key: sizes[key], default="")


def document_html(session: Session, document: str, section: str, words: Words) -> tuple[str, str]:
    """Return the tree of a document and its section (the first with text where none is named) as HTML."""
    if not document:
        return "", f'<div class="empty"><p>{words("ask.nothing_yet")}</p></div>'
    try:
        number = section or reader.first_section(session.knowledge, document)
        tree = tree_html(session.knowledge.sections(document), document, number, words)
        return tree, reader.section_html(session.knowledge, document, number, words=words)
    except ShouceError as error:
        return "", render.notice(str(error))


def tree_html(sections: Sequence[Section], document: str, current: str, words: Words) -> str:
    """Return the section tree as buttons, sections without text marked."""
    base = min((section.level for section in sections), default=1)
    rows = "".join(
        f'<button type="button" class="node level{min(section.level - base, 3)}{" chosen" if section.number == current else ""}'
        f' {section.status}"{attributes(act="select", document=document, section=section.number)}>'
        f"{shown(section.heading)}{_mark(section, words)}</button>"
        for section in sections
    )
    return f'<nav class="tree">{rows}</nav>'


def _mark(section: Section, words: Words) -> str:
    if section.status == "present":
        return ""
    return f'<span class="mark">{words(f"manual.{section.status}")}</span>'


def hits_html(session: Session, wanted: str, hits: Sequence[Hit], words: Words) -> str:
    """Return search hits with the words that were looked for marked."""
    if not hits:
        return f'<p class="quiet">{words("talk.none_found")}</p>'
    looked_for = spoken_words(session.searcher, wanted)
    titles = session.titles
    literal = [hit for hit in hits if says(hit.chunk.text, looked_for)]
    near = [hit for hit in hits if hit not in literal]
    said = "".join(_hit(session, hit, titles, looked_for) for hit in literal)
    like = "".join(_hit(session, hit, titles, looked_for) for hit in near[: HITS // 2])
    heading = f"<h4>{words('manual.near' if literal else 'manual.only_near')}</h4>" if near else ""
    return f'<div class="hits">{said}{heading}{like}</div>'


def _hit(session: Session, hit: Hit, titles: dict[str, str], looked_for: Sequence[str]) -> str:
    section = session.knowledge.section(hit.document, hit.chunk.section)
    clause = hit.chunk.clauses[0] if hit.chunk.clauses else ""
    act = attributes(act="select", document=hit.document, section=section.number, clause=clause)
    place = shown(f"{titles.get(hit.document, '')} · {section.heading}" if len(titles) > 1 else section.heading)
    return (
        f'<button type="button" class="hit"{act}><small>{place}</small>'
        f"<span>{marked(hit.chunk.text, looked_for, length=EXCERPT)}</span></button>"
    )
