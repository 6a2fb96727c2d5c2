"""Checklists and plans in a browser: drafted, refused in one line, taken along as a file."""

from pathlib import Path

from openpyxl import load_workbook

from tests.ui.browser.conftest import Visitor
from tests.ui.browser.steps import open_tab


def test_a_checklist_is_drafted_and_exported(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor()
    open_tab(page, "检查表")
    page.locator("#checklist-asked textarea, #checklist-asked input").first.fill("客户投诉处理")
    page.click("#checklist-make")
    page.locator("#checklist .drafted", has_text="红线").wait_for()
    page.click("#checklist-export")
    with page.expect_download() as waiting:
        page.locator("#checklist-file a").first.click()
    target = tmp_path / "made.xlsx"
    waiting.value.save_as(target)
    assert load_workbook(target).worksheets


def test_what_nothing_is_written_about_is_said_and_shown_as_text(visitor: Visitor) -> None:
    page = visitor()
    open_tab(page, "检查表")
    page.click("#checklist-make")
    page.locator("#checklist", has_text="请先写下").wait_for()
    page.locator("#checklist-asked textarea, #checklist-asked input").first.fill("<img src=x onerror=alert(1)>火星移民")
    page.click("#checklist-make")
    page.locator("#checklist .notice, #checklist .problem, #checklist", has_text="火星移民").first.wait_for()
    assert page.locator("#checklist img").count() == 0


def test_a_plan_is_drafted_in_the_chosen_framework(visitor: Visitor) -> None:
    page = visitor()
    open_tab(page, "改进方案")
    page.locator("#plan-asked textarea").fill("客户满意度从92%降到85%，投诉集中在响应慢")
    page.click("#plan-make")
    page.locator("#plan .drafted", has_text="PDCA").wait_for()
    assert "手册依据" in page.locator("#plan .drafted").inner_text()
