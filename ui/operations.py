"""What a program may ask for, in the commands' words, answered with the commands' keys: behind the HTTP API and MCP.

Knows sessions and JSON. Nothing of HTTP, keys or protocols.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import EntryInvalid, NotThere, ShouceError
from ui import present

if TYPE_CHECKING:
    from kb.model import Answer, Hit
    from kb.search import Filter
    from ui.session import Session

Json = dict[str, Any]
MOST_HITS = 100
MOST_QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class QuizWish:
    """What a paper is to be made of, as ``shouce quiz`` takes it."""

    topic: str = ""
    section: str = ""
    documents: tuple[str, ...] = ()
    count: int = 10
    types: tuple[str, ...] = ()
    papers: int = 1
    seed: int = 0


def narrowed(session: Session, document: str | None) -> Filter | None:
    """Return the filter for one document (id, file name or title); None for all.

    Raises:
        NotThere: there is no such document.
    """
    if not document:
        return None
    from kb.search import Filter

    return Filter(documents=frozenset({session.knowledge.find_document(document).id}))


def ask(
    session: Session, question: str, *, conversation: str | None = None, document: str | None = None, before: str = ""
) -> Answer:
    """Return the answer to ``question``.

    Raises:
        ShouceError: nothing is indexed, or there is no such document.
    """
    chosen = narrowed(session, document)
    return session.assistant.ask(question, conversation=conversation, filter=chosen, before=before)


def search(session: Session, query: str, *, limit: int = 10, document: str | None = None) -> Json:
    """Return what ``shouce search --json`` prints."""
    hits = session.assistant.search(query, limit=min(limit, MOST_HITS), filter=narrowed(session, document))
    return present.hits_json(query, hits, _titles(session, hits))


def _titles(session: Session, hits: list[Hit]) -> dict[tuple[str, str], str]:
    places = {(hit.document, hit.chunk.section) for hit in hits}
    return {(d, s): session.knowledge.section(d, s).title for d, s in places}


def documents(session: Session, document: str | None = None) -> Json:
    """Return what ``shouce outline --json`` prints, with file name and version."""
    knowledge = session.knowledge
    chosen = [knowledge.find_document(document)] if document else list(knowledge.documents())
    trees = [
        {"source": one.source, "version": one.version, **present.outline_json(one, knowledge.sections(one.id))}
        for one in chosen
    ]
    return {"documents": trees}


def clause(session: Session, number: str, *, document: str | None = None) -> Json:
    """Return what ``shouce show --json`` prints; ``number`` may also be a clause id (5.5-2), whose words are ``quote``.

    Raises:
        NotThere: there is no such section or clause.
        Ambiguous: several documents have it.
    """
    knowledge = session.knowledge
    head, dash, _ = number.rpartition("-")
    try:
        found, section = knowledge.find_section(number, document)
    except ShouceError:
        if not (dash and head):
            raise
        found, section = knowledge.find_section(head, document)
    shown = present.section_json(found.id, section, knowledge.section_text(found.id, section.number))
    words = next((block.text for block in section.blocks if block.clause == number), None)
    if dash and words is None and section.number == head:
        raise NotThere(f"《{found.title}》{head} 里没有条款 {number}")
    return {**shown, "document_title": found.title, **({"clause": number, "quote": words} if words is not None else {})}


def checklist(session: Session, topic: str, *, document: str | None = None) -> Json:
    """Return what ``shouce checklist --format json`` prints.

    Raises:
        ShouceError: the topic leads to nothing that can be checked.
    """
    from assistant.checklist.export import render
    from assistant.checklist.make import make_checklist
    from assistant.drafts import DraftBook

    if not topic.strip() and not document:
        raise EntryInvalid("请写明要检查什么，例如“投诉处理”")
    made = make_checklist(session.knowledge, session.searcher, topic, document=document)
    book = DraftBook(session.knowledge)
    return _loaded(render(book.keep_checklist(made, wanted=topic.strip(), document=document or ""), "json"))


def quiz(session: Session, wish: QuizWish) -> Json:
    """Return what ``shouce quiz --format json`` prints.

    Raises:
        ShouceError: a type is unknown, or nothing can be asked about.
    """
    from assistant.quiz.export import render
    from assistant.quiz.make import Order, QuizMaker, Scope
    from assistant.quiz.model import QUESTION_TYPES

    unknown = [kind for kind in wish.types if kind not in QUESTION_TYPES]
    if unknown:
        raise EntryInvalid(f"不认识的题型“{'、'.join(unknown)}”，可以用：{'、'.join(QUESTION_TYPES)}")
    order = Order(
        scope=Scope(topic=wish.topic, section=wish.section, documents=wish.documents),
        count=min(wish.count, MOST_QUESTIONS),
        types=tuple(kind for kind in QUESTION_TYPES if kind in wish.types) or QUESTION_TYPES,
        papers=wish.papers,
        seed=wish.seed,
    )
    maker = QuizMaker(session.knowledge, session.searcher if wish.topic.strip() else None)
    made = session.in_model_words(maker.papers(order), maker).papers
    return _loaded(render(made, "json", titles=session.titles))


def plan(
    session: Session,
    problem: str,
    *,
    framework: str = "pdca",
    start: str | None = None,
    data: tuple[str, bytes] | None = None,
    document: str | None = None,
) -> Json:
    """Return what ``shouce plan --format json`` prints; ``data`` is a table's file name and content.

    Raises:
        ShouceError: the problem says nothing, the framework is unknown, or nothing speaks to it.
    """
    from assistant.drafts import DraftBook
    from assistant.plan.dates import parse_day
    from assistant.plan.evidence import evidence_in
    from assistant.plan.export import render
    from assistant.plan.make import PlanRequest, framework_of, make_plan

    begins = parse_day(start) if start else None
    evidence = evidence_in(*data) if data else None
    request = PlanRequest(problem, framework_of(framework), begins, evidence=evidence)
    chosen = narrowed(session, document)
    made = make_plan(session.knowledge, session.searcher, request, filter=chosen)
    return _loaded(render(DraftBook(session.knowledge).keep_plan(made), "json"))


def _loaded(data: bytes) -> Json:
    made: Json = json.loads(data)
    return made
