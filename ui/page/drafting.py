"""A tab where something is asked for, drafted from the sources, read and taken along as a file: checklists and plans.

Knows components and events; what is drafted, and how it reads, the tab says in its ``Drafting``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.output import file_name
from kb.errors import ShouceError
from ui.page import render

if TYPE_CHECKING:
    from ui.page.frame import Page
    from ui.session import Session


@dataclass(frozen=True, slots=True)
class Drafting:
    """One kind of draft: ``make`` gets the session, what is asked, and one of ``ways``; ``write`` the draft, a format, a path."""

    name: str
    formats: Sequence[str]
    ways: Sequence[tuple[str, str]]
    make: Callable[[Session, str, str], Any]
    text: Callable[[Any], str]
    write: Callable[[Any, str, Path], Path]


def build(page: Page, drafting: Drafting) -> gr.HTML:
    """Draw the tab and connect it; return the component that the page's start fills."""
    text, name = page.text, drafting.name
    with gr.Column(elem_classes="sheet-page"), gr.Row(elem_classes="two"):
        with gr.Column(min_width=260, scale=1):
            asked = gr.Textbox(
                label=text(f"{name}.asked"),
                placeholder=text(f"{name}.hint"),
                max_length=500,
                lines=2 if drafting.ways else 1,
                elem_id=f"{name}-asked",
            )
            way = gr.Dropdown(
                list(drafting.ways),
                value=drafting.ways[0][1] if drafting.ways else None,
                label=text("draft.way"),
                visible=bool(drafting.ways),
                elem_id=f"{name}-way",
            )
            make = gr.Button(text("draft.make"), variant="primary", elem_id=f"{name}-make")
            form = gr.Dropdown(
                list(drafting.formats), value=drafting.formats[0], label=text("draft.format"), elem_id=f"{name}-format"
            )
            export = gr.Button(text("draft.export"), size="sm", elem_id=f"{name}-export")
            file = gr.File(visible=False, elem_id=f"{name}-file", interactive=False)
        with gr.Column(min_width=320, scale=3):
            sheet = gr.HTML(elem_id=name, elem_classes="own", js_on_load=None, apply_default_css=False)

    def shown(wanted: str, chosen: str) -> str:
        try:
            return _sheet(drafting.text(_made(page.session, drafting, wanted, chosen)))
        except ShouceError as error:
            return render.notice(str(error))

    def written(wanted: str, chosen: str, format_: str) -> tuple[Any, Any]:
        try:
            made = _made(page.session, drafting, wanted, chosen)
            folder = Path(tempfile.mkdtemp(prefix="shouce-draft-"))
            path = drafting.write(made, format_, folder / f"{file_name(made.title, drafting.name)}.{format_}")
        except ShouceError as error:
            return gr.skip(), render.notice(str(error))
        return gr.File(value=str(path), visible=True), _sheet(drafting.text(made))

    for event in (make.click, asked.submit):
        event(shown, [asked, way], [sheet], **page.direct)
    export.click(written, [asked, way, form], [file, sheet], **page.direct)
    return sheet


def _made(session: Session, drafting: Drafting, wanted: str, way: str) -> Any:  # noqa: ANN401 (a checklist or a plan)
    if not wanted.strip():
        raise ShouceError("请先写下要做什么，例如：投诉处理")
    return drafting.make(session, wanted.strip(), way)


def _sheet(text: str) -> str:
    """Return a draft's lines; everything is shown as text."""
    return f'<div class="drafted">{render.shown(text.strip())}</div>'
