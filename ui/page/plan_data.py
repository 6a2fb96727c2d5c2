"""Tables that a manager hands in for a plan: kept in a temporary folder under a key nobody can guess, a while.

Beside Gradio's own upload, which is the owner's only. Knows files and sizes; what a table says is ``assistant.plan``'s.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, HTTPException, Request

from kb.errors import NotThere
from ui.page.visitor import visitor_of

if TYPE_CHECKING:
    from ui.session import Session

LARGEST = 10 << 20  # bytes
KINDS = {".xlsx", ".csv"}
MOST = 40  # tables that are kept at a time, the oldest go first
LONGEST_NAME = 60


class HandedIn:
    """The tables of one server; safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[str, Path] = {}

    def keep(self, name: str, content: bytes) -> str:
        """Keep a table and return its key."""
        plain = "".join(c for c in PurePath(name.replace("\\", "/")).name if c.isprintable()).strip(". ") or "数据"
        suffix = PurePath(plain).suffix.lower()
        key = secrets.token_hex(12)
        folder = Path(tempfile.mkdtemp(prefix="shouce-data-"))
        path = folder / f"{PurePath(plain).stem[:LONGEST_NAME]}{suffix}"
        path.write_bytes(content)
        with self._lock:
            self._files[key] = path
            while len(self._files) > MOST:
                gone = self._files.pop(next(iter(self._files)))
                shutil.rmtree(gone.parent, ignore_errors=True)
        return key

    def path(self, key: str) -> Path | None:
        """Return the table of a key, None for no key.

        Raises:
            NotThere: it is no longer kept.
        """
        if not key:
            return None
        with self._lock:
            found = self._files.get(key)
        if found is None:
            raise NotThere("上传的数据已经清掉，请再传一次")
        return found


def router(session: Session, tables: HandedIn) -> APIRouter:
    """Return the address that takes tables."""
    routes = APIRouter()

    @routes.post("/plan/data")
    async def data(request: Request, name: str = "") -> dict[str, Any]:
        if request.headers.get("content-type") != "application/octet-stream":
            raise HTTPException(415, "请在网页里选择文件")  # what a form of another site cannot send
        if not visitor_of(session, request).person:
            raise HTTPException(403, "请先打开网页，再上传数据")
        if PurePath(name).suffix.lower() not in KINDS:
            raise HTTPException(422, "数据要是 xlsx 或 csv 文件")
        if int(request.headers.get("content-length") or LARGEST + 1) > LARGEST:
            raise HTTPException(413, f"文件太大，请留下需要的列和行，{LARGEST >> 20} MB 以内")
        return {"key": tables.keep(name, await request.body()), "name": PurePath(name).name}

    return routes
