"""The trainer's part of 测验: an item kept, edited, retired, taken in, put on a paper; for trainers only; everything as text."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from assistant.quiz.attempts import Attempts
from assistant.quiz.make import Order, QuizMaker, Scope
from kb.errors import NotAllowed
from kb.knowledge import KnowledgeBase
from ui.identity import COOKIE, OWNER_COOKIE, TRAINER_COOKIE
from ui.page import bank_panel
from ui.page.visitor import owner_of
from ui.session import Session

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def session(sample_copy: KnowledgeBase) -> Session:
    return Session(Path(sample_copy.home))


@pytest.fixture
def owner(session: Session) -> Any:
    _, person = session.identity.new_person("培训师")
    password = session.identity.set_owner_password("负责人的密码2026", code=session.identity.setup_code)
    return SimpleNamespace(cookies={COOKIE: person, OWNER_COOKIE: password}, headers={"accept-language": "zh-CN"})


@pytest.fixture
def attempt(session: Session) -> str:
    document = session.knowledge.find_document("客户投诉处理SOP").id
    made = QuizMaker(session.knowledge).papers(Order(Scope(section="5.1", documents=(document,)), count=5))[0]
    attempts = Attempts(session.knowledge)
    return attempts.start(attempts.offer(made), "甲").id


def test_a_trainer_keeps_the_bank_without_being_the_owner(session: Session, attempt: str) -> None:
    session.identity.set_trainer_password("培训师的密码2026")
    _, person = session.identity.new_person("陈老师")
    cookie = session.identity.trainer_login("培训师的密码2026", client="a")
    trainer = SimpleNamespace(cookies={COOKIE: person, TRAINER_COOKIE: cookie}, headers={})
    assert 'data-mode="bank-edit"' in bank_panel.act(session, "bank-keep", {"attempt": attempt}, trainer)
    assert "还没有人交卷" in bank_panel.figures(session, trainer)
    with pytest.raises(NotAllowed):
        owner_of(session, trainer)


def test_nobody_but_trainers_and_the_owner_sees_the_bank(session: Session) -> None:
    visitor = SimpleNamespace(cookies={}, headers={})
    for mode in ("bank", "bank-keep", "bank-edit", "bank-save", "bank-paper"):
        with pytest.raises(NotAllowed):
            bank_panel.act(session, mode, {}, visitor)
    with pytest.raises(NotAllowed):
        bank_panel.figures(session, visitor)


def test_items_are_kept_edited_retired_and_put_on_a_paper(session: Session, owner: Any, attempt: str) -> None:
    kept = bank_panel.act(session, "bank-keep", {"attempt": attempt}, owner)
    assert kept.count('data-mode="bank-edit"') == 5
    key = bank_panel.bank_of(session).find()[0].question.id
    typed = {"item": key, "stem": f"多久登记{HOSTILE}？", "_tags": "新人，投诉"}
    saved = bank_panel.act(session, "bank-save", typed, owner)
    assert (HOSTILE in saved, "&lt;img" in saved) == (False, True)
    assert bank_panel.bank_of(session).get(key).tags == ("新人", "投诉")
    assert "题干是空的" in bank_panel.act(session, "bank-save", {"item": key, "stem": " "}, owner)
    bank_panel.act(session, "bank-retire", {"item": key}, owner)
    assert 'data-mode="bank-restore"' in bank_panel.act(session, "bank", {"state": "retired"}, owner)
    paper = bank_panel.act(session, "bank-paper", {}, owner)
    assert paper.count("data-item=") == 4
    assert 'data-share="paper"' in paper


async def test_a_bank_from_elsewhere_is_taken_in_from_the_owner(session: Session, owner: Any) -> None:
    app = FastAPI()
    app.include_router(bank_panel.router(session))
    gift = "::一::客服专员接到投诉后多久内建立投诉工单？{=10分钟内 ~30分钟内 ~2小时内 ~当日}\n".encode()
    sent = {"content": gift, "headers": {"content-type": "application/octet-stream"}}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.post("/quiz/bank?name=a.gift", **sent)).status_code == 403
        client.cookies.update(owner.cookies)
        assert (await client.post("/quiz/bank?name=a.gift", **sent)).json()["taken"] == 1
        assert (await client.post("/quiz/bank?name=a.exe", **sent)).status_code == 422
