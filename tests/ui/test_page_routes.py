"""Addresses beside Gradio: who is who, conversations as files, who may upload. Asked as a program would."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kb.knowledge import KnowledgeBase
from ui.identity import COOKIE, OWNER_COOKIE, TRAINER_COOKIE
from ui.page import routes
from ui.page.guard import Guard
from ui.page.uploading import named, told_from
from ui.page.visitor import GUEST, owner_of, visitor_of
from ui.session import Session

PASSWORD = "负责人的密码2026"


@pytest.fixture
def session(sample_copy: KnowledgeBase) -> Session:
    """Return a session on a copy of the sample."""
    return Session(Path(sample_copy.home))


@pytest.fixture
async def client(session: Session) -> Any:
    app = FastAPI()
    app.include_router(routes.router(session))

    @app.get("/")
    def page() -> str:
        return "page"

    @app.post("/gradio_api/upload")
    def upload() -> str:
        return "taken"

    app.add_middleware(Guard, session=session)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_everybody_is_somebody_from_the_first_page_on(client: httpx.AsyncClient, session: Session) -> None:
    first = await client.get("/")
    person = session.identity.person(client.cookies[COOKIE])
    assert person is not None
    assert person.name == GUEST
    assert "httponly" in first.headers["set-cookie"].lower()
    assert "set-cookie" not in (await client.get("/")).headers
    named = await client.post("/who/name", json={"name": " 王芳\n"})
    assert named.json() == {"name": "王芳"}
    after = session.identity.person(client.cookies[COOKIE])
    assert after is not None
    assert (after.id, after.name) == (person.id, "王芳")
    assert (await client.post("/who/name", json={"name": "  "})).status_code == 422


async def test_a_forged_cookie_is_nobody(client: httpx.AsyncClient, session: Session) -> None:
    await client.get("/")
    body, _, signature = client.cookies[COOKIE].partition(".")
    forged = f"{body}.{signature[:-4]}0000"
    request = httpx.Request("GET", "http://test/")
    request.cookies = {COOKIE: forged, OWNER_COOKIE: forged}  # type: ignore[attr-defined]
    assert visitor_of(session, request).person == ""
    assert not visitor_of(session, request).owner


async def test_the_owner_needs_the_code_first_and_the_password_then(
    client: httpx.AsyncClient, session: Session
) -> None:
    upload = "/gradio_api/upload"
    assert (await client.post(upload)).status_code == 403
    wrong = await client.post("/who/owner", json={"password": PASSWORD, "code": "不是"})
    assert wrong.status_code == 403
    assert "验证码" in wrong.json()["detail"]
    first = await client.post("/who/owner", json={"password": PASSWORD, "code": session.identity.setup_code})
    assert first.status_code == 200
    assert (await client.post(upload)).status_code == 200
    await client.post("/who/leave")
    client.cookies.delete(OWNER_COOKIE)
    assert (await client.post(upload)).status_code == 403
    assert (await client.post("/who/owner", json={"password": "别的密码别的密码"})).status_code == 403
    assert (await client.post("/who/owner", json={"password": PASSWORD})).status_code == 200
    changed = await client.post("/who/password", json={"old": PASSWORD, "new": "新的密码12345"})
    assert changed.status_code == 200


async def test_the_owner_gives_trainers_a_password_and_takes_it_away(
    client: httpx.AsyncClient, session: Session
) -> None:
    await client.get("/")
    new = {"new": "培训师的密码2026"}
    assert (await client.post("/who/trainers", json=new)).status_code == 403
    cookie = session.identity.set_owner_password(PASSWORD, code=session.identity.setup_code)
    by_owner = {"password": PASSWORD}  # as long as trainers have none of their own
    assert (await client.post("/who/trainer", json=by_owner)).status_code == 200
    assert session.identity.is_owner(client.cookies[OWNER_COOKIE])
    client.cookies.set(OWNER_COOKIE, cookie)
    assert "8 到 200" in (await client.post("/who/trainers", json={"new": "short"})).json()["detail"]
    assert (await client.post("/who/trainers", json=new)).json() == {"trainer": True}
    left = await client.post("/who/leave", json={})
    assert left.headers.get_list("set-cookie")[1].startswith(f'{TRAINER_COOKIE}=""')
    client.cookies.clear()
    await client.get("/")
    assert "培训师密码不对" in (await client.post("/who/trainer", json=by_owner)).json()["detail"]
    await client.post("/who/trainer", json={"password": new["new"]})
    held = client.cookies[TRAINER_COOKIE]
    assert (session.identity.is_trainer(held), session.identity.is_owner(held)) == (True, False)
    assert (await client.post("/who/trainers", json={"new": ""})).status_code == 403  # a trainer is no owner
    assert (await client.post("/gradio_api/upload")).status_code == 403
    client.cookies.set(OWNER_COOKIE, cookie)
    await client.post("/who/trainers", json={})
    assert not session.identity.is_trainer(held)


async def test_a_conversation_is_a_file_for_its_person_only(client: httpx.AsyncClient, session: Session) -> None:
    await client.get("/")
    person = session.identity.person(client.cookies[COOKIE])
    assert person is not None
    key = session.knowledge.records.conversations.new(person.id)
    session.assistant.ask("抽检的一票否决项有哪些？", conversation=key)
    for kind, start in (("docx", b"PK"), ("md", b"#")):
        reply = await client.get(f"/conversations/{key}.{kind}")
        assert reply.content.startswith(start)
        assert "attachment" in reply.headers["content-disposition"]
    assert (await client.get(f"/conversations/{key}.exe")).status_code == 404
    client.cookies.clear()
    await client.get("/")
    assert (await client.get(f"/conversations/{key}.md")).status_code == 404


async def test_the_page_may_load_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/healthz")).headers["content-security-policy"]
    assert "http" not in policy
    assert "default-src 'self'" in policy


def test_only_the_owner_is_the_owner(session: Session) -> None:
    from kb.errors import NotAllowed

    with pytest.raises(NotAllowed):
        owner_of(session, httpx.Request("GET", "http://test/"))


@pytest.mark.parametrize("names", ["", "[]", "no json", '["一个"]', "{}"])
def test_names_that_do_not_fit_are_left_aside(names: str) -> None:
    assert named(["/x/甲.docx", "/x/乙.docx"], names) == [("/x/甲.docx", "甲.docx"), ("/x/乙.docx", "乙.docx")]


def test_what_work_raises_is_raised_where_it_is_awaited() -> None:
    def work(tell: Any) -> None:
        tell("一")
        raise ValueError("坏了")

    def told() -> Iterator[str]:
        yield from told_from(work)

    with pytest.raises(ValueError, match="坏了"):
        list(told())
