"""One question of a conversation: asked in the session's workers, then shown step by step.

Knows the conversation a turn belongs to and how an answer appears (its first line at once, the rest in a few steps). Not
how it is made, nor which components show it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ui.page import lens, render
from ui.page.texts import Words
from ui.present import answer_json

if TYPE_CHECKING:
    from kb.model import Answer
    from kb.search import Filter
    from ui.page.visitor import Visitor
    from ui.session import Session

STEPS = 3  # in which the lines of an answer appear that is ready at once


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer as the contract's JSON; ``number`` is the stored turn's (0: not stored)."""

    number: int
    question: str
    answer: Mapping[str, Any]
    given: str = ""  # "good" or "bad", where the person said so


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's open conversation: its id (empty until something is asked) and the turns that were shown."""

    conversation: str = ""
    turns: tuple[Turn, ...] = ()


async def ask(
    session: Session,
    question: str,
    *,
    conversation: str,
    filter: Filter | None,  # noqa: A002
) -> Turn:
    """Return the answer to ``question`` as the next turn of ``conversation``.

    Raises:
        ShouceError: it could not be answered; the message says why.
    """
    run = partial(session.assistant.ask, question, conversation=conversation, filter=filter)
    answer = await asyncio.get_running_loop().run_in_executor(session.workers, run)
    return turn_of(answer, question)


def turn_of(answer: Answer, question: str, number: int | None = None) -> Turn:
    """Return an answer as a turn."""
    return Turn(answer.turn if number is None else number, question, answer_json(answer))


def stored_turns(session: Session, conversation: str, visitor: Visitor) -> tuple[Turn, ...]:
    """Return the turns of one of the visitor's conversations.

    Raises:
        NotThere: there is no such conversation, or it is somebody else's.
    """
    records = session.knowledge.records
    turns = records.conversations.turns(conversation, person=visitor.person)
    given = records.feedback.of([turn.id for turn in turns], person=visitor.person)
    words = {"up": "good", "down": "bad"}
    return tuple(
        Turn(
            turn.id,
            turn.question,
            answer_json(turn.answer),
            words[given[turn.id].verdict] if turn.id in given else "",
        )
        for turn in turns
    )


def waiting_html(question: str, words: Words) -> str:
    """Return a turn that is being answered."""
    return (
        f'<section class="turn" data-turn="waiting">{render.asked_html(question)}'
        f'<div class="answer waiting"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>'
        f"{words('ask.searching')}</div></section>"
    )


def failed_html(question: str, message: str) -> str:
    """Return a turn that could not be answered."""
    return f'<section class="turn" data-turn="failed">{render.asked_html(question)}{render.notice(message)}</section>'


def turn_html(turn: Turn, titles: Mapping[str, str], words: Words, *, role: str = "", only: int | None = None) -> str:
    """Return a turn; with ``only`` its first lines, while the rest is still to come."""
    answer = turn.answer
    status = str(answer.get("status", ""))
    whole = only is None
    tone = lens.lead(role, words) if status == "answered" and len(answer.get("citations", ())) > 1 else ""
    tail = "" if not whole else _tail(turn, status, titles, words)
    return (
        f'<section class="turn{"" if whole else " streaming"}"'
        f"{render.attributes(turn=turn.number or 'new', thanks=words('ask.thanks'))}>"
        f"{render.asked_html(turn.question)}"
        f'<div class="answer"><div class="answer-head">{render.status_html(status, words)}'
        f"{f'<span class=tone>{render.shown(tone)}</span>' if tone else ''}</div>"
        f'<div class="lines">{render.lines_html(answer, titles, words, only=only)}</div>{tail}</div></section>'
    )


def _tail(turn: Turn, status: str, titles: Mapping[str, str], words: Words) -> str:
    """Return what stands under a whole answer: a way out where it is none, feedback, what to ask next."""
    answer = turn.answer
    pieces: list[str] = []
    nearest, followups = answer.get("nearest", ()), answer.get("followups", ())
    if status != "answered" and nearest:
        links = render.nearest_html(nearest, titles)
        pieces.append(f'<div class="nearest"><span>{words("ask.nearest")}</span>{links}</div>')
    if status != "answered" and turn.number:
        said = render.attributes(said=words("ask.handed_over"))
        pieces.append(f'<button type="button" class="hand-over"{said}>{words("ask.hand_over")}</button>')
    if turn.number:
        pieces.append(render.feedback_html(words, turn.given))
    if followups:
        asked = render.buttons(followups)
        pieces.append(f'<div class="followups"><span>{words("ask.followups")}</span>{asked}</div>')
    return "".join(pieces)


def steps(turn: Turn) -> Iterator[int | None]:
    """Yield how many lines of a turn to show, step by step; None at last for the whole of it."""
    count = len([line for line in str(turn.answer.get("answer", "")).split("\n") if line.strip()])
    if count > 2:
        for step in range(1, STEPS):
            yield max(1, count * step // (STEPS * 2))
    yield None


def welcome_html(session: Session, role: str, words: Words) -> str:
    """Return what the chat shows before anything is asked."""
    if not session.knowledge.documents():
        return f'<div class="welcome"><h2>{words("ask.welcome")}</h2>{render.notice(words("ask.nothing_yet"), "hint")}</div>'
    examples = lens.examples(session.knowledge, role)
    tried = (
        f'<div class="followups"><span>{words("ask.try")}</span>{render.buttons(examples)}</div>' if examples else ""
    )
    return f'<div class="welcome"><h2>{words("ask.welcome")}</h2><p>{words("ask.promise")}</p>{tried}</div>'


def history_html(session: Session, talk: Talk, words: Words) -> str:
    """Return the turns of a conversation that were said before."""
    return "".join(turn_html(turn, session.titles, words) for turn in talk.turns)
