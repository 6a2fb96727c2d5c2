"""Gradio's theme in the page's colours: quiet paper and ink, one accent. Fonts are those of the visitor's system."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr


def theme(fonts: Sequence[str]) -> gr.themes.Base:
    """Return the theme; style.css holds the same colours for what the page draws itself."""
    teal = gr.themes.Color(
        "#effaf7",
        "#d6f0ea",
        "#aee0d6",
        "#7cc9bc",
        "#48a99a",
        "#268a7c",
        "#176d63",
        "#145850",
        "#124742",
        "#103b37",
        "#072321",
    )
    base = gr.themes.Base(
        primary_hue=teal,
        neutral_hue=gr.themes.colors.slate,
        text_size=gr.themes.sizes.text_md,
        radius_size=gr.themes.sizes.radius_md,
        font=[gr.themes.Font(name) for name in fonts],
        font_mono=[gr.themes.Font("ui-monospace"), gr.themes.Font("monospace")],
    )
    return base.set(
        body_background_fill="#f6f7f5",
        body_background_fill_dark="#12171a",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#1a2125",
        block_background_fill="#ffffff",
        block_background_fill_dark="#1a2125",
        block_border_width="0px",
        block_shadow="none",
        input_background_fill="#ffffff",
        input_background_fill_dark="#20282d",
        input_border_color="#d9dfdc",
        input_border_color_dark="#37424a",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_text_color="#ffffff",
        button_secondary_background_fill="#ffffff",
        button_secondary_background_fill_dark="#20282d",
        button_secondary_border_color="#d9dfdc",
        button_secondary_border_color_dark="#37424a",
    )
