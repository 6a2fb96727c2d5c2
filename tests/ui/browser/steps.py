"""What people do at the page, by what they see of it."""

from __future__ import annotations

from typing import Any

from tests.ui.browser.conftest import PASSWORD

DOUBLE = 600  # ms after which a second click is one of its own


def ask(page: Any, question: str) -> Any:
    """Ask with Enter and return the whole turn."""
    before = page.locator(".turn").count()
    page.fill("#ask-input textarea", question)
    page.press("#ask-input textarea", "Enter")
    turn = page.locator(".turn").nth(before)
    turn.locator(".feedback").wait_for()
    return turn


def open_tab(page: Any, name: str) -> None:
    """Open a tab, in the menu where the bar is too narrow for it."""
    bar = page.locator("#tabs > .tab-wrapper")
    button = bar.locator(".tab-container:not(.visually-hidden) button", has_text=name)
    if button.count() and button.first.is_visible():
        button.first.click()
    else:
        bar.locator(".overflow-menu > button").click()
        bar.locator(".overflow-dropdown button", has_text=name).click()


def enter_as_owner(page: Any) -> None:
    """Give the owner's password in 知识库."""
    open_tab(page, "知识库")
    page.locator(".gate input[name=password]:visible").fill(PASSWORD)
    page.locator(".gate button[type=submit]:visible").click()
    page.locator(".bar .owner").wait_for()
    open_tab(page, "知识库")
    page.locator("#documents table").wait_for()


def status(turn: Any) -> str:
    """Return the status of an answer."""
    return str(turn.locator(".status").get_attribute("data-status"))
