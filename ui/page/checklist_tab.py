"""检查表: the checklist that a supervisor runs. Its place in the page, until there is something to make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from ui.page.empty import coming_html

if TYPE_CHECKING:
    from ui.page.frame import Page


def build(page: Page) -> gr.HTML:
    """Draw the tab; return the component that the page's start fills by ``html``."""
    with gr.Column(elem_classes="sheet-page"):
        return gr.HTML(elem_id="checklist", elem_classes="own", js_on_load=None, apply_default_css=False)


html = coming_html("checklist")
