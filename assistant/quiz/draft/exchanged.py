"""Cases made of a list's descriptions: two of them exchanged in somebody's notes, or a need that one of the things serves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.quiz.draft.descriptions import said_elsewhere
from assistant.quiz.draft.lists import citation_of
from assistant.quiz.draft.workshop import MARKS, PEOPLE, Workshop, quoted, where
from assistant.quiz.material.described import Described, described, hides_its_name
from assistant.quiz.material.listing import Listing
from assistant.quiz.material.names import bigrams, forms
from assistant.quiz.model import Change, Point, Question

_NOTES_STORY = (
    "{person}把{thing}整理成一张对照表：{rows}",
    "新员工{person}在笔记里这样记{thing}：{rows}",
    "部门宣传栏上贴着一张{thing}的说明：{rows}",
    "培训课后，{person}交来一份{thing}的小结：{rows}",
)
_NOTES_ASK = (
    "其中有两项的说明写反了，请指出是哪两项，并写出正确的说明（依据{book}）。",
    "对照{book}，有两项的说明互相颠倒，是哪两项？各应怎样写？",
    "请找出与{book}不符的两项，把它们的说明改正过来。",
)
_NEED_STORY = {
    "用于": ("某部门希望{need}。", "{person}所在的部门打算{need}。", "主管要求{person}想办法{need}。"),
    "适用于": ("眼下要安排的工作是：{need}。", "某公司面对的情况是：{need}。", "{person}手上的情况是：{need}。"),
}
_NEED_ASK = (
    "按照{book}，应选用{thing}中的哪一项？{book}还列出了哪些？",
    "请依据{book}，从{thing}中选出合适的一项，并写出其余各项。",
    "对照{book}{thing}，哪一项最合适？其余各项是什么？",
)
_NEED = re.compile(r"^(?P<word>用于|适用于|适合)(?P<need>.{6,})$")
FEWEST, LONGEST_ROW, MOST_NEEDS = 3, 46, 3


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the cases of every list whose things are each said something of."""
    for listing in workshop.focus.listings:
        if not listing.named_as_list:
            continue
        distinct = described(listing)
        if len(distinct) < FEWEST:
            continue
        yield from _notes(workshop, listing, distinct)
        yield from _needs(workshop, listing, distinct)


def _notes(workshop: Workshop, listing: Listing, distinct: list[Described]) -> Iterator[Question]:
    choose = workshop.choose(f"{listing.key}/exchanged")
    short = [one for one in distinct if len(one.body) <= LONGEST_ROW]
    hidden = [one for one in short if hides_its_name(one, listing)]
    choose.shuffle(hidden)
    pair = next(
        (
            (one, other)
            for at, one in enumerate(hidden)
            for other in hidden[at + 1 :]
            if not workshop.alike(one.entry.name, other.entry.name)
            and other.entry.name not in said_elsewhere(workshop, one)
        ),
        None,
    )
    if pair is None or len(short) < FEWEST:
        return
    first, second = pair
    rest = [one for one in short if one is not first and one is not second]
    shown = [first, second, *choose.sample(rest, min(len(rest), len(MARKS) - 2))]
    shown.sort(key=distinct.index)
    said = {first.entry.name: second.body, second.entry.name: first.body}
    rows = "；".join(
        f"{mark}{one.entry.name}——{said.get(one.entry.name, one.body)}" for mark, one in zip(MARKS, shown, strict=False)
    )
    at, scenario = workshop.word(
        "写反", _NOTES_STORY, person=choose.choice(PEOPLE), thing=listing.within, rows=f"{rows}。"
    )
    pattern, stem = workshop.word(f"案例-{at}", _NOTES_ASK, book=listing.place.book)
    told = "；".join(quoted(f"{one.entry.name}：{one.body}") for one in pair)
    yield workshop.question(
        "case",
        pattern,
        stem,
        citation_of(listing),
        listing.place,
        bloom="analyze",
        explanation=f"{where(listing.place, listing.place.section.number)}：{told}。",
        asks=f"{listing.key}/exchanged",
        scenario=scenario,
        points_required=tuple(Point(f"{one.entry.name}：{one.body}") for one in pair),
        change=Change("term", second.entry.name, first.entry.name),
    )


def _needs(workshop: Workshop, listing: Listing, distinct: list[Described]) -> Iterator[Question]:
    made = 0
    for one in distinct:
        found = _NEED.match(one.body)
        own = bigrams(one.entry.name) - bigrams(listing.subject)
        if not found or own & bigrams(one.body) or said_elsewhere(workshop, one) or made == MOST_NEEDS:
            continue
        made += 1
        choose = workshop.choose(f"{listing.key}/{one.entry.name}/need")
        stories = _NEED_STORY["用于" if found["word"] == "用于" else "适用于"]
        at, scenario = workshop.word("需要", stories, need=found["need"], person=choose.choice(PEOPLE))
        pattern, stem = workshop.word(f"案例-{at}", _NEED_ASK, book=listing.place.book, thing=listing.within)
        others = [entry for entry in listing.entries if entry is not one.entry]
        yield workshop.question(
            "case",
            pattern,
            stem,
            citation_of(listing),
            listing.place,
            bloom="apply",
            explanation=f"{where(listing.place, one.entry.block.clause)}：{quoted(one.entry.block.text, limit=160)}",
            asks=f"{listing.key}/{one.entry.name}/need",
            scenario=scenario,
            points_required=tuple(Point(entry.name, forms(entry.full)[1:]) for entry in (one.entry, *others)),
        )
