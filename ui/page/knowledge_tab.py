"""知识库, the owner's: upload, documents with their versions, synonyms, why something was found, the password.

Draws the tab and connects uploading, removing, going back and rebuilding; synonyms and the inspector are panels of
their own. Every event asks again whether it is the owner who sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from kb.errors import ShouceError
from ui.page import documents, inspector, render, synonyms_panel, uploading
from ui.page.visitor import owner_of, words_of

if TYPE_CHECKING:
    from ui.page.frame import Page


@dataclass(frozen=True, slots=True)
class KnowledgeTab:
    """What the page's start fills."""

    gate: gr.HTML
    inside: gr.Column
    listed: gr.HTML
    password: gr.HTML


def build(page: Page) -> KnowledgeTab:
    """Draw the tab and connect what happens inside it."""
    text = page.text
    with gr.Column(elem_classes="sheet-page"):
        locked = gr.HTML(elem_classes="own", js_on_load="shouce.who(element)", apply_default_css=False)
        with gr.Column(visible=False) as inside, gr.Tabs(elem_classes="inner-tabs"):
            with gr.Tab(text("know.documents")):
                # No types: what Gradio turns away it says in English, and not file by file.
                files = gr.File(label=text("know.drop"), file_count="multiple", elem_id="upload", height=150)
                told = gr.HTML(elem_id="upload-result", elem_classes="own", js_on_load=None, apply_default_css=False)
                listed = gr.HTML(
                    elem_id="documents",
                    elem_classes="own",
                    js_on_load="shouce.list(element, trigger)",
                    apply_default_css=False,
                )
                detail = gr.HTML(
                    elem_id="versions",
                    elem_classes="own",
                    js_on_load="shouce.list(element, trigger)",
                    apply_default_css=False,
                )
                with gr.Row(elem_classes="foot"):
                    rebuild = gr.Button(text("know.rebuild"), size="sm", elem_id="rebuild", scale=0)
                    rebuilt = gr.HTML(elem_classes="own", js_on_load=None, apply_default_css=False)
            with gr.Tab(text("know.synonyms")):
                synonyms_panel.build(page)
            with gr.Tab(text("know.inspector")):
                inspector.build(page)
            with gr.Tab(text("know.password")):
                password = gr.HTML(
                    elem_classes="own",
                    js_on_load="shouce.who(element)",
                    apply_default_css=False,
                    elem_id="owner-password",
                )
    tab = KnowledgeTab(locked, inside, listed, password)
    _connect_documents(page, listed, detail)
    _connect_upload(page, files, told, listed)
    _connect_rebuild(page, rebuild, rebuilt)
    return tab


def _connect_documents(page: Page, listed: gr.HTML, detail: gr.HTML) -> None:
    session = page.session

    def acting(act: Callable[[str, str], str]) -> Callable[..., tuple[Any, Any]]:
        """Return the event that lets the owner do ``act`` (given what was chosen and the owner's name) and says what it did."""

        def acted(request: gr.Request, event: gr.EventData) -> tuple[Any, Any]:
            words = words_of(request)
            try:
                owner = owner_of(session, request)
                done = act(str((event._data or {}).get("id") or ""), owner.name)
            except ShouceError as error:
                return gr.skip(), render.notice(str(error))
            return documents.list_html(session, words), render.notice(done, "done")

        return acted

    def removed(document: str, by: str) -> str:
        return f"已删除《{session.knowledge.remove(document, by=by).title}》，30 天内可以在列表下方恢复"

    def brought_back(key: str, _by: str) -> str:
        return f"已恢复《{session.knowledge.bring_back(int(key)).title}》"

    def went_back(key: str, _by: str) -> str:
        from ingest.versions import restore_version

        document, _, version = key.rpartition("@")
        result = restore_version(session.knowledge, document, int(version))
        return f"已退回，现在是《{result.document.title}》第 {result.document.version} 版"

    def shown(request: gr.Request, event: gr.EventData) -> str:
        given = event._data or {}
        try:
            owner_of(session, request)
            return documents.versions_html(
                session, str(given.get("id") or ""), words_of(request), str(given.get("of") or "")
            )
        except ShouceError as error:
            return render.notice(str(error))

    listed.select(shown, None, [detail], **page.direct)
    detail.select(shown, None, [detail], **page.direct)
    listed.delete(acting(removed), None, [listed, detail], **page.direct)
    listed.undo(acting(brought_back), None, [listed, detail], **page.direct)
    detail.apply(acting(went_back), None, [listed, detail], **page.streaming)


def _connect_upload(page: Page, files: gr.File, told: gr.HTML, listed: gr.HTML) -> None:
    session = page.session

    names = gr.Textbox(visible=False)

    def uploaded(chosen: list[str] | None, real: str, request: gr.Request) -> Iterator[tuple[Any, Any, Any]]:
        if not chosen:
            return
        words = words_of(request)
        try:
            owner_of(session, request)
            for html in uploading.read(session, uploading.named(chosen, real), words):
                yield gr.skip(), html, gr.skip()
        except ShouceError as error:
            yield None, render.notice(str(error)), gr.skip()
            return
        yield None, gr.skip(), documents.list_html(session, words)

    files.upload(uploaded, [files, names], [files, told, listed], js=uploading.REAL_NAMES, **page.streaming)


def _connect_rebuild(page: Page, rebuild: gr.Button, rebuilt: gr.HTML) -> None:
    session = page.session

    def run(request: gr.Request) -> Iterator[str]:
        words = words_of(request)
        try:
            owner_of(session, request)
            for message in uploading.told_from(
                lambda tell: session.knowledge.rebuild(progress=uploading.counted(tell))
            ):
                yield render.notice(message, "hint")
        except ShouceError as error:
            yield render.notice(str(error))
            return
        yield render.notice(words("know.rebuilt"), "done")

    rebuild.click(run, None, [rebuilt], **page.streaming)
