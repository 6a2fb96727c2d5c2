"""How a tab looks where something is drafted: what is asked for and what is kept on the left, the sheet on the right.

Draws; knows nothing of what is drafted. On a phone the sheet stands below, and is brought into view once there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import gradio as gr

Fields = TypeVar("Fields")


@dataclass(frozen=True, slots=True)
class Drafting(Generic[Fields]):
    """The parts of such a tab: its fields, the button that drafts, what is kept, and the sheet."""

    fields: Fields
    make: gr.Button
    listed: gr.HTML
    sheet: gr.HTML


def draw(
    text: Callable[[str], Any], name: str, fields: Callable[[], Fields], *, listed: str, sheet: str, script: str
) -> Drafting[Fields]:
    """Draw the tab ``name``.

    Args:
        text: translates a key in the browser.
        name: of the tab; the button's id is ``name-make``.
        fields: draws what is asked for.
        listed: the id of what is kept.
        sheet: the id of the sheet.
        script: what wires the sheet in the browser.
    """
    with gr.Column(elem_classes="sheet-page"), gr.Row(elem_classes="two drafting"):
        with gr.Column(min_width=260, scale=1):
            drawn = fields()
            make = gr.Button(text("draft.make"), variant="primary", elem_id=f"{name}-make")
            kept = _html(listed, "shouce.list(element, trigger)")
        with gr.Column(min_width=320, scale=3):
            shown = _html(sheet, script)
    return Drafting(drawn, make, kept, shown)


def _html(name: str, script: str) -> gr.HTML:
    return gr.HTML(elem_id=name, elem_classes="own", js_on_load=script, apply_default_css=False)
