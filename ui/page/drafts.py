"""The list of drafts that were made: found again by title, opened with a click, deleted and brought back.

Knows rows of drafts and who is at the page: everybody sees their own, the owner all. What a draft looks like is the tab's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.drafts import DraftBook
from assistant.sources import SourceVersion
from kb.errors import ShouceError
from kb.records.drafts import Author
from ui.page.render import attributes, shown
from ui.page.talks import BIN, day_of
from ui.page.visitor import visitor_of

if TYPE_CHECKING:
    from kb.records.drafts import Kind, ListedDraft
    from ui.page.frame import Page
    from ui.page.texts import Words
    from ui.page.visitor import Visitor
    from ui.session import Session

FIRST = 6  # that are shown at once; the earlier ones are folded
Listed = Callable[..., str]


def author_of(visitor: Visitor) -> Author:
    """Return who makes a draft at the page."""
    return Author(visitor.name, visitor.person)


def drafts_html(session: Session, kind: Kind, visitor: Visitor, words: Words, *, undo: str = "") -> str:
    """Return the drafts that the visitor may see, latest first; ``undo`` is one that was just deleted."""
    rows = DraftBook(session.knowledge).rows
    found: Sequence[ListedDraft] = ()
    if visitor.owner or visitor.person:
        found = rows.list(kind, person=None if visitor.owner else visitor.person)
    told = ""
    if undo:
        undoing = f'<button type="button" class="link"{attributes(act="undo", id=undo)}>{words("talk.undo")}</button>'
        told = f'<div class="undo">{words("draft.deleted")} {undoing}</div>'
    if not (found or told):
        return ""
    items = [_item(one, visitor, words) for one in found]
    earlier = ""
    if items[FIRST:]:
        title = f"{words('draft.earlier')}（{len(items) - FIRST}）"
        earlier = f'<details><summary>{title}</summary><ul class="listed">{"".join(items[FIRST:])}</ul></details>'
    first = f'<ul class="listed">{"".join(items[:FIRST])}</ul>'
    return f'<section class="drafts"><h4>{words("draft.recent")}</h4>{told}{first}{earlier}</section>'


def _item(one: ListedDraft, visitor: Visitor, words: Words) -> str:
    sources = [SourceVersion(**source) for source in one.documents]
    named = [words("draft.source").format(source.title, source.version) for source in sources]
    by = one.made_by if one.person != visitor.person else ""
    told = " · ".join(part for part in (day_of(one.made_at), by, words("draft.and").join(named)) if part)
    label = words("draft.delete")
    return (
        f'<li class="with-bin"><button type="button"{attributes(act="select", mode="draft", id=one.id)}>'
        f"<span>{shown(one.title)}</span><small>{shown(told)}</small></button>"
        f'<button type="button" class="bin" aria-label="{label}" title="{label}"{attributes(act="delete", id=one.id)}>'
        f"{BIN}</button></li>"
    )


def connect(page: Page, listed: gr.HTML, lists: Listed) -> None:
    """Say what happens when a draft is deleted or brought back; ``lists`` draws what stands in ``listed`` for a request."""
    session = page.session
    rows = DraftBook(session.knowledge).rows

    def deleted(request: gr.Request, event: gr.EventData) -> Any:  # noqa: ANN401
        return changed(request, event, rows.delete, undo=True)

    def undone(request: gr.Request, event: gr.EventData) -> Any:  # noqa: ANN401
        return changed(request, event, rows.undelete, undo=False)

    def changed(request: gr.Request, event: gr.EventData, change: Callable[..., None], *, undo: bool) -> Any:  # noqa: ANN401
        visitor, key = visitor_of(session, request), str((event._data or {}).get("id") or "")
        try:
            change(key, person=None if visitor.owner else visitor.person)
        except ShouceError as error:
            gr.Warning(str(error))
            return gr.skip()
        return lists(request, undo=key if undo else "")

    listed.delete(deleted, None, [listed], **page.direct)
    listed.undo(undone, None, [listed], **page.direct)
