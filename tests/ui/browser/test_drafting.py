"""Checklists and plans in a browser: drafted, worked through by two people, followed to the end, taken along as files."""

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.ui.browser.conftest import Visitor
from tests.ui.browser.steps import DOUBLE, open_tab

HOSTILE = "<img src=x onerror=alert(1)>"


def _drafted(page: Any, topic: str) -> None:
    open_tab(page, "检查表")
    page.locator("#checklist-asked textarea, #checklist-asked input").first.fill(topic)
    page.click("#checklist-make")


def test_a_checklist_is_drafted_and_exported(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor()
    _drafted(page, "客户投诉处理")
    page.locator("#checklist .drafted h4.red").wait_for()
    page.locator("#checklist a.citation").first.click()
    page.locator("#clause-dialog .cited").wait_for()
    page.click("#clause-dialog [data-close]")
    page.locator("#checklist-asked textarea, #checklist-asked input").first.fill("别的事情")  # what is exported stays
    with page.expect_download() as waiting:
        page.click("#checklist .exports a >> text=Excel")
    target = tmp_path / "made.xlsx"
    waiting.value.save_as(target)
    assert waiting.value.suggested_filename == "客户投诉处理检查表.xlsx"
    shown = page.locator("#checklist .checks li").count()
    assert sum(isinstance(cell.value, int) for cell in load_workbook(target)["检查表"]["A"]) == shown
    lines = page.locator("#checklist .checks li")
    for place in (0, 1):  # two in quick succession
        lines.nth(place).hover()
        lines.nth(place).locator(".drop").click()
    page.locator("#checklist .dropped", has_text="去掉了 2 项").wait_for()
    assert page.locator("#checklist .checks li:visible").count() == shown - 2
    page.click("form.start [name=only]")
    page.locator("#run-lists", has_text="客户投诉处理检查表").wait_for()
    assert page.locator("#checklist .checks li").count() == shown - 2


def test_drafts_are_found_again_by_whose_they_are_and_deleted_and_brought_back(visitor: Visitor) -> None:
    page = visitor(width=390, height=800)
    _drafted(page, "客户投诉处理")
    page.locator("#checklist .drafted").wait_for()
    _drafted(page, "客户回访SOP")
    page.locator("#run-lists .drafts li", has_text="客户回访").wait_for()
    page.reload()
    page.wait_for_selector(".welcome", state="attached")
    open_tab(page, "检查表")
    rows = page.locator("#run-lists .drafts li")
    rows.first.wait_for()
    assert rows.count() == 2
    assert "客户回访" in rows.first.inner_text()
    rows.nth(1).locator("[data-mode=draft]").click()
    page.locator("#checklist .drafted h2", has_text="客户投诉处理").wait_for()
    rows.nth(1).locator(".bin").click()
    page.locator("#run-lists .undo").wait_for()
    assert rows.count() == 1
    page.click("#run-lists .undo button")
    page.locator("#run-lists .drafts li", has_text="客户投诉处理").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    open_tab(page, "改进方案")
    page.locator("#plan-asked textarea").fill("客户满意度从92%降到85%")
    page.click("#plan-make")
    page.locator("#plan-kept .drafts li").first.wait_for()
    page.locator("#plan-asked textarea").fill("")
    page.locator("#plan-kept .drafts [data-mode=draft]").first.click()
    page.wait_for_function("document.querySelector('#plan-asked textarea').value.includes('92%')")
    page.locator("#plan .drafted [data-act=apply]").wait_for()
    other = visitor()
    open_tab(other, "检查表")
    other.locator("#run-lists h4, #run-lists .quiet").first.wait_for()
    assert other.locator("#run-lists .drafts").count() == 0


def test_what_is_left_open_is_filled_in_and_shown_as_theirs(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor(width=390, height=800)
    _drafted(page, "客户投诉处理")
    page.click("#checklist [data-fill=open]")
    page.locator("#checklist [data-place='1.role']").fill(HOSTILE)
    page.click("#checklist [data-fill=cancel]")
    assert page.locator("#checklist [data-place='1.role']").input_value() == ""
    page.click("#checklist [data-fill=open]")
    page.locator("#checklist [data-place='2.role']").fill(f"店长{HOSTILE}")
    page.press("#checklist [data-place='2.role']", "Enter")
    page.locator("#checklist .checks li .filled", has_text="由访客填写").wait_for()
    assert page.locator("#checklist img").count() == 0
    page.locator("#checklist .checks li").first.locator(".drop").click()
    page.locator("#checklist .dropped button").click()
    page.locator("#checklist .dropped").wait_for(state="detached")
    page.locator("#checklist .checks li .filled", has_text="店长").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    open_tab(page, "改进方案")
    page.locator("#plan-asked textarea").fill("投诉太多了")
    page.click("#plan-make")
    page.click("#plan [data-fill=open]")
    page.locator("#plan label", has_text="目标值").locator("input").fill("98%")
    page.locator("#plan input[aria-label='P1 责任岗']").fill("运营主管")
    page.click("#plan [data-fill=save]")
    page.locator("#plan .filled", has_text="运营主管").wait_for()
    page.click("#plan [data-act=apply]")
    page.locator("#plan .state").first.wait_for()
    assert "由访客填写" in page.locator("#plan .filled", has_text="运营主管").inner_text()
    page.click("#plan [data-fill=open]")
    page.locator("#plan input[aria-label='P2 责任岗']").fill("李店长")
    page.click("#plan [data-fill=save]")
    page.locator("#plan .filled", has_text="李店长").wait_for()
    with page.expect_download() as waiting:
        page.click("#plan .exports a >> text=Markdown")
    target = tmp_path / "方案.md"
    waiting.value.save_as(target)
    read = target.read_text(encoding="utf-8")
    assert "98%（由访客填写）以上" in read
    assert "李店长（由访客填写）" in read


def test_what_nothing_is_written_about_is_said_and_shown_as_text(visitor: Visitor) -> None:
    page = visitor()
    open_tab(page, "检查表")
    page.click("#checklist-make")
    page.locator("#checklist", has_text="请先写下").wait_for()
    _drafted(page, f"{HOSTILE}火星移民")
    page.locator("#checklist .notice", has_text="火星移民").wait_for()
    assert page.locator("#checklist img").count() == 0


def test_two_people_work_through_one_run_and_what_failed_becomes_a_plan(visitor: Visitor) -> None:
    page = visitor()
    _drafted(page, "客户回访SOP")
    page.locator("form.start [name=place]").fill(f"东站{HOSTILE}")
    page.locator("form.start [name=repeat]").select_option("daily")
    page.click("form.start .primary")
    page.locator(".run .check").first.wait_for()
    key = page.locator(".run").get_attribute("data-run")
    page.wait_for_url(f"**/?run={key}")
    page.reload()  # a phone does so by itself after its camera was open
    page.locator(".run .check:visible").first.wait_for()
    colleague = visitor(f"/?run={key}", width=390, height=800)
    colleague.locator(".check").nth(1).locator("[data-result=fail]").click()
    colleague.locator(".check .more:not([hidden]) textarea").fill("没有当天回访")
    colleague.locator(".check .more:not([hidden]) [data-keep]").click()
    page.locator(".check.fail", has_text="没有当天回访").wait_for()
    page.locator(".check").nth(0).locator("[data-result=pass]").click()
    page.locator(".check.pass").wait_for()
    assert "2/" in page.locator(".progress-bar span").inner_text()
    another = visitor()  # opens the page and is told what is due
    another.locator(".due-count").click()
    another.locator("#run-lists .due", has_text="客户回访").wait_for()
    page.dblclick(".run [data-finish]")  # asks whether to leave lines open
    assert page.locator(".run[data-finished]").count() == 0
    page.wait_for_timeout(DOUBLE)
    page.click(".run [data-finish]")
    page.locator(".run[data-finished]").wait_for()
    page.locator("#run-lists details", has_text="做过的检查").wait_for()
    page.click(".run [data-act=plan]")
    page.locator("#plan-asked:visible").wait_for()
    page.wait_for_function("document.querySelector('#plan-asked textarea').value.includes('没有当天回访')")


def test_a_plan_from_a_form_and_data_is_kept_compared_and_followed(visitor: Visitor, tmp_path: Path) -> None:
    table = tmp_path / "投诉.csv"
    rows = [
        f"2026-{month:02d}-03,{reason},{count}" for month in (8, 9) for reason, count in (("响应慢", 9), ("收费", 2))
    ]
    table.write_text("\n".join(["日期,投诉原因,数量", *rows]), encoding="utf-8")
    page = visitor()
    open_tab(page, "改进方案")
    page.locator("#plan-data input").set_input_files(str(table))
    page.locator("#plan-data .handed-in", has_text="投诉.csv").wait_for()
    page.locator("#plan-form button").first.click()
    for name, said in (("metric", "客户满意度"), ("baseline", "92%"), ("present", "85%"), ("suspected", "响应慢")):
        page.locator(f"#plan-{name} textarea, #plan-{name} input").first.fill(said)
    page.locator("#plan-start textarea, #plan-start input").first.fill("2026-03-02")
    page.click("#plan-make")
    page.locator("#plan .pareto-row", has_text="响应慢").wait_for()
    assert page.locator("#plan .basis.suggestion").count()
    assert page.locator("#plan a.citation").count() >= 4
    before = page.locator("#plan-kept [data-mode=open]").count()  # other tests keep plans in the same home
    page.dblclick("#plan [data-act=apply]")
    page.locator("#plan tr.late").first.wait_for()
    assert page.locator("#plan-kept [data-mode=open]").count() == before + 1
    page.locator("#plan .state select").first.select_option("done")
    page.locator("#plan tr.done").wait_for()
    with page.expect_download() as waiting:
        page.click("#plan .exports a >> text=Excel")
    target = tmp_path / "方案.xlsx"
    waiting.value.save_as(target)
    assert "已完成" in {cell.value for cell in load_workbook(target)["行动清单"]["K"]}
    page.reload()  # the next version starts from what is kept, the uploaded figures among it
    page.wait_for_selector(".welcome", state="attached")
    open_tab(page, "改进方案")
    page.click("#plan-kept li button")
    page.locator("#plan-data .handed-in", has_text="投诉.csv").wait_for()
    page.locator("#plan-form button").first.click()
    page.locator("#plan-suspected textarea, #plan-suspected input").first.fill("培训不到位")
    page.click("#plan-make")
    page.locator("#plan .pareto-row", has_text="响应慢").wait_for()
    page.locator("#plan [data-act=apply]", has_text="下一版").click()
    page.locator("#plan [data-act=expand]").click()
    page.locator("#plan .clause-change").first.wait_for()
    page.click("#plan .panel [data-mode=open]")
    page.locator("#plan header [data-mode=quiz]").click()
    page.locator("#quiz-sheet form.paper").wait_for()
