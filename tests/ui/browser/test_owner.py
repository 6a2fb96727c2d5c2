"""The owner in a browser: an open question becomes an answer that is found; a document comes, is asked about, and goes."""

from pathlib import Path
from typing import Any

from docx import Document

from tests.ui.browser.conftest import Visitor
from tests.ui.browser.steps import DOUBLE, ask, enter_as_owner, open_tab, status

REFUSED = "厂区班车几点发车，从哪个门上车？"
HOSTILE = "<script>alert('甲')</script><img src=x onerror=\"alert('乙')\">"


def _word_file(folder: Path, name: str, title: str, lines: list[str]) -> Path:
    document = Document()
    document.add_heading(title, level=1)
    for number, line in enumerate(lines, start=1):
        document.add_heading(f"{number} {line.partition('：')[0]}", level=2)
        document.add_paragraph(line.partition("：")[2])
    document.save(str(folder / name))
    return folder / name


def _upload(page: Any, *files: Path, version: int = 1) -> None:
    page.locator("#upload input[type=file]").set_input_files([str(file) for file in files])
    page.locator("#upload-result .result.done", has_text=f"第 {version} 版").wait_for()
    page.locator("#upload-result .result").nth(len(files) - 1).wait_for()


def test_refused_submitted_answered_found(visitor: Visitor) -> None:
    page = visitor()
    turn = ask(page, REFUSED)
    assert status(turn) == "not_found"
    assert turn.locator(".nearest .open-section").count()
    turn.locator(".hand-over").click()
    turn.locator(".hand-over", has_text="已提交").wait_for()
    owner = visitor()
    enter_as_owner(owner)
    open_tab(owner, "待解问题")
    owner.locator("#topics .topic", has_text="班车").first.click()
    owner.locator("#desk-answer textarea").fill("班车早上7点40分从东门发车，晚上18点10分从东门返回。")
    owner.click("#desk-publish")
    owner.locator("#desk-told .notice.done").wait_for()
    owner.locator("#entries .entry", has_text="班车").wait_for()
    turn = ask(page, REFUSED)
    assert status(turn) == "answered"
    assert "7点40分" in turn.locator(".lines").inner_text()
    assert "常见问答 · 负责人" in turn.locator(".citation").first.inner_text()


def test_topics_that_mean_the_same_are_merged_by_hand(visitor: Visitor) -> None:
    page = visitor()
    # like nothing that other tests ask: the desk has their questions too
    for question in ("游泳池哪天开放，要不要带泳帽？", "宿舍几人一间，有没有空调？"):
        assert status(ask(page, question)) == "not_found"
    enter_as_owner(page)
    open_tab(page, "待解问题")
    page.locator("#topics .topic", has_text="游泳池").wait_for()  # both are there before one is opened
    page.locator("#topics .topic", has_text="宿舍").click()
    page.locator("#desk-detail h3", has_text="宿舍").wait_for()
    merging = page.locator("#desk-detail .merging")
    merging.locator("select").select_option(label="游泳池哪天开放，要不要带泳帽？")
    merging.locator("button").click()
    page.wait_for_timeout(DOUBLE)
    merging.locator("button", has_text="确定合并").click()
    page.locator("#topics .topic", has_text="宿舍").wait_for(state="detached")
    page.locator("#desk-detail .asked-so li", has_text="宿舍").wait_for()
    assert page.locator("#desk-question textarea, #desk-question input").first.input_value().startswith("游泳池")


def test_upload_ask_delete_bring_back(visitor: Visitor, tmp_path: Path) -> None:
    lines = [
        "借用：员工借用航拍无人机，须提前2个工作日填写《无人机借用单》，由行政主管签字。",
        "归还：无人机归还时由管理员检查螺旋桨和电池。",
    ]
    file = _word_file(tmp_path, "无人机借用（试行）.docx", "无人机借用办法", lines)
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04" + bytes(200))
    (tmp_path / "照片.heic").write_bytes(bytes(200))
    page = visitor()
    enter_as_owner(page)
    _upload(page, file, tmp_path / "坏.docx", tmp_path / "照片.heic")
    assert "无人机借用（试行）.docx" in page.locator("#upload-result .result.done").inner_text()
    told = page.locator("#upload-result .result.failed").all_inner_texts()
    assert [one.partition("：")[0].split("\n")[0] for one in told] == ["✗ 坏.docx", "✗ 照片.heic"]
    row = page.locator("#documents tr", has_text="无人机借用（试行）.docx")
    row.wait_for()
    question = "借用航拍无人机要提前几天？"
    open_tab(page, "问答")
    turn = ask(page, question)
    assert "2个工作日" in turn.inner_text()
    lines[0] = lines[0].replace("2个工作日", "3个工作日")
    _word_file(tmp_path, file.name, "无人机借用办法", lines)
    open_tab(page, "知识库")
    _upload(page, file, version=2)
    row.locator("button", has_text="版本").click()
    page.locator("#versions ins", has_text="3").first.wait_for()
    row.locator("button", has_text="删除").click()
    row.locator("button", has_text="确定删除").dblclick()  # a double click is not yet a second thought
    page.wait_for_timeout(DOUBLE)
    row.locator("button", has_text="确定删除").click()
    row.wait_for(state="detached")
    open_tab(page, "问答")
    assert "3个工作日" not in ask(page, "航拍无人机借用需要提前几天？").inner_text()
    open_tab(page, "知识库")
    page.locator("#documents .removed summary").click()
    page.locator("#documents .removed button").first.click()
    row.wait_for()


def test_what_a_document_holds_is_text(visitor: Visitor, tmp_path: Path) -> None:
    lines = [
        f"隔热服{HOSTILE}：进入锅炉房必须穿隔热服{HOSTILE}，[点这里](javascript:alert(1))。",
        "手套：搬运钢板戴防割手套。",
    ]
    file = _word_file(tmp_path, "劳保<b>用品.docx", f"劳保用品{HOSTILE}", lines)
    page = visitor()
    enter_as_owner(page)
    _upload(page, file)
    open_tab(page, "问答")
    turn = ask(page, f"进入锅炉房要穿什么？{HOSTILE}")
    assert "<script>" in turn.locator(".lines").inner_text()
    turn.locator(".citation").first.click()
    page.locator("#reader .cited").wait_for()
    assert "<img src=x" in page.locator("#reader .cited").inner_text()
    for name in ("手册", "知识库", "待解问题", "看板"):
        open_tab(page, name)
        page.wait_for_timeout(300)
    assert page.locator("#chat img, #reader img, #documents img, a[href^='javascript:']").count() == 0


def test_nobody_else_gets_in(visitor: Visitor, address: str) -> None:
    page = visitor()
    open_tab(page, "知识库")
    page.locator(".gate input[name=password]:visible").fill("不是这个密码")
    page.locator(".gate button[type=submit]:visible").click()
    page.locator(".gate .said:not(:empty)").first.wait_for()
    assert page.locator("#documents").count() == 0
    files = {"files": {"name": "x.txt", "mimeType": "text/plain", "buffer": b"x"}}
    assert page.request.post(f"{address}/gradio_api/upload", multipart=files).status == 403
