"""Runs of checklists and tables for plans over their own addresses: entries, photos, what others entered, what is refused."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook

from assistant.checklist.make import make_checklist
from assistant.checklist.photos import LARGEST, MOST, keep_photo, read_photo
from assistant.checklist.runs import ChecklistRuns
from assistant.drafts import DraftBook
from kb.errors import EntryInvalid, NotThere
from kb.knowledge import KnowledgeBase
from ui.page import exporting, plan_data, routes, run_routes
from ui.page.checklist_html import draft_html, lists_html
from ui.page.guard import Guard
from ui.page.run_html import run_html
from ui.page.texts import CHINESE, ENGLISH
from ui.session import Session

JPEG = b"\xff\xd8\xff\xe0" + bytes(40)
HOSTILE = "<img src=x onerror=alert(1)>"
TODAY = date(2026, 11, 29)


@pytest.fixture
def session(sample_copy: KnowledgeBase) -> Session:
    return Session(Path(sample_copy.home))


@pytest.fixture
def run(session: Session) -> str:
    """Return the id of a run with a few lines, among them one that is measured."""
    runs = ChecklistRuns(session.knowledge)
    made = make_checklist(session.knowledge, session.searcher, "附录B", document="服务中断应急响应SOP")
    template = runs.kept_as(made, "附录B", document="服务中断应急响应SOP")
    return runs.start(template.id, day=TODAY, place="东站").row.id


@pytest.fixture
async def client(session: Session) -> Any:
    app = FastAPI()
    app.include_router(routes.router(session))
    app.include_router(run_routes.router(session))
    app.include_router(plan_data.router(session))
    app.include_router(exporting.router(session))
    app.add_middleware(Guard, session=session)

    @app.get("/")
    def page() -> str:
        return "page"

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        yield client


async def test_one_ticks_and_the_other_sees_it(client: httpx.AsyncClient, run: str) -> None:
    await client.get("/")
    await client.post("/who/name", json={"name": "王芳"})
    before = (await client.get(f"/runs/{run}/lines")).json()
    assert before["lines"] == {}
    ticked = await client.post(f"/runs/{run}/tick", json={"number": 1, "result": "fail", "note": HOSTILE})
    assert ticked.status_code == 200
    news = (await client.get(f"/runs/{run}/lines?after={before['last']}")).json()
    assert list(news["lines"]) == ["1"]
    assert "王芳" in news["lines"]["1"]
    assert HOSTILE not in news["lines"]["1"]
    assert (await client.get(f"/runs/{run}/lines?after={news['last']}")).json()["lines"] == {}


async def test_what_does_not_do_is_said_in_one_line(client: httpx.AsyncClient, run: str, session: Session) -> None:
    lines = ChecklistRuns(session.knowledge).run(run).lines
    measured = next(line.check.number for line in lines if line.check.limits)
    entry = {"number": measured, "value": "很多"}
    refused = await client.post(f"/runs/{run}/tick", json=entry)
    assert (refused.status_code, "不是数字" in refused.json()["detail"]) == (422, True)
    assert (await client.post("/runs/没有/tick", json=entry)).status_code == 404
    assert (await client.post(f"/runs/{run}/finish", json={})).status_code == 422
    finished = await client.post(f"/runs/{run}/finish", json={"incomplete": True})
    assert "data-finished" in finished.json()["html"]
    assert (await client.post(f"/runs/{run}/tick", json={"number": 1, "result": "pass"})).status_code == 422


async def test_a_photo_is_kept_and_shown_and_nothing_else_is_one(client: httpx.AsyncClient, run: str) -> None:
    path = f"/runs/{run}/photo?number=1"
    kept = await client.post(path, content=JPEG, headers={"content-type": "image/jpeg"})
    html = kept.json()["lines"]["1"]
    address = html.partition('<img src="')[2].partition('"')[0]
    assert (await client.get(address)).content == JPEG
    script = b"<svg onload=alert(1)>"
    assert (await client.post(path, content=script, headers={"content-type": "image/svg+xml"})).status_code == 422
    assert (await client.post(path, content=JPEG, headers={"content-type": "text/plain"})).status_code == 415
    huge = {"content-type": "image/jpeg", "content-length": str(LARGEST + 1)}
    assert (await client.post(path, content=JPEG, headers=huge)).status_code == 413
    assert (await client.get(f"/runs/{run}/photos/..%2f..%2fidentity.key")).status_code == 404


def test_photos_of_a_run_have_an_end(tmp_path: Path) -> None:
    name = keep_photo(tmp_path, "ab12", JPEG)
    assert read_photo(tmp_path, "ab12", name) == (JPEG, "image/jpeg")
    with pytest.raises(NotThere):
        read_photo(tmp_path, "../ab12", name)
    for number in range(MOST):
        (tmp_path / "photos" / "ab12" / f"{number}.jpg").touch()
    with pytest.raises(EntryInvalid, match="不能再加"):
        keep_photo(tmp_path, "ab12", JPEG)


async def test_a_table_is_taken_from_visitors_of_the_page_only(client: httpx.AsyncClient, session: Session) -> None:
    octets = {"content-type": "application/octet-stream"}
    sent: dict[str, Any] = {"content": "日期,数量\n".encode(), "headers": octets}
    assert (await client.post("/plan/data?name=a.csv", **sent)).status_code == 403
    await client.get("/")
    unreadable = await client.post("/plan/data?name=../../a.csv", **sent)
    assert (unreadable.status_code, "a.csv：没有读到数据" in unreadable.json()["detail"]) == (422, True)
    sent["content"] = "日期,数量\n2026-01-03,2\n2026-02-03,5\n".encode()
    key = (await client.post("/plan/data?name=../../a.csv", **sent)).json()["key"]
    figures = DraftBook(session.knowledge).figures(key)
    assert figures is not None
    assert (figures.file, figures.rows) == ("a.csv", 2)
    assert (await client.post("/plan/data?name=a.exe", **sent)).status_code == 422
    assert (
        await client.post("/plan/data?name=a.csv", content=b"x", headers={"content-type": "text/plain"})
    ).status_code == 415


async def test_what_is_kept_is_exported_as_it_was_made(client: httpx.AsyncClient, session: Session, run: str) -> None:
    made = make_checklist(session.knowledge, session.searcher, "投诉处理")
    kept = DraftBook(session.knowledge).keep_checklist(replace(made, title="改过的标题"))
    reply = await client.get(f"/exports/draft-checklist/{kept.draft}.md")
    assert reply.text.startswith("# 改过的标题")
    assert quote("改过的标题.md") in reply.headers["content-disposition"]
    await client.post(f"/runs/{run}/tick", json={"number": 1, "result": "fail", "note": "=1+1"})
    book = load_workbook(io.BytesIO((await client.get(f"/exports/run/{run}.xlsx")).content))
    cells = [cell for row in book["检查表"].iter_rows() for cell in row]
    assert {"不合格", "=1+1；记录：访客"} <= {cell.value for cell in cells if cell.data_type == "s"}
    csv = (await client.get(f"/exports/run/{run}.csv")).text
    assert "'=1+1" in csv
    for address in (f"run/{run}.exe", "run/没有.xlsx", f"其他/{run}.xlsx", f"template/{HOSTILE}.md", "draft-plan/x.md"):
        refused = await client.get(f"/exports/{quote(address)}")
        assert (refused.status_code, HOSTILE in refused.text) == (404, False)


async def test_a_clause_is_shown_over_the_page(client: httpx.AsyncClient, session: Session) -> None:
    document = session.knowledge.find_document("客户投诉处理SOP").id
    reply = await client.get("/clause", params={"document": document, "section": "5.1", "clause": "5.1-1"})
    assert 'class="words item level0 cited"' in reply.text
    gone = await client.get("/clause", params={"document": document, "section": HOSTILE})
    assert ("data-close" in gone.text, HOSTILE in gone.text) == (True, False)


def test_a_draft_a_run_and_the_lists_are_drawn(session: Session, run: str) -> None:
    made = make_checklist(session.knowledge, session.searcher, "客户投诉处理")
    html = draft_html(replace(made, title=HOSTILE, draft="ab12"), CHINESE, today=TODAY)
    assert 'href="/exports/draft-checklist/ab12.xlsx"' in html
    assert "《客户投诉处理SOP》第 1 版" in html
    assert html.count("<li value=") == len(made.checks)
    assert HOSTILE not in html
    runs = ChecklistRuns(session.knowledge)
    shown = run_html(runs.run(run), session.titles, ENGLISH)
    assert "Pass" in shown
    listed = lists_html(runs.due(TODAY), [runs.run(run)], [(row, 2) for row in runs.rows.templates()], CHINESE)
    assert "2 条的原文已经改了" in listed
