"""The page's own addresses beside Gradio: who is who, a clause to look at, conversations as files, the sign of life.

Cookies are set here, because a Gradio event cannot. Bodies are JSON, which a form of another site cannot send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, HTTPException, Request, Response

from kb.errors import NotThere, ShouceError
from ui.identity import COOKIE, COOKIE_SECONDS, OWNER_COOKIE, OWNER_SECONDS, TRAINER_COOKIE
from ui.page import reader
from ui.page.visitor import owner_of, visitor_of, words_of

if TYPE_CHECKING:
    from ui.session import Session

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Fields = Annotated[dict[str, Any], Body()]


def router(session: Session) -> APIRouter:
    """Return the routes of ``session``."""
    routes = APIRouter()

    @routes.get("/healthz")
    def healthz() -> dict[str, Any]:
        return {"status": "ok", "documents": len(session.knowledge.documents())}

    @routes.get("/clause")
    def clause(request: Request, document: str, section: str, clause: str = "") -> Response:
        words = words_of(request)
        try:
            html = reader.section_html(session.knowledge, document, section, clause=clause, words=words)
        except ShouceError as error:
            html = reader.problem_html(str(error), words)
        return Response(html, media_type="text/html; charset=utf-8")

    _who(routes, session)
    _doors(routes, session)
    _export(routes, session)
    return routes


def _who(routes: APIRouter, session: Session) -> None:
    identity = session.identity

    @routes.post("/who/name")
    def name(request: Request, response: Response, fields: Fields) -> dict[str, Any]:
        asked = str(fields.get("name", ""))
        try:
            before = identity.person(request.cookies.get(COOKIE, ""))
            person, cookie = identity.renamed(before, asked) if before else identity.new_person(asked)
        except ShouceError as error:
            raise HTTPException(422, str(error)) from error
        session.knowledge.records.people.remember(person.id, person.name)
        _set(response, COOKIE, cookie, COOKIE_SECONDS)
        return {"name": person.name}

    @routes.post("/who/leave")
    def leave(response: Response) -> dict[str, Any]:
        for name in (OWNER_COOKIE, TRAINER_COOKIE):
            response.delete_cookie(name, path="/")
        return {"owner": False}


def _doors(routes: APIRouter, session: Session) -> None:
    """Add what lets the owner and trainers in, and what the owner changes of it."""
    identity = session.identity

    @routes.post("/who/owner")
    def owner(request: Request, response: Response, fields: Fields) -> dict[str, Any]:
        client = request.client.host if request.client else ""
        password = str(fields.get("password", ""))
        try:
            if identity.has_owner_password:
                cookie = identity.owner_login(password, client=client)
            else:
                cookie = identity.set_owner_password(password, code=str(fields.get("code", "")), client=client)
        except ShouceError as error:
            raise HTTPException(403, str(error)) from error
        _set(response, OWNER_COOKIE, cookie, OWNER_SECONDS)
        return {"owner": True}

    @routes.post("/who/password")
    def password(request: Request, response: Response, fields: Fields) -> dict[str, Any]:
        client = request.client.host if request.client else ""
        old, new = str(fields.get("old", "")), str(fields.get("new", ""))
        try:
            cookie = identity.set_owner_password(new, old=old, client=client)
        except ShouceError as error:
            raise HTTPException(403, str(error)) from error
        _set(response, OWNER_COOKIE, cookie, OWNER_SECONDS)
        return {"owner": True}

    @routes.post("/who/trainer")
    def trainer(request: Request, response: Response, fields: Fields) -> dict[str, Any]:
        client = request.client.host if request.client else ""
        password = str(fields.get("password", ""))
        try:
            if identity.has_trainer_password:
                _set(response, TRAINER_COOKIE, identity.trainer_login(password, client=client), OWNER_SECONDS)
            else:
                _set(response, OWNER_COOKIE, identity.owner_login(password, client=client), OWNER_SECONDS)
        except ShouceError as error:
            raise HTTPException(403, str(error)) from error
        return {"trainer": True}

    @routes.post("/who/trainers")
    def trainers(request: Request, fields: Fields) -> dict[str, Any]:
        try:
            owner_of(session, request)
            identity.set_trainer_password(str(fields.get("new", "")))
        except ShouceError as error:
            raise HTTPException(403, str(error)) from error
        return {"trainer": identity.has_trainer_password}


def _export(routes: APIRouter, session: Session) -> None:
    @routes.get("/conversations/{name}")
    def exported(name: str, request: Request) -> Response:
        key, _, kind = name.rpartition(".")
        visitor = visitor_of(session, request)
        conversations = session.knowledge.records.conversations
        try:
            found = conversations.get(key, person=visitor.person)
            turns = conversations.turns(key, person=visitor.person)
        except NotThere as error:
            raise HTTPException(404, str(error)) from error
        from ui.conversation_files import to_docx, to_markdown

        if kind == "docx":
            return _file(to_docx(found.title, turns, session.titles), f"{found.title}.docx", _WORD)
        if kind == "md":
            text = to_markdown(found.title, turns, session.titles)
            return _file(text.encode(), f"{found.title}.md", "text/markdown; charset=utf-8")
        raise HTTPException(404, "只能导出为 .docx 或 .md")


def _set(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="lax")


def _file(content: bytes, name: str, kind: str) -> Response:
    safe = "".join(character if character.isalnum() or character in " ._-（）" else "_" for character in name)
    return Response(
        content, media_type=kind, headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(safe)}"}
    )
