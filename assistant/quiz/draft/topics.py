"""Open questions on what the source says under a lead term (存款机卡钞, 等候管理) that belongs to no list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.quiz.draft.descriptions import required
from assistant.quiz.draft.said import is_sentence
from assistant.quiz.draft.workshop import Workshop, quoted, where
from assistant.quiz.material.listing import Entry
from assistant.quiz.material.names import overlap, plain
from assistant.quiz.material.place import Place
from assistant.quiz.material.statement import body_of
from assistant.quiz.model import Question

_TOLD = (
    "{book}对{topic}作了哪些规定？",
    "关于{topic}，按{book}要知道哪几点？",
    "关于{topic}，{book}是怎样规定的？请写出要点。",
    "新员工问{topic}有哪些规定，按{book}应怎样回答？",
)
NAMES_IT = 0.5  # share of a term's characters that says which section it belongs to
_NO_TOPIC = re.compile(r"[，。；：]|的$|第.步|[\d]")


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield an open question on every lead term that stands in no list."""
    listed = {
        (one.place.document, entry.block.clause)
        for one in workshop.material.listings
        if one.named_as_list
        for entry in one.entries
    }
    for place in workshop.focus.places:
        for block in place.section.blocks:
            term = plain(block.term)
            if block.kind != "item" or not 3 <= len(term) <= 14 or _NO_TOPIC.search(term):
                continue
            if (place.document, block.clause) in listed or term in workshop.material.roles.names or is_sentence(term):
                continue
            start, body = body_of(block)
            points = required(Entry(term, block.term, body, start, block))
            if len(points) < 2:
                continue
            pattern, stem = workshop.word("简答-要求", _TOLD, book=place.book, topic=_topic(place, term))
            yield workshop.question(
                "short_answer",
                pattern,
                stem,
                place.cite(block),
                place,
                bloom="understand",
                explanation=f"{where(place, block.clause)}：{quoted(block.text, limit=200)}",
                asks=f"{place.document}/{block.clause}#topic",
                points_required=points,
            )


def _topic(place: Place, term: str) -> str:
    """Return a term as a topic: with its section, where it does not name that itself (协调方式 of 服务创新实施与推广)."""
    title = place.title
    return f"“{term}”" if place.general or overlap(term, title) >= NAMES_IT else f"“{title}”中的“{term}”"
