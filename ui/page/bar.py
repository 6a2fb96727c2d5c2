"""The bar over the tabs: the name of the page, and who is here. Nobody has to say who they are to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.page.render import shown
from ui.page.texts import Words

if TYPE_CHECKING:
    from ui.page.visitor import Visitor

_MARK = (
    '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect x="5" y="4" width="22" height="24" rx="3"/>'
    '<path d="M11 4v24M15 11h8M15 16h8M15 21h5"/></svg>'
)


def bar_html(visitor: Visitor, words: Words, *, due: int = 0) -> str:
    """Return the bar: checks that are due, the name asked for where it is not known, else who is here."""
    form = (
        f'<form class="name" data-path="/who/name" id="name-form"{" hidden" if visitor.name else ""}>'
        f'<label for="who-name">{words("who.ask")}</label>'
        f'<input id="who-name" name="name" maxlength="40" required placeholder="{words("who.placeholder")}" autocomplete="name">'
        f'<button type="submit">{words("who.save")}</button><span class="said" role="alert"></span></form>'
    )
    owner = (
        f'<span class="owner">{words("who.owner" if visitor.owner else "who.trainer")}</span>'
        f'<button type="button" class="quiet" data-post="/who/leave">{words("who.leave")}</button>'
        if visitor.trainer
        else ""
    )
    person = (
        f'<button type="button" class="person" data-toggle="#name-form" title="{words("who.rename")}">'
        f"<i>{shown(visitor.name[:1])}</i><span>{shown(visitor.name)}</span></button>"
        if visitor.name
        else ""
    )
    named = words("bar.due")
    checks = (
        f'<button type="button" class="due-count" data-tab="checklist" title="{named}">☑<span>{named}</span><b>{due}</b></button>'
        if due
        else ""
    )
    return (
        f'<div class="bar">{_MARK}<h1>手册助手</h1><button type="button" class="talks-toggle" data-talks>'
        f"{words('talk.open')}</button><span class='spring'></span>{checks}{form}{owner}{person}</div>"
    )
