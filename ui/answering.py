"""From an open question to an answer that is found: one call for what the owner does at the desk.

Knows the order of the steps. What an entry is, and how it is found, is known by ``ingest/faq.py``; topics by
``assistant/desk.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.desk import Desk
from ingest.faq import Faq, is_faq
from kb.errors import EntryInvalid

if TYPE_CHECKING:
    from kb.records.shapes import Entry, EntryKind, Place, Topic
    from ui.session import Session

TO_FILL = "待填"
CLAUSE_PARTS = ("适用情形", "怎样处理", "时限", "负责岗位", "留下的记录", "不得")
REFERENCES = 3  # sections that a suggestion quotes
LONGEST_QUOTE = 120  # characters


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
        EntryInvalid: question or answer are empty or too long, or something of a suggestion is still to fill in.
        NotThere: there is no such topic.
        HomeBusy: another process is writing; the draft is kept.
        HomeUnusable: nothing can be written.
    """
    if TO_FILL in answer:
        raise EntryInvalid(f"答案里还有“{TO_FILL}”，请填好或删去再发布；没写完可以先存草稿")
    draft = draft_topic(session, topic, question=question, answer=answer, author=author, kind=kind, place=place)
    entry = Faq(session.knowledge).approve(draft.number, by=author)
    Desk(session.knowledge).mark_answered(topic, entry.number, by=author)
    return entry


def suggestion(session: Session, topic: int, *, kind: EntryKind = "answer") -> str:
    """Return something to begin with: what the sources say that comes nearest, or the parts that a clause has.

    Nothing of it is invented: quotes carry their place, all else is marked ``待填`` and cannot be published.

    Raises:
        NotThere: there is no such topic.
    """
    known = Desk(session.knowledge).topic(topic)
    asked = known.title.rstrip("？?。 ")
    if kind == "clause":
        return "\n".join(f"{at}. {part}：{TO_FILL}" for at, part in enumerate(CLAUSE_PARTS, start=1))
    titles = session.titles
    quotes: dict[tuple[str, str], str] = {}
    for hit in session.assistant.search(known.title, limit=REFERENCES * 4) if titles else ():
        where = (hit.document, hit.chunk.section)
        if not is_faq(hit.document) and where not in quotes and len(quotes) < REFERENCES:
            words = " ".join(hit.chunk.text.split())
            said = words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}……"
            clause = hit.chunk.clauses[0] if hit.chunk.clauses else hit.chunk.section
            quotes[where] = f"- {said}（《{titles[hit.document]}》{clause}）"
    lines = [f"{TO_FILL}：{asked}"]
    return "\n".join([*lines, "手册里最接近的内容：", *quotes.values()] if quotes else lines)


def other_wordings(topic: Topic, question: str) -> tuple[str, ...]:
    """Return how people asked, other than ``question`` itself."""
    return tuple(text for text in topic.wordings if text.strip() != question.strip())
