"""Items on what the source asks of each thing of a list: which points are its own, what a plan that has only some lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from assistant.quiz.draft.descriptions import joined, listed, required
from assistant.quiz.draft.lists import citation_of
from assistant.quiz.draft.workshop import PEOPLE, Workshop, quoted, where
from assistant.quiz.material.listing import Entry, Listing
from assistant.quiz.material.names import bigrams, forms, overlap
from assistant.quiz.material.statement import is_clean
from assistant.quiz.model import Point, Question

_WHICH = (
    "下列各项中，{book}在{thing}的“{term}”一项里提出的有（　　）。",
    "{person}学习{thing}中的“{term}”，下列要点写在{book}这一项里的有（　　）。",
    "下面几点都出自{book}中{thing}各项，其中说明“{term}”的有（　　）。",
    "给新员工讲{thing}中的“{term}”，按{book}这一项应讲到下列哪几点？",
    "对照{book}，下列要点应归到{thing}的“{term}”之下的有（　　）。",
)
_LACK_STORY = (
    "{person}写了一份讲{thing}的培训稿，只讲到{done}两项。",
    "内审员检查{thing}，发现部门的材料里只提到{done}两项。",
    "新来的主管以为，{thing}只有{done}两项。",
    "一份会议纪要写到{thing}时，只列了{done}两项就结束了。",
)
_LACK_ASK = (
    "对照{book}，还缺哪几项？请逐项写出。",
    "按照{book}，漏掉了哪些？请逐项补上。",
    "请依据{book}指出不足，补齐其余各项。",
)
# What is said of a thing, but is nothing that is asked of it.
_NO_POINT = re.compile(
    r"^(?:作为|以|如|从而|避免因|形成)|(?:的(?:基础|关键|保障|手段|过程|依据|标准))$|广泛应用|提出$|以下几"
)
_EFFECT = re.compile(r"^(?:提升|提高|实现|推动|促进|增强|保证|优化|降低|帮助)")
SHORTEST, LONGEST = 8, 44
MOST_LACKING = 4


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on the demands of every list."""
    for listing in workshop.focus.listings:
        if not listing.learned or len(listing.entries) < 3:
            continue
        points = {entry.name: _points(entry) for entry in listing.entries}
        for entry in listing.entries:
            yield from _which(workshop, listing, entry, points)
        yield from _lacking(workshop, listing, workshop.choose(f"{listing.key}/lacking"))


def _points(entry: Entry) -> list[str]:
    """Return what is asked of a thing, each point whole in itself and without the thing's own name."""
    if listed(entry.body):
        return []  # examples of a thing are nothing it asks for
    own = [point.text for point in required(entry)]
    whole = joined(own, means=True)
    return [
        text
        for text in whole
        if SHORTEST <= len(text) <= LONGEST and entry.name not in text and is_clean(text) and not _NO_POINT.search(text)
    ]


def _which(workshop: Workshop, listing: Listing, entry: Entry, points: dict[str, list[str]]) -> Iterator[Question]:
    choose = workshop.choose(f"{listing.key}/{entry.name}/demands")
    others = [
        text
        for other in listing.entries
        if other is not entry and not workshop.alike(other.name, entry.name)
        for text in points[other.name]
        # One that speaks of this thing, or of what everything leads to, may be meant of it, too.
        if not _EFFECT.match(text)
        and overlap(text, entry.body) < 0.4
        and not (bigrams(entry.name) - bigrams(listing.subject)) & bigrams(text)
    ]
    own = points[entry.name][:3]
    if len(own) < 2 or len(others) < 2:
        return
    choose.shuffle(others)
    size = sum(map(len, own)) / len(own)
    wrong = sorted(others[:6], key=lambda text: abs(len(text) - size))[: 5 - len(own) if len(own) < 3 else 2]
    options, right = workshop.options(own, wrong[:2], choose)
    pattern, stem = workshop.word(
        "要点-有哪些",
        _WHICH,
        book=listing.place.book,
        thing=listing.within,
        term=entry.name,
        person=choose.choice(PEOPLE),
    )
    yield workshop.question(
        "multiple",
        pattern,
        stem,
        listing.place.cite(entry.block),
        listing.place,
        bloom="understand",
        explanation=f"{where(listing.place, entry.block.clause)}：{quoted(entry.block.text, limit=200)}",
        asks=f"{listing.key}/{entry.name}/demands",
        options=options,
        right=right,
    )


def _lacking(workshop: Workshop, listing: Listing, choose: Random) -> Iterator[Question]:
    """Yield the case of somebody who has only two of the things."""
    names = list(listing.names)
    if not 4 <= len(names) <= MOST_LACKING + 2 or listing.ordered:
        return
    done = sorted(choose.sample(range(len(names)), 2))
    lacking = [entry for at, entry in enumerate(listing.entries) if at not in done]
    at, scenario = workshop.word(
        "缺项",
        _LACK_STORY,
        thing=listing.within,
        person=choose.choice(PEOPLE),
        done="和".join(f"“{names[place]}”" for place in done),
    )
    pattern, stem = workshop.word(f"案例-{at}", _LACK_ASK, book=listing.place.book)
    yield workshop.question(
        "case",
        pattern,
        stem,
        citation_of(listing),
        listing.place,
        bloom="analyze",
        explanation=f"{where(listing.place, listing.place.section.number)}列出的是：{'、'.join(names)}。",
        asks=f"{listing.key}/lacking",
        scenario=scenario,
        points_required=tuple(Point(entry.name, forms(entry.full)[1:]) for entry in lacking),
    )
