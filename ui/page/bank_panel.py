"""The trainer's part of 测验: the item bank, a paper handed out, what was turned down, figures. The trainers' and the owner's.

Knows sessions and what a button on the sheet asks for. What it shows is drawn by ``bank_html`` and ``quiz_html``.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, HTTPException, Request

from assistant.quiz import intake
from assistant.quiz.attempts import Attempts
from assistant.quiz.bank import Bank, Banked
from assistant.quiz.check.sources import Sources
from assistant.quiz.edit import edited, form_of
from assistant.quiz.model import Paper
from kb.errors import NothingToAsk, ShouceError
from kb.synonyms import load_synonyms
from ui.page import bank_html, quiz_html
from ui.page.render import notice
from ui.page.visitor import trainer_of, words_of

if TYPE_CHECKING:
    from ui.page.texts import Words
    from ui.session import Session

MOST_ITEMS = 50
LARGEST = 10 << 20
_SEARCH = ("words", "type", "state", "tag")


def bank_of(session: Session, *, searching: bool = False) -> Bank:
    """Return the bank of a session; ``searching`` where items from elsewhere are to be tied to clauses."""
    knowledge = session.knowledge
    sources = Sources(knowledge.section, load_synonyms(knowledge.settings.home))
    return Bank(knowledge, sources, session.searcher if searching else None)


def act(session: Session, mode: str, given: Mapping[str, Any], request: Any) -> str:  # noqa: ANN401
    """Do what a button of the bank asks for and return what the sheet shows then.

    Raises:
        ShouceError: it is no trainer who asks, or it cannot be done.
    """
    words, trainer = words_of(request), trainer_of(session, request)
    bank, key = bank_of(session), str(given.get("item") or "")
    asked = {name: str(given.get(name) or "") for name in _SEARCH}
    told = ""
    if mode == "bank-edit":
        return bank_html.edit_html(bank.get(key), session.titles, words)
    if mode == "bank-save":
        return _saved(session, bank, key, given, words)
    if mode == "bank-paper":
        return _handed_out(session, found(bank, asked), trainer.person, words)
    if mode == "bank-keep":
        attempt = session.knowledge.records.quizzes.attempt(str(given.get("attempt") or ""))
        kept = bank.keep(Attempts(session.knowledge).paper(attempt.paper).questions, author=trainer.name)
        told, asked = notice(words("bank.kept").format(len(kept)), "done"), {}
    elif mode == "bank-recheck":
        told = notice(words("bank.rechecked").format(len(bank.recheck())), "done")
    elif mode in {"bank-retire", "bank-restore"}:
        bank.set_state(key, "retired" if mode == "bank-retire" else "kept")
    return listed(session, bank, asked, words, told)


def listed(session: Session, bank: Bank, asked: Mapping[str, str], words: Words, told: str = "") -> str:
    """Return the search with what it finds."""
    tags = sorted({tag for row in session.knowledge.records.quizzes.items() for tag in row.tags})
    return bank_html.bank_html(found(bank, asked), asked, tags, session.titles, words, told=told)


def found(bank: Bank, asked: Mapping[str, str]) -> list[Banked]:
    """Return the items that a search asks for."""
    state = asked.get("state") or "kept"
    items = bank.find(
        asked.get("words", ""),
        type_=asked.get("type", ""),
        tag=asked.get("tag", ""),
        state="retired" if state == "retired" else "kept",
        stale=True if state == "stale" else None,
    )
    return [one for one in items if one.problems] if state == "problem" else items


def _saved(session: Session, bank: Bank, key: str, given: Mapping[str, Any], words: Words) -> str:
    before = bank.get(key)
    typed = {name: str(value) for name, value in given.items() if name in form_of(before.question)}
    try:
        bank.edit(edited(before.question, typed))
    except ShouceError as error:
        return bank_html.edit_html(before, session.titles, words, told=notice(str(error)), typed=typed)
    after = bank.tag(key, str(given.get("_tags") or "").replace("，", "、").replace(",", "、").split("、"))
    told = notice(words("bank.saved"), "done")
    if after.problems:
        told = notice(words("bank.saved_with_problems"), "hint")
    return bank_html.edit_html(after, session.titles, words, told=told)


def _handed_out(session: Session, items: list[Banked], person: str, words: Words) -> str:
    questions = tuple(one.question for one in items if one.usable)[:MOST_ITEMS]
    if not questions:
        raise NothingToAsk("这里没有可用的题：停用的、条款已改的、没有通过检查的不能组卷")
    attempts = Attempts(session.knowledge)
    key = attempts.offer(Paper(words("bank.paper_title"), questions, seed=0), by=person)
    return quiz_html.paper_html(attempts.start(key, person), words, paper=key, trainer=True)


def figures(session: Session, request: Any) -> str:  # noqa: ANN401
    """Return the trainer's figures.

    Raises:
        NotAllowed: it is no trainer who asks.
    """
    from assistant.quiz.statistics import by_clause, by_item, by_person, spread

    words = words_of(request)
    trainer_of(session, request)
    quizzes = session.knowledge.records.quizzes
    rows = quizzes.answers()
    shares = [one.score / one.points for one in quizzes.attempts() if one.finished_at and one.points]
    people = by_person(rows)
    names = session.knowledge.records.people.names([one.key for one in people])
    stems = {str(item["id"]): str(item["stem"]) for row in quizzes.papers() for item in row.paper.get("questions", ())}
    return quiz_html.figures_html(
        quiz_html.Figures(people, by_clause(rows), by_item(rows), spread(shares)), names, stems, session.titles, words
    )


def router(session: Session) -> APIRouter:
    """Return the address that takes an item bank from elsewhere."""
    routes = APIRouter()

    @routes.post("/quiz/bank")
    async def take_in(request: Request, name: str = "") -> dict[str, Any]:
        try:
            trainer = trainer_of(session, request)
        except ShouceError as error:
            raise HTTPException(403, str(error)) from error
        if request.headers.get("content-type") != "application/octet-stream":
            raise HTTPException(415, "请在网页里选择文件")
        if int(request.headers.get("content-length") or LARGEST + 1) > LARGEST:
            raise HTTPException(413, f"文件太大，请拆成 {LARGEST >> 20} MB 以内的几份")
        return await asyncio.to_thread(_taken_in, session, name, await request.body(), trainer.name)

    return routes


def _taken_in(session: Session, name: str, content: bytes, author: str) -> dict[str, Any]:
    try:
        with tempfile.TemporaryDirectory(prefix="shouce-bank-") as folder:
            path = Path(folder) / f"题库{PurePath(name).suffix.lower()[:10]}"
            path.write_bytes(content)
            read = intake.read(path)
        kept = bank_of(session, searching=True).take_in(read.questions, author=author)
    except ShouceError as error:
        raise HTTPException(422, str(error)) from error
    return {"taken": len(kept), "usable": sum(one.usable for one in kept), "left_out": len(read.left_out)}
