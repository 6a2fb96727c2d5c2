"""One question of a conversation: asked in the session's workers, then shown step by step.

Knows the conversation a turn belongs to and how an answer appears (its first line at once, the rest in a few steps). Not
how it is made, nor which components show it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ingest.faq import Faq, is_faq
from ui.page import lens, render
from ui.page.texts import Words
from ui.present import answer_json, citation_json

if TYPE_CHECKING:
    from kb.model import Answer
    from kb.search import Filter
    from ui.api.running import Runner
    from ui.page.visitor import Visitor
    from ui.session import Session

Json = Mapping[str, Any]
_STEP = re.compile(r"（共 ?\d+ ?步）")
STEPS = 2  # in which the lines of an answer appear that is ready at once; each costs Gradio some 8 ms
BETWEEN_STEPS = 0.04  # seconds; the answer is there, the eye is led down it
BETWEEN_WORDS = 0.08  # seconds between two pictures of an answer that is being written


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer as the contract's JSON; ``number`` is the stored turn's (0: not stored)."""

    number: int
    question: str
    answer: Mapping[str, Any]
    given: str = ""  # "good" or "bad", where the person said so


@dataclass(frozen=True, slots=True)
class Writing:
    """What a chat model has written so far of an answer, with the citations used in it."""

    question: str
    text: str
    citations: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's open conversation: its id (empty until something is asked) and the turns that were shown."""

    conversation: str = ""
    turns: tuple[Turn, ...] = ()


async def answering(
    session: Session,
    runner: Runner,
    question: str,
    *,
    conversation: str,
    filter: Filter | None,  # noqa: A002
) -> AsyncIterator[Turn | Writing]:
    """Yield what a chat model is writing, where one is, then the answer as the next turn of ``conversation``.

    Raises:
        ShouceError: it could not be answered; the message says why.
    """
    if not hasattr(session.assistant, "stream"):
        work = partial(session.assistant.ask, question, conversation=conversation, filter=filter)
        yield turn_of(session, await runner.run(work), question)
        return
    from assistant.chat.chain import Done, Event, Judged

    make: Callable[[], Iterator[Event]] = partial(
        session.assistant.stream, question, conversation=conversation, filter=filter
    )
    said: list[str] = []
    citations: list[Json] = []
    async for event in runner.stream(make):
        if isinstance(event, Done):
            yield turn_of(session, event.answer, question)
        elif isinstance(event, Judged):
            marks = "".join(f"[{marker}]" for marker in event.sentence.citations)
            said[event.index :] = [event.sentence.text + ("" if "[" in event.sentence.text else marks)]
            citations += [citation_json(one) for one in event.citations]
            yield Writing(question, "".join(said), tuple(citations))
        else:
            said[event.index :] = [event.text]
            yield Writing(question, "".join(said), tuple(citations))


def turn_of(session: Session, answer: Answer, question: str, number: int | None = None) -> Turn:
    """Return an answer as a turn; what the owner wrote is cited by name and date."""
    shown = {**answer_json(answer), "notes": list(answer.notes)}
    for citation in shown["citations"]:
        if is_faq(citation["document"]):
            entry = Faq(session.knowledge).entry_of(citation["document"], citation["section"])
            citation["label"] = f"常见问答 · {entry.author} · {entry.written_at[:10]}" if entry else "常见问答"
    return Turn(answer.turn if number is None else number, question, shown)


def stored_turns(session: Session, conversation: str, visitor: Visitor) -> tuple[Turn, ...]:
    """Return the turns of one of the visitor's conversations.

    Raises:
        NotThere: there is no such conversation, or it is somebody else's.
    """
    records = session.knowledge.records
    turns = records.conversations.turns(conversation, person=visitor.person)
    given = records.feedback.of([turn.id for turn in turns], person=visitor.person)
    words = {"up": "good", "down": "bad"}
    shown = (turn_of(session, turn.answer, turn.question, turn.id) for turn in turns)
    return tuple(
        replace(turn, given=words[given[turn.number].verdict]) if turn.number in given else turn for turn in shown
    )


def writing_html(writing: Writing, titles: Mapping[str, str], words: Words) -> str:
    """Return a turn whose answer is being written by a chat model."""
    lines = render.lines_html({"answer": writing.text, "citations": writing.citations}, titles, words)
    return (
        f'<section class="turn streaming" data-turn="writing">{render.asked_html(writing.question)}'
        f'<div class="answer"><div class="lines">{lines}</div></div></section>'
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
    several = status == "answered" and len(answer.get("citations", ())) > 1
    tone = lens.lead(role, words, steps=_STEP.search(str(answer.get("answer", ""))) is not None) if several else ""
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
    notes = [answer.get("fallback"), *answer.get("notes", ())]
    pieces += [f'<p class="note">{render.shown(note)}</p>' for note in notes if note]
    nearest, followups = answer.get("nearest", ()), answer.get("followups", ())
    if status != "answered" and nearest:
        links = render.nearest_html(nearest, titles)
        pieces.append(f'<div class="nearest"><span>{words("ask.nearest")}</span>{links}</div>')
    if status != "answered" and turn.number and answer.get("missing"):  # a greeting asks the owner for nothing
        said = render.attributes(said=words("ask.handed_over"))
        pieces.append(f'<button type="button" class="hand-over"{said}>{words("ask.hand_over")}</button>')
    if turn.number:
        pieces.append(render.feedback_html(words, turn.given))
    if followups:
        asked = render.buttons(followups)
        pieces.append(f'<div class="followups"><span>{words("ask.followups")}</span>{asked}</div>')
    return "".join(pieces)


def steps(turn: Turn) -> Iterator[int]:
    """Yield how many lines of a long answer that is ready at once to show before the whole of it."""
    count = len([line for line in str(turn.answer.get("answer", "")).split("\n") if line.strip()])
    if count > 2:
        yield from (max(1, count * step // (STEPS * 2)) for step in range(1, STEPS))


async def pieces(
    session: Session,
    runner: Runner,
    question: str,
    conversation: str,
    filter: Filter | None,  # noqa: A002
    words: Words,
    role: str,
) -> AsyncIterator[tuple[str, Turn | None]]:
    """Yield the HTML of a turn as it comes to be, at last with the whole turn.

    Raises:
        ShouceError: the question could not be answered; the message says why.
    """
    shown_at = 0.0
    async for said in answering(session, runner, question, conversation=conversation, filter=filter):
        titles = session.titles
        if isinstance(said, Writing):
            if time.monotonic() - shown_at > BETWEEN_WORDS:
                yield writing_html(said, titles, words), None
                shown_at = time.monotonic()
            continue
        for only in () if shown_at else steps(said):
            yield turn_html(said, titles, words, role=role, only=only), None
            await asyncio.sleep(BETWEEN_STEPS)
        yield turn_html(said, titles, words, role=role), said


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
