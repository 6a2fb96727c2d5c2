"""What is on the sheet, taken along as a file: the links under a draft, a plan, a run, and the address they lead to.

What is exported is what is kept; nothing is drafted again. Knows addresses and links; the files are ``ui.exports``'.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from kb.errors import ShouceError
from ui.exports import MEDIA, export
from ui.page.render import shown
from ui.page.visitor import words_of

if TYPE_CHECKING:
    from assistant.sources import SourceVersion
    from ui.page.texts import Words
    from ui.session import Session

CHECKLIST_FORMS, PLAN_FORMS = ("xlsx", "docx", "md", "csv"), ("docx", "xlsx", "md")
_NAMES = {"xlsx": "Excel", "docx": "Word", "md": "Markdown", "csv": "CSV"}


def links_html(kind: str, key: str, forms: Sequence[str], words: Words, *, version: int | None = None) -> str:
    """Return a link a format to what is kept under ``kind`` and ``key``; nothing where it could not be kept."""
    if not key:
        return ""
    wanted = f"?version={version}" if version else ""
    links = "".join(
        f'<a class="export" href="/exports/{kind}/{quote(key)}.{form}{wanted}">{_NAMES[form]}</a>' for form in forms
    )
    return f'<p class="exports"><span>{words("draft.export")}</span>{links}</p>'


def sources_html(sources: Sequence[SourceVersion], since: str, words: Words) -> str:
    """Return which versions of which documents something was drafted from, and plainly what has become of them since."""
    named = words("draft.and").join(words("draft.source").format(one.title, one.version) for one in sources)
    told = f'<p class="quiet">{shown(words("draft.from").format(named))}</p>' if sources else ""
    return told + (f'<p class="notice hint">{shown(since)}</p>' if since else "")


def router(session: Session) -> APIRouter:
    """Return the address of the files."""
    routes = APIRouter()

    @routes.get("/exports/{kind}/{name}")
    def exported(kind: str, name: str, request: Request, version: int | None = None) -> Response:
        key, _, form = name.rpartition(".")
        try:
            made = export(session, kind, key, form, version=version)
        except ShouceError as error:
            return HTMLResponse(_problem(str(error), words_of(request)), 404)
        named = f"attachment; filename*=UTF-8''{quote(made.name)}"
        return Response(made.content, media_type=MEDIA[made.form], headers={"content-disposition": named})

    return routes


def _problem(message: str, words: Words) -> str:
    """Return a small page that says why there is no file, and leads back."""
    return (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<body style="font: 16px/1.7 sans-serif; max-width: 34em; margin: 15vh auto; padding: 0 1em"><p>{shown(message)}</p>'
        f'<p><a href="/">{words("draft.home")}</a></p></body>'
    )
