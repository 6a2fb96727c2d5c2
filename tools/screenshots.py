"""Pictures of every tab, on a desk and on a phone, light and dark, in the browser's own Chinese fonts.

Usage: python tools/screenshots.py FOLDER [--home HOME]. Works on a copy of HOME (default: the shipped sample, ingested
first), asks a few questions there and lets the owner in. Needs playwright and a chromium (CHROMIUM=path, else the system's).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
PASSWORD = "截图用的密码12345"
ANSWERED, REFUSED = "客户投诉来了怎么处理？", "班车几点发车，在哪里上车？"


def chromium() -> str | None:
    """Return where a Chromium is installed."""
    found = (
        os.environ.get("CHROMIUM"),
        shutil.which("chromium"),
        shutil.which("chromium-browser"),
        shutil.which("google-chrome"),
    )
    return next((path for path in found if path), None)


def filled_home(folder: Path, home: Path | None) -> Path:
    """Return a home of its own: a copy of ``home``, or a new one with the sample."""
    target = folder / "home"
    if home:
        shutil.copytree(home, target)
        return target
    from ingest.pipeline import ingest, sample_folder
    from kb.knowledge import KnowledgeBase
    from kb.settings import load_settings

    with KnowledgeBase.open(load_settings(target)) as knowledge:
        for report in ingest([sample_folder()], knowledge):
            print(report.source, report.status)
    return target


def tab(page: Any, name: str) -> None:
    """Open a tab, in the menu where it does not fit."""
    button = page.locator(f"#tabs > .tab-wrapper .tab-container:not(.visually-hidden) button:has-text('{name}')")
    if button.count() and button.first.is_visible():
        button.first.click()
    else:
        page.locator("#tabs > .tab-wrapper .overflow-menu > button").click()
        page.locator(f"#tabs > .tab-wrapper .overflow-dropdown button:has-text('{name}')").click()
    page.wait_for_timeout(500)


def inner_tab(page: Any, place: int) -> None:
    """Open a tab inside a tab by its place, in the menu where it does not fit."""
    shown = page.locator(".inner-tabs .tab-container:not(.visually-hidden) button")
    if place < shown.count() and shown.nth(place).is_visible():
        shown.nth(place).click()
        return
    page.locator(".inner-tabs .overflow-menu > button").click()
    page.locator(".inner-tabs .overflow-dropdown button").nth(place - shown.count()).click()


def ask(page: Any, question: str) -> None:
    """Ask a question and wait for the whole answer."""
    page.fill("#ask-input textarea", question)
    page.press("#ask-input textarea", "Enter")
    page.wait_for_selector(f".turn:not(.streaming) .asked:has-text('{question}') ~ .answer .feedback", timeout=20_000)


def take(page: Any, shot: Callable[[str], None], owner: Callable[[], None]) -> None:
    """Go through the page and take a picture of everything that somebody may see."""
    shot("01-问答-开始")
    ask(page, ANSWERED)
    shot("02-问答-回答")
    page.locator("#chat .citation").last.click()
    page.wait_for_selector("#reader .cited")
    page.wait_for_timeout(400)
    shot("03-问答-出处")
    close = page.locator("#reader [data-close]")
    if close.is_visible():
        close.click()
        page.wait_for_timeout(300)
    ask(page, REFUSED)
    page.locator(".turn .tool.bad").last.click()
    page.wait_for_timeout(300)
    shot("04-问答-没有答案")
    tab(page, "手册")
    shot("05-手册")
    page.fill("#manual-search textarea, #manual-search input", "回访")
    page.wait_for_selector("#manual-tree .hit")
    shot("06-手册-搜索")
    page.click("#manual-health")
    page.wait_for_selector(".report")
    shot("07-手册-健康报告")
    for number, name in ((8, "测验"), (9, "检查表"), (10, "改进方案"), (11, "知识库")):
        tab(page, name)
        shot(f"{number:02}-{name}")
    work_products(page, shot)
    owner()
    owners(page, shot)


def owners(page: Any, shot: Callable[[str], None]) -> None:
    """Take pictures of what only the owner sees."""
    tab(page, "知识库")
    page.wait_for_selector("#documents table")
    page.locator("#documents [data-act=select]").first.click()
    page.wait_for_selector("#versions .panel")
    shot("12-知识库-文档")
    for place, (number, name) in enumerate(((13, "同义词"), (14, "检索透视"), (15, "密码")), start=1):
        inner_tab(page, place)
        if name == "同义词":
            page.click("#synonyms-test")
            page.wait_for_selector("#synonyms-effect .sides")
        if name == "检索透视":
            page.fill("#inspect-question textarea, #inspect-question input", ANSWERED)
            page.click("#inspect")
            page.wait_for_selector("#inspection table")
        page.wait_for_timeout(300)
        shot(f"{number}-知识库-{name}")
    tab(page, "测验")
    page.click("#quiz-make")
    page.click("form.paper [data-mode=bank-keep]")
    page.wait_for_selector(".bank [data-mode=bank-edit]")
    page.wait_for_timeout(300)
    shot("25-测验-题库")
    tab(page, "待解问题")
    page.locator("#topics .topic").first.click()
    page.wait_for_selector("#desk-answer textarea")
    shot("16-待解问题")
    tab(page, "看板")
    page.wait_for_selector(".board")
    shot("17-看板")


def work_products(page: Any, shot: Callable[[str], None]) -> None:
    """Take pictures of a paper, a checklist that is worked through, and a plan."""

    def typed(name: str, said: str) -> None:
        page.locator(f"#{name} textarea, #{name} input").first.fill(said)

    tab(page, "测验")
    typed("quiz-topic", "客户投诉处理")
    page.click("#quiz-make")
    page.wait_for_selector("form.paper")
    page.wait_for_timeout(300)
    shot("20-测验-答题")
    page.locator("form.paper input").first.check()
    for _ in range(2):  # the first click says how many are unanswered
        page.click("form.paper button[type=submit]")
        page.wait_for_timeout(600)  # a double click would not count as two
    page.wait_for_selector(".quiz-result .score")
    page.wait_for_timeout(300)
    shot("21-测验-成绩")
    tab(page, "检查表")
    typed("checklist-asked", "客户投诉处理")
    page.click("#checklist-make")
    page.wait_for_selector("form.start")
    page.wait_for_timeout(300)
    shot("22-检查表-起草")
    page.locator("form.start [name=repeat]").select_option("daily")
    page.click("form.start .primary")
    page.locator(".run .check [data-result=pass]").first.click()
    page.locator(".check.pass").first.wait_for()
    shot("23-检查表-检查中")
    tab(page, "改进方案")
    typed("plan-asked", "客户满意度从92%降到85%，投诉集中在响应慢")
    page.click("#plan-make")
    page.wait_for_selector("article.plan")
    page.wait_for_timeout(300)
    shot("24-改进方案-草稿")


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description="网页每一页的截图")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--language", default="zh-CN", help="浏览器的语言，如 en-US")
    given = parser.parse_args()
    program = chromium()
    if program is None:
        print("没有找到 Chromium：apt-get install chromium fonts-noto-cjk，或用 CHROMIUM=路径 指定", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    from ui.page.app import running
    from ui.session import Session

    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        session = Session(filled_home(Path(folder), given.home))
        cookie = session.identity.set_owner_password(PASSWORD, code=session.identity.setup_code)
        with running(session) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for size, (width, height) in SIZES.items():
                for scheme in ("light", "dark"):
                    context = browser.new_context(
                        viewport={"width": width, "height": height}, color_scheme=scheme, locale=given.language
                    )
                    page = context.new_page()
                    page.goto(address)
                    page.wait_for_selector(".welcome")

                    def shot(name: str, page: Any = page, size: str = size, scheme: str = scheme) -> None:
                        page.screenshot(path=str(given.folder / f"{name}-{size}-{scheme}.png"))
                        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                        print(f"{name} {size} {scheme}" + (f"  宽出 {wide} 像素" if wide > 0 else ""))

                    def owner(context: Any = context, page: Any = page) -> None:
                        context.add_cookies([{"name": "shouce_owner", "value": cookie, "url": address}])
                        page.goto(address)
                        page.wait_for_selector(".welcome")

                    take(page, shot, owner)
                    context.close()
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
