"""What only the owner may open: the password asked for, or set for the first time with the code that the terminal shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.page.texts import Words

if TYPE_CHECKING:
    from ui.page.visitor import Visitor
    from ui.session import Session

_LOCK = (
    '<svg viewBox="0 0 24 24" aria-hidden="true">'
    '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/></svg>'
)


def gate_html(session: Session, visitor: Visitor, words: Words) -> str:
    """Return the form that lets the owner in; nothing where the owner is in already."""
    if visitor.owner:
        return ""
    first = not session.identity.has_owner_password
    code = (
        f'<label>{words("gate.code")}<input name="code" required autocomplete="off" maxlength="40"></label>'
        if first
        else ""
    )
    label, button, told = (
        ("gate.new", "gate.set", "gate.first") if first else ("gate.password", "gate.open", "gate.closed")
    )
    complete = "new-password" if first else "current-password"
    return (
        f'<form class="gate" data-path="/who/owner">{_LOCK}<h2>{words("gate.title")}</h2><p>{words(told)}</p>{code}'
        f'<label>{words(label)}<input type="password" name="password" required maxlength="200" autocomplete="{complete}"></label>'
        f'<button type="submit" class="primary">{words(button)}</button><p class="said" role="alert"></p></form>'
    )


def password_html(words: Words) -> str:
    """Return the form in which the owner changes the password."""
    return (
        f'<form class="gate left" data-path="/who/password"><h3>{words("gate.change")}</h3>'
        f'<label>{words("gate.old")}<input type="password" name="old" required autocomplete="current-password"></label>'
        f'<label>{words("gate.new")}<input type="password" name="new" required maxlength="200" autocomplete="new-password">'
        f'</label><button type="submit" class="primary">{words("gate.change")}</button><p class="said" role="alert"></p>'
        f'<button type="button" class="link" data-post="/who/leave">{words("who.leave")}</button></form>'
    )
