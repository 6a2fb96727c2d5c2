"""The list of a person's conversations beside the chat: search, open, rename, delete and bring back, export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import gradio as gr

from kb.errors import ShouceError
from ui.page import turns
from ui.page.render import attributes, shown
from ui.page.texts import Words
from ui.page.turns import Talk
from ui.page.visitor import visitor_of, words_of

if TYPE_CHECKING:
    from kb.records import Conversation
    from ui.page.ask_tab import AskTab
    from ui.page.frame import Page
    from ui.page.visitor import Visitor
    from ui.session import Session

_PENCIL = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 20h4L19 9l-4-4L4 16zM13 7l4 4"/></svg>'
BIN = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v6M14 11v6"/></svg>'


def day_of(moment: str, *, today: datetime | None = None) -> str:
    """Return when something was, as people say it: the time if it was today, else the date; ``moment`` in ISO 8601."""
    at = datetime.fromisoformat(moment).astimezone()
    now = (today or datetime.now(at.tzinfo)).astimezone(at.tzinfo)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return f"{at.month}月{at.day}日" if at.year == now.year else f"{at:%Y-%m-%d}"


def list_html(
    session: Session, visitor: Visitor, words: Words, *, search: str | None = "", current: str = "", undo: str = ""
) -> str:
    """Return the visitor's conversations, latest first; ``undo`` is one that was just deleted."""
    found = (
        session.knowledge.records.conversations.list(visitor.person, search=(search or "").strip())
        if visitor.person
        else ()
    )
    items = "".join(_item(one, words, chosen=one.id == current) for one in found)
    deleted = ""
    if undo:
        act = attributes(act="undo", id=undo)
        deleted = (
            f'<div class="undo">{words("talk.deleted")} <button type="button"{act}>{words("talk.undo")}</button></div>'
        )
    empty = words("talk.none_found" if (search or "").strip() else "talk.none")
    return f'{deleted}<div class="talk-list">{items or f"<p class=quiet>{empty}</p>"}</div>'


def _item(one: Conversation, words: Words, *, chosen: bool) -> str:
    rename = attributes(act="edit", id=one.id, prompt=words("talk.rename"), before=one.title)
    delete = attributes(act="delete", id=one.id)
    exports = "".join(
        f'<a href="/conversations/{shown(one.id)}.{kind}" download title="{words(label)}">{name}</a>'
        for kind, label, name in (("docx", "talk.word", "Word"), ("md", "talk.markdown", "MD"))
    )
    return (
        f'<div class="talk{" chosen" if chosen else ""}"><button type="button" class="title"'
        f"{attributes(act='select', id=one.id)}><span>{shown(one.title)}</span>"
        f"<small>{shown(day_of(one.changed_at))}</small></button>"
        f'<div class="acts">{exports}<button type="button" aria-label="{words("talk.rename")}" title="{words("talk.rename")}"'
        f'{rename}>{_PENCIL}</button><button type="button" aria-label="{words("talk.delete")}" title="{words("talk.delete")}"'
        f"{delete}>{BIN}</button></div></div>"
    )


def connect(page: Page, tab: AskTab, new: gr.Button, search: gr.Textbox) -> None:
    """Say what happens when a conversation is begun, looked for, opened, renamed, deleted or brought back."""
    session = page.session
    conversations = session.knowledge.records.conversations

    def begun(role: str, request: gr.Request) -> tuple[Any, ...]:
        words = words_of(request)
        listed = list_html(session, visitor_of(session, request), words)
        return turns.welcome_html(session, role, words), "", Talk(), listed

    def opened(talk: Talk, wanted: str, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        words, visitor, key = words_of(request), visitor_of(session, request), _id(event)
        try:
            talk = Talk(key, turns.stored_turns(session, key, visitor))
        except ShouceError as error:
            gr.Warning(str(error))
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        listed = list_html(session, visitor, words, search=wanted, current=key)
        return turns.history_html(session, talk, words), "", talk, listed

    def deleted(talk: Talk, wanted: str, role: str, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        words, visitor, key = words_of(request), visitor_of(session, request), _id(event)
        try:
            conversations.delete(key, person=visitor.person)
        except ShouceError as error:
            gr.Warning(str(error))
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        listed = list_html(session, visitor, words, search=wanted, current=talk.conversation, undo=key)
        if key != talk.conversation:
            return gr.skip(), gr.skip(), gr.skip(), listed
        return turns.welcome_html(session, role, words), "", Talk(), listed

    def changing(change: Callable[[str, str, str], None]) -> Callable[..., str]:
        def changed(talk: Talk, wanted: str, request: gr.Request, event: gr.EventData) -> str:
            visitor = visitor_of(session, request)
            try:
                change(_id(event), str((event._data or {}).get("text") or ""), visitor.person)
            except ShouceError as error:
                gr.Warning(str(error))
            return list_html(session, visitor, words_of(request), search=wanted, current=talk.conversation)

        return changed

    def searched(wanted: str, talk: Talk, request: gr.Request) -> str:
        visitor = visitor_of(session, request)
        return list_html(session, visitor, words_of(request), search=wanted, current=talk.conversation)

    shown_now = [tab.history, tab.live, tab.talk, tab.talks]
    new.click(begun, [tab.role], shown_now, **page.direct)
    search.change(searched, [search, tab.talk], [tab.talks], **page.direct)
    tab.talks.select(opened, [tab.talk, search], shown_now, **page.direct)
    tab.talks.delete(deleted, [tab.talk, search, tab.role], shown_now, **page.direct)
    renamed = changing(lambda key, title, person: conversations.rename(key, title, person=person))
    undone = changing(lambda key, _, person: conversations.undelete(key, person=person))
    tab.talks.edit(renamed, [tab.talk, search], [tab.talks], **page.direct)
    tab.talks.undo(undone, [tab.talk, search], [tab.talks], **page.direct)


def _id(event: gr.EventData) -> str:
    return str((event._data or {}).get("id") or "")
