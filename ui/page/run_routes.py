"""The addresses that a run of a checklist is worked through with: entries, photos, what others entered meanwhile.

Beside Gradio's events, because several people are on one run: a browser asks every few seconds what came after the
entry it knows and gets those lines only. Bodies are JSON or a picture, neither of which a form of another site can send.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request, Response

from assistant.checklist.photos import LARGEST, read_photo
from assistant.checklist.runs import ChecklistRuns, Run
from kb.errors import NotThere, ShouceError
from kb.records.checklists import TickRow
from ui.page import run_html
from ui.page.visitor import GUEST, visitor_of, words_of

if TYPE_CHECKING:
    from ui.session import Session

Fields = Annotated[dict[str, Any], Body()]
_ENTERED = ("result", "value", "note", "signed", "assigned")
_LONGEST = 4000


def router(session: Session) -> APIRouter:
    """Return the routes of ``session``."""
    routes = APIRouter(prefix="/runs")
    home = session.settings.home

    @routes.get("/{key}/lines")
    def lines(key: str, request: Request, after: int = 0) -> dict[str, Any]:
        with _told():
            run = ChecklistRuns(session.knowledge).run(key)
        return _news(session, run, after, request)

    @routes.post("/{key}/tick")
    def tick(key: str, request: Request, fields: Fields) -> dict[str, Any]:
        result, value, note, signed, assigned = (str(fields.get(name) or "").strip()[:_LONGEST] for name in _ENTERED)
        person = _name(session, request)
        with _told():
            number = int(fields.get("number") or 0)
            entry = TickRow(number, result, value, note, signed=signed, assigned=assigned, person=person)
            run = ChecklistRuns(session.knowledge).tick(key, entry)
        return _news(session, run, int(fields.get("after") or 0), request)

    @routes.post("/{key}/photo")
    async def photo(key: str, request: Request, number: int, after: int = 0) -> dict[str, Any]:
        if not request.headers.get("content-type", "").startswith("image/"):
            raise HTTPException(415, "这不是照片")
        if int(request.headers.get("content-length") or LARGEST + 1) > LARGEST:
            raise HTTPException(413, f"照片太大，请选 {LARGEST >> 20} MB 以内的图片")
        content = await request.body()
        return await asyncio.to_thread(_kept, session, key, number, content, after, request)

    @routes.get("/{key}/photos/{name}")
    def picture(key: str, name: str) -> Response:
        with _told():
            content, kind = read_photo(home, key, name)
        return Response(content, media_type=kind, headers={"cache-control": "private, max-age=86400"})

    @routes.post("/{key}/finish")
    def finish(key: str, request: Request, fields: Fields) -> dict[str, Any]:
        with _told():
            run = ChecklistRuns(session.knowledge).finish(key, incomplete=bool(fields.get("incomplete")))
        return {"html": run_html.run_html(run, session.titles, words_of(request))}

    return routes


def _kept(session: Session, key: str, number: int, content: bytes, after: int, request: Request) -> dict[str, Any]:
    with _told():
        run = ChecklistRuns(session.knowledge).photograph(key, number, content, by=_name(session, request))
    return _news(session, run, after, request)


@contextmanager
def _told() -> Iterator[None]:
    """Turn an error of ours into the answer that says it."""
    try:
        yield
    except NotThere as error:
        raise HTTPException(404, str(error)) from error
    except ShouceError as error:
        raise HTTPException(422, str(error)) from error


def _name(session: Session, request: Request) -> str:
    return visitor_of(session, request).name or GUEST


def _news(session: Session, run: Run, after: int, request: Request) -> dict[str, Any]:
    """Return the lines with an entry after number ``after``, and how far the run is."""
    words, titles = words_of(request), session.titles
    used = {line.check.citation.document for line in run.lines}
    named = {key: title for key, title in titles.items() if key in used}
    changed = [line for line in run.lines if line.history and line.history[-1].sequence > after]
    return {
        "last": run_html.last_entry(run),
        "finished": bool(run.row.finished_at),
        "progress": run_html.progress_html(run, words),
        "foot": run_html.foot_html(run, words),
        "lines": {line.check.number: run_html.line_html(line, run, named, words) for line in changed},
    }
