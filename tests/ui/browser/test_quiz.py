"""Taking a paper in a browser: made, filled in, left, gone on with, handed in, its mistakes looked at."""

from typing import Any

from tests.ui.browser.conftest import Visitor
from tests.ui.browser.steps import enter_as_owner, open_tab


def _fill(page: Any) -> None:
    for item in page.locator("#quiz-sheet [data-item]").all():
        kind = item.get_attribute("data-type")
        if kind in {"single", "multiple", "true_false"}:
            item.locator("input").first.check()
        elif kind == "cloze":
            for blank in item.locator("input.blank").all():
                blank.fill("10")
        else:
            item.locator("textarea").fill("10分钟内登记，不得私下了结")


def test_a_paper_is_taken_left_and_handed_in(visitor: Visitor) -> None:
    page = visitor()
    open_tab(page, "测验")
    page.locator("#quiz-topic textarea, #quiz-topic input").first.fill("客户投诉处理")
    page.click("#quiz-make")
    page.locator("form.paper").wait_for()
    first = page.locator("#quiz-sheet [data-item] input").first
    first.check()
    page.locator("#quiz-mine", has_text="未交").wait_for()
    page.wait_for_timeout(1500)  # answers are kept a moment after they are given
    page.reload()
    page.wait_for_selector(".welcome", state="attached")
    open_tab(page, "测验")
    page.locator("#quiz-mine button").first.click()
    page.locator("form.paper").wait_for()
    assert page.locator("#quiz-sheet [data-item] input").first.is_checked()
    _fill(page)
    page.click("form.paper button[type=submit]")
    page.locator(".quiz-result .score").wait_for()
    assert page.locator(".quiz-result .citation").first.get_attribute("data-clause")
    page.click("#quiz-mistakes")
    page.locator(".quiz-result .graded.wrong").first.wait_for()


def test_one_by_one_shows_one_at_a_time(visitor: Visitor) -> None:
    page = visitor()
    open_tab(page, "测验")
    page.click("#quiz-make")
    page.locator("form.paper").wait_for()
    page.click(".step-mode")
    assert page.locator("#quiz-sheet [data-item]:visible").count() == 1
    before = page.locator("#quiz-sheet [data-item]:visible").get_attribute("data-item")
    page.click("form.paper .forth")
    assert page.locator("#quiz-sheet [data-item]:visible").get_attribute("data-item") != before


def _enter_as_trainer(page: Any, owner: Any) -> None:
    """Have the owner set the trainers' password, and enter with it."""
    enter_as_owner(owner)
    owner.locator(".inner-tabs .tab-container:not(.visually-hidden) button", has_text="密码").click()
    owner.locator("form[data-path='/who/trainers'] [name=new]").fill("培训师的密码2026")
    owner.locator("form[data-path='/who/trainers'] .primary").click()
    owner.locator("#documents table").wait_for()  # the page is back where it was
    open_tab(page, "测验")
    page.click("#quiz-bank")
    page.locator("form[data-path='/who/trainer'] [name=password]").fill("培训师的密码2026")
    page.locator("form[data-path='/who/trainer'] .primary").click()
    page.locator(".bar .owner", has_text="培训师").wait_for()
    page.locator("#quiz-bank:visible").wait_for()


def test_a_trainer_keeps_edits_and_hands_out_items(visitor: Visitor) -> None:
    page = visitor()
    _enter_as_trainer(page, visitor())
    page.locator("#quiz-topic textarea, #quiz-topic input").first.fill("客户回访")
    page.click("#quiz-make")
    page.click("form.paper [data-mode=bank-keep]")
    page.locator(".bank [data-mode=bank-edit]").first.click()
    page.locator(".bank [name=explanation]").fill("<b>改过</b>的解析")
    page.click(".bank [data-mode=bank-save]")
    page.locator(".bank .notice").first.wait_for()
    page.click(".bank [data-mode=bank]")
    page.locator(".bank [data-mode=bank-retire]").first.wait_for()
    shown = page.locator(".bank [data-mode=bank-retire]").count()
    page.locator(".bank [data-mode=bank-retire]").first.click()
    page.locator(".bank [data-mode=bank-retire]").nth(shown - 1).wait_for(state="detached")
    page.locator(".bank-search [name=state]").select_option("retired")
    page.click(".bank-search .primary")
    page.click(".bank [data-mode=bank-restore]")
    page.locator(".bank [data-mode=bank-restore]").wait_for(state="detached")
    page.locator(".bank-search [name=state]").select_option("kept")
    page.click(".bank-search .primary")
    page.click(".bank [data-mode=bank-paper]")
    paper = page.locator("form.paper [data-share=paper]").get_attribute("data-id")
    trainee = visitor(f"/?paper={paper}", width=390, height=800)
    trainee.locator("form.paper:visible").wait_for()
    _fill(trainee)
    trainee.click("form.paper button[type=submit]")
    trainee.locator(".quiz-result .score").wait_for()
    page.click("#quiz-figures")
    page.locator(".quiz-result .bars").wait_for()
