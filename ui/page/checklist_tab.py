"""检查表: a topic made into lines to tick, to read here and to print or fill in elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.page import drafting
from ui.page.empty import coming_html

if TYPE_CHECKING:
    from pathlib import Path

    import gradio as gr

    from assistant.checklist.model import Checklist
    from ui.page.frame import Page
    from ui.session import Session


def _make(session: Session, wanted: str, _way: str) -> Checklist:
    from assistant.checklist.make import make_checklist

    return make_checklist(session.knowledge, session.searcher, wanted)


def _text(made: Checklist) -> str:
    from ui.checklist_command import checklist_text

    return checklist_text(made)


def _write(made: Checklist, name: str, path: Path) -> Path:
    from assistant.checklist.export import write

    return write(made, name, path)


def build(page: Page) -> gr.HTML:
    """Draw the tab; return the component that the page's start fills by ``html``."""
    kind = drafting.Drafting("checklist", ("xlsx", "docx", "md", "csv"), (), _make, _text, _write)
    return drafting.build(page, kind)


html = coming_html("checklist")
