"""From an open question to an answer that is found: one call for what the owner does at the desk.

Knows the order of the steps. What an entry is, and how it is found, is known by ``ingest/faq.py``; topics by
``assistant/desk.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.desk import Desk
from ingest.faq import Faq

if TYPE_CHECKING:
    from kb.records.shapes import Entry, EntryKind, Place, Topic
    from ui.session import Session


def draft_topic(
    session: Session,
    topic: int,
    *,
    question: str,
    answer: str,
    author: str,
    kind: EntryKind = "answer",
    place: Place | None = None,
) -> Entry:
    """Keep what the owner has written for a topic as a draft that nobody finds yet; return it.

    A second call changes the same draft.

    Raises:
        EntryInvalid: question or answer are empty or too long.
        NotThere: there is no such topic.
        HomeUnusable: nothing can be written.
    """
    desk, faq = Desk(session.knowledge), Faq(session.knowledge)
    known = desk.topic(topic)
    wordings = other_wordings(known, question)
    draft = next((one for one in faq.entries("draft", "approved") if one.number == known.entry), None)
    if draft is not None and draft.kind == kind:
        return faq.edit(draft.number, question=question, answer=answer, author=author, wordings=wordings)
    entry = faq.write(question, answer, author=author, kind=kind, wordings=wordings, place=place)
    desk.keep_draft(topic, entry.number, by=author)
    return entry


def answer_topic(
    session: Session,
    topic: int,
    *,
    question: str,
    answer: str,
    author: str,
    kind: EntryKind = "answer",
    place: Place | None = None,
) -> Entry:
    """Write, approve and publish the answer to a topic, and close it; return the entry, which is found from now on.

    Raises:
        EntryInvalid: question or answer are empty or too long.
        NotThere: there is no such topic.
        HomeBusy: another process is writing; the draft is kept.
        HomeUnusable: nothing can be written.
    """
    draft = draft_topic(session, topic, question=question, answer=answer, author=author, kind=kind, place=place)
    entry = Faq(session.knowledge).approve(draft.number, by=author)
    Desk(session.knowledge).mark_answered(topic, entry.number, by=author)
    return entry


def other_wordings(topic: Topic, question: str) -> tuple[str, ...]:
    """Return how people asked, other than ``question`` itself."""
    return tuple(text for text in topic.wordings if text.strip() != question.strip())
