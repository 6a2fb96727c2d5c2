"""Tables that a manager hands in for a plan: read at once, their figures kept under an id, the table itself not.

Beside Gradio's own upload, which is the owner's only. Knows files and sizes; what a table says is ``assistant.plan``'s.
"""

from __future__ import annotations

import asyncio
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, HTTPException, Request

from assistant.drafts import DraftBook
from kb.errors import ShouceError
from kb.records.drafts import NOBODY, Author
from ui.page.drafts import author_of
from ui.page.visitor import visitor_of

if TYPE_CHECKING:
    from ui.session import Session

LARGEST = 10 << 20  # bytes
KINDS = {".xlsx", ".csv"}


def keep_table(session: Session, name: str, content: bytes, *, by: Author = NOBODY) -> str:
    """Read a table and return the id of its figures, ``""`` where they cannot be written.

    Raises:
        SourceUnreadable: it is no table from which figures can be computed.
    """
    from assistant.plan.evidence import evidence_in

    evidence = evidence_in(name, content)
    return DraftBook(session.knowledge).keep_figures(evidence, by=by)


def router(session: Session) -> APIRouter:
    """Return the address that takes tables."""
    routes = APIRouter()

    @routes.post("/plan/data")
    async def data(request: Request, name: str = "") -> dict[str, Any]:
        if request.headers.get("content-type") != "application/octet-stream":
            raise HTTPException(415, "请在网页里选择文件")  # what a form of another site cannot send
        visitor = visitor_of(session, request)
        if not visitor.person:
            raise HTTPException(403, "请先打开网页，再上传数据")
        if PurePath(name).suffix.lower() not in KINDS:
            raise HTTPException(422, "数据要是 xlsx 或 csv 文件")
        if int(request.headers.get("content-length") or LARGEST + 1) > LARGEST:
            raise HTTPException(413, f"文件太大，请留下需要的列和行，{LARGEST >> 20} MB 以内")
        content = await request.body()
        try:
            key = await asyncio.to_thread(keep_table, session, name, content, by=author_of(visitor))
        except ShouceError as error:
            raise HTTPException(422, str(error)) from error
        if not key:
            raise HTTPException(503, "数据没有存下，请稍后再试")
        return {"key": key}

    return routes
