"""What only the owner or a trainer may open: the password asked for, or set for the first time with the terminal's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.page.render import attributes
from ui.page.texts import Words

if TYPE_CHECKING:
    from ui.page.visitor import Visitor
    from ui.session import Session

_LOCK = (
    '<svg viewBox="0 0 24 24" aria-hidden="true">'
    '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/></svg>'
)


def gate_html(session: Session, visitor: Visitor, words: Words, *, tab: str) -> str:
    """Return the form that lets the owner in and back to ``tab``; nothing where the owner is in already."""
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
        f'<form class="gate" data-path="/who/owner"{attributes(back=tab)}>{_LOCK}<h2>{words("gate.title")}</h2>'
        f"<p>{words(told)}</p>{code}"
        f'<label>{words(label)}<input type="password" name="password" required maxlength="200" autocomplete="{complete}"></label>'
        f'<button type="submit" class="primary">{words(button)}</button><p class="said" role="alert"></p></form>'
    )


def trainer_html(session: Session, words: Words) -> str:
    """Return the form that lets a trainer in: with the trainers' password where the owner has set one, else the owner's."""
    identity = session.identity
    if not (identity.has_trainer_password or identity.has_owner_password):
        return f'<div class="notice hint" role="alert">{words("gate.trainer_nobody")}</div>'
    label, told = ("gate.trainer_password", "gate.trainer_closed")
    if not identity.has_trainer_password:
        label, told = ("gate.password", "gate.trainer_owner")
    return (
        f'<form class="gate" data-path="/who/trainer"{attributes(back="quiz")}>{_LOCK}<h2>{words("gate.trainer_title")}</h2>'
        f"<p>{words(told)}</p><label>{words(label)}"
        '<input type="password" name="password" required maxlength="200" autocomplete="current-password"></label>'
        f'<button type="submit" class="primary">{words("gate.open")}</button><p class="said" role="alert"></p></form>'
    )


def password_html(session: Session, words: Words) -> str:
    """Return the forms in which the owner changes the password, and gives trainers one of their own or takes it away."""
    known = session.identity.has_trainer_password
    away = (
        f'<button type="button" class="link" data-post="/who/trainers"{attributes(back="knowledge")}>'
        f"{words('gate.trainer_away')}</button>"
    )
    trainers = (
        f'<form class="gate left" data-path="/who/trainers"{attributes(back="knowledge")}><h3>{words("gate.trainer_set")}</h3>'
        f"<p>{words('gate.trainer_known' if known else 'gate.trainer_none')}</p>"
        f'<label>{words("gate.new")}<input type="password" name="new" required minlength="8" maxlength="200"'
        f' autocomplete="new-password"></label><button type="submit" class="primary">{words("gate.trainer_save")}</button>'
        f'<p class="said" role="alert"></p>{away if known else ""}</form>'
    )
    return trainers + (
        f'<form class="gate left" data-path="/who/password"><h3>{words("gate.change")}</h3>'
        f'<label>{words("gate.old")}<input type="password" name="old" required autocomplete="current-password"></label>'
        f'<label>{words("gate.new")}<input type="password" name="new" required maxlength="200" autocomplete="new-password">'
        f'</label><button type="submit" class="primary">{words("gate.change")}</button><p class="said" role="alert"></p>'
        f'<button type="button" class="link" data-post="/who/leave">{words("who.leave")}</button></form>'
    )
