"""Who is at the page: the one place where a request becomes a person, and where being the owner or a trainer is checked.

Knows the cookies that ``ui.identity`` signs and the browser's language. Real accounts would be decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import NotAllowed
from ui.identity import COOKIE, OWNER_COOKIE, TRAINER_COOKIE
from ui.page.texts import Words, words_for

if TYPE_CHECKING:
    from ui.session import Session


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the page: ``person`` is what their conversations belong to, ``name`` what they said they are called.

    Whoever is the owner may do what a ``trainer`` may.
    """

    person: str
    name: str = ""
    owner: bool = False
    trainer: bool = False


GUEST = "访客"  # the name of somebody who has not said who they are; their conversations are theirs all the same


def visitor_of(session: Session, request: Any) -> Visitor:  # noqa: ANN401
    """Return who sent ``request`` (Gradio's or Starlette's); nobody in particular without a valid cookie."""
    cookies = getattr(request, "cookies", None) or {}
    person = session.identity.person(cookies.get(COOKIE, ""))
    owner = session.identity.is_owner(cookies.get(OWNER_COOKIE, ""))
    trainer = owner or session.identity.is_trainer(cookies.get(TRAINER_COOKIE, ""))
    name = person.name if person and person.name != GUEST else ""
    return Visitor(person.id if person else "", name, owner, trainer)


def owner_of(session: Session, request: Any) -> Visitor:  # noqa: ANN401
    """Return who sent ``request``, who is the owner.

    Raises:
        NotAllowed: they are not.
    """
    visitor = visitor_of(session, request)
    if not visitor.owner:
        raise NotAllowed("这里只有手册负责人可以操作：请先在“知识库”里输入负责人密码")
    return visitor


def trainer_of(session: Session, request: Any) -> Visitor:  # noqa: ANN401
    """Return who sent ``request``, who is a trainer or the owner.

    Raises:
        NotAllowed: they are neither.
    """
    visitor = visitor_of(session, request)
    if not visitor.trainer:
        raise NotAllowed("题库和成绩只有培训师和手册负责人能看：请在“测验”里点“题库”，输入密码")
    return visitor


def words_of(request: Any) -> Words:  # noqa: ANN401
    """Return the page's words in the language of the browser that sent ``request``."""
    headers = getattr(request, "headers", None) or {}
    return words_for(headers.get("accept-language") or "")
