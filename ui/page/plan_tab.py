"""改进方案: a problem made into the draft of a plan, clause-backed and assumed statements apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.plan.model import FRAMEWORK_WORDS
from ui.page import drafting
from ui.page.empty import coming_html

if TYPE_CHECKING:
    from pathlib import Path

    import gradio as gr

    from assistant.plan.model import Plan
    from ui.page.frame import Page
    from ui.session import Session


def _make(session: Session, problem: str, framework: str) -> Plan:
    from assistant.plan.make import PlanRequest, framework_of, make_plan

    return make_plan(session.knowledge, session.searcher, PlanRequest(problem, framework_of(framework or "pdca")))


def _text(made: Plan) -> str:
    from ui.plan_command import plan_text

    return plan_text(made)


def _write(made: Plan, name: str, path: Path) -> Path:
    from assistant.plan.export import write

    return write(made, name, path)


def build(page: Page) -> gr.HTML:
    """Draw the tab; return the component that the page's start fills by ``html``."""
    ways = tuple((word, key) for key, word in FRAMEWORK_WORDS.items())
    kind = drafting.Drafting("plan", ("docx", "xlsx", "md"), ways, _make, _text, _write)
    return drafting.build(page, kind)


html = coming_html("plan")
