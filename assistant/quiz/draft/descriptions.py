"""Items on what is said of each thing of a list: whose description is it, which is right, what does it mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from assistant.quiz.draft.lists import citation_of
from assistant.quiz.draft.workshop import Workshop, quoted, where
from assistant.quiz.material.described import Described, described, hides_its_name
from assistant.quiz.material.listing import STRONG, Entry, Listing
from assistant.quiz.material.names import forms, overlap
from assistant.quiz.material.statement import clauses_of, is_clean
from assistant.quiz.model import BLANK, Blank, Change, Point, Question

_WHOSE = (
    "“{body}”——这说的是{book}{thing}中的哪一项？",
    "在{book}{thing}中，说明为“{body}”的是（　　）。",
    "同事转述{book}说：“{body}。”他说的是（　　）。",
    "{book}列出的下列{noun}中，与“{body}”这一说明相对应的是（　　）。",
    "{book}中，“{body}”是对（　　）的说明。",
)
_WHAT = (
    "{book}对{thing}中“{term}”的说明是（　　）。",
    "关于{thing}中的“{term}”，下列说法符合{book}的是（　　）。",
    "学员问：{thing}里的“{term}”具体指什么？按{book}应回答（　　）。",
    "以下哪一项说的是{book}{thing}中的“{term}”？",
)
_PAIRS = (
    "下列关于{book}{thing}的对应关系，正确的有（　　）。",
    "把{book}{thing}与各自的说明配对，配对正确的有（　　）。",
    "关于{thing}，下列理解符合{book}的有（　　）。",
    "学员整理了{book}{thing}的笔记，下列各条中记对的有（　　）。",
    "{book}对{thing}逐项作了说明，下列搭配正确的有（　　）。",
)
_JUDGE_PREDICATE = (
    "按照{book}，“{term}”{body}。",
    "“{term}”{body}。（依据{book}）",
    "在{book}{thing}中，“{term}”{body}。",
)
_JUDGE_MEANS = (
    "按照{book}，“{term}”是指{body}。",
    "“{term}”，就是{body}。（依据{book}）",
    "在{book}{thing}中，“{term}”指的是{body}。",
)
_JUDGE_DEMANDS = (
    "{thing}中“{term}”一项写的是：{body}。（依据{book}）",
    "在{book}{thing}中，“{term}”说的是：{body}。",
    "“{body}”，这是{book}对“{term}”的说明。",
)
_TERMS = re.compile(r"术语|定义|名词|概念")
_PREDICATE = re.compile(r"^(?:包括|包含|涵盖|用于|适用于|强调|由|与[^，]{2,10}(?:相辅|互补))")
_MEANS = re.compile(r"^(?:通过|利用|采用|以|在|对于)(?![^，]{0,14}(?:应|须|需))")
_BLANK = (
    "在{book}{thing}中，{blank}的说明是：{body}。",
    "{book}这样说明{thing}中的{blank}：{body}。",
    "“{body}”，说的是{book}{thing}中的{blank}。",
    "{book}{thing}里有一项是{blank}，它的内容是：{body}。",
    "{body}——{book}把这一项称为{blank}，列在{thing}之中。",
    "按照{book}，{thing}中有一项叫作{blank}，说的是{body}。",
)
_EXPLAIN = (
    "按照{book}，“{term}”指什么？",
    "请说明{book}{thing}中“{term}”的含义。",
    "{thing}中有一项是“{term}”，{book}对它是怎样说明的？",
    "新员工问：{thing}里的“{term}”是什么意思？请依据{book}回答。",
)
_LISTS_WHAT = (
    "{book}在{thing}的“{term}”之下列举了哪些？",
    "按照{book}，{thing}中的“{term}”列出了哪几样？请写出。",
    "{book}把哪些列在{thing}的“{term}”之下？请写出。",
    "说到{thing}中的“{term}”，{book}举出了哪些？",
)
MOST_POINTS, LONGEST_THING = 6, 20
_REQUIRE = (
    "{thing}中“{term}”一项，{book}是怎样规定的？",
    "向新员工讲解{thing}中的“{term}”时，按{book}应讲到哪些要点？",
    "按照{book}，{thing}中的“{term}”具体有哪些规定？",
    "请写出{book}对{thing}中“{term}”的要求。",
)


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on the descriptions of every list."""
    for listing in workshop.focus.listings:
        if not listing.named_as_list:
            continue
        distinct = described(listing)
        if len(distinct) < 3:
            continue
        for one in distinct:
            choose = workshop.choose(f"{listing.key}/{one.entry.name}")
            same = said_elsewhere(workshop, one)
            yield from _choices(workshop, listing, one, distinct, same, choose)
            yield from _judged(workshop, listing, one, distinct, same, choose)
            yield from _open(workshop, listing, one, choose)
        yield from _pairs(workshop, listing, distinct)


def _values(listing: Listing) -> dict[str, str]:
    return {"book": listing.place.book, "thing": listing.within, "noun": listing.noun or "各项"}


def said_elsewhere(workshop: Workshop, one: Described) -> list[str]:
    """Return the names that are described much like ``one`` anywhere else: beside it they would be right as well."""
    return [
        entry.name
        for listing in workshop.material.listings
        for entry in listing.entries
        if entry is not one.entry and overlap(one.body, entry.body) > 0.5
    ]


def _choices(
    workshop: Workshop, listing: Listing, one: Described, distinct: list[Described], same: list[str], choose: Random
) -> Iterator[Question]:
    cited = listing.place.cite(one.entry.block)
    told = f"{where(listing.place, one.entry.block.clause)}：{quoted(one.entry.block.text)}"
    others = [other for other in distinct if other is not one and not workshop.alike(other.entry.name, one.entry.name)]
    names = [other.entry.name for other in others if not any(workshop.alike(other.entry.name, name) for name in same)]
    choose.shuffle(names)
    if len(names) >= 3 and hides_its_name(one, listing):
        options, right = workshop.options([one.entry.name], names[:3], choose)
        pattern, stem = workshop.word("说明-是哪项", _WHOSE, body=one.body, **_values(listing))
        yield workshop.question(
            "single",
            pattern,
            stem,
            cited,
            listing.place,
            bloom="understand",
            explanation=told,
            asks=f"{listing.key}/{one.entry.name}",
            options=options,
            right=right,
        )
    plain = [other for other in others if hides_its_name(other, listing)]
    bodies = sorted(plain, key=lambda other: abs(len(other.body) - len(one.body)))[:3]
    if len(bodies) == 3 and hides_its_name(one, listing):
        options, right = workshop.options([one.body], [other.body for other in bodies], choose)
        pattern, stem = workshop.word("说明-是什么", _WHAT, term=one.entry.name, **_values(listing))
        yield workshop.question(
            "single",
            pattern,
            stem,
            cited,
            listing.place,
            bloom="understand",
            explanation=told,
            asks=f"{listing.key}/{one.entry.name}",
            options=options,
            right=right,
        )


def _judged(
    workshop: Workshop, listing: Listing, one: Described, distinct: list[Described], same: list[str], choose: Random
) -> Iterator[Question]:
    cited = listing.place.cite(one.entry.block)
    told = f"{where(listing.place, one.entry.block.clause)}：{quoted(one.entry.block.text)}"
    swaps = [
        other
        for other in distinct
        if other is not one
        and not workshop.alike(other.entry.name, one.entry.name)
        and not any(workshop.alike(other.entry.name, name) for name in same)
    ]
    false = bool(swaps) and choose.random() < 0.55
    term = choose.choice(swaps).entry.name if false else one.entry.name
    if not hides_its_name(one, listing):
        return
    form, wordings = _judge_form(one.body)
    pattern, stem = workshop.word(f"判断-{form}", wordings, body=one.body, term=term, **_values(listing))
    yield workshop.question(
        "true_false",
        pattern,
        stem,
        cited,
        listing.place,
        bloom="understand",
        explanation=f"这是对“{one.entry.name}”的说明，不是“{term}”。{told}" if false else told,
        asks=f"{listing.key}/{one.entry.name}",
        truth=not false,
        change=Change("term", term, one.entry.name) if false else None,
    )
    if len(listing.entries) <= 8 and one.entry.name not in one.body:
        pattern, stem = workshop.word("填空-名称", _BLANK, body=one.body, blank=BLANK, **_values(listing))
        yield workshop.question(
            "cloze",
            pattern,
            stem,
            cited,
            listing.place,
            bloom="understand",
            explanation=told,
            asks=f"{listing.key}/{one.entry.name}",
            blanks=(Blank(forms(one.entry.full)),),
        )


def _judge_form(body: str) -> tuple[str, tuple[str, ...]]:
    """Return how a description joins its name: as its predicate, as what it means, or beside it."""
    if _PREDICATE.match(body):
        return "谓", _JUDGE_PREDICATE
    if _MEANS.match(body):
        return "指", _JUDGE_MEANS
    return "项", _JUDGE_DEMANDS


def _open(workshop: Workshop, listing: Listing, one: Described, choose: Random) -> Iterator[Question]:
    points = required(one.entry)
    if not points:
        return
    meant = (
        listing.noun in STRONG or listing.noun == "挑战" or _PREDICATE.match(one.body) or _TERMS.search(listing.subject)
    )
    wordings, family = (_EXPLAIN, "简答-说明") if meant else (_REQUIRE, "简答-要点")
    if listed(one.entry.body):
        wordings, family = _LISTS_WHAT, "简答-列出"
    pattern, stem = workshop.word(family, wordings, term=one.entry.name, **_values(listing))
    yield workshop.question(
        "short_answer",
        pattern,
        stem,
        listing.place.cite(one.entry.block),
        listing.place,
        bloom="understand",
        explanation=f"{where(listing.place, one.entry.block.clause)}：{quoted(one.entry.block.text, limit=200)}",
        asks=f"{listing.key}/{one.entry.name}",
        points_required=points,
    )


def required(entry: Entry) -> tuple[Point, ...]:
    """Return the points an answer on a thing has to make: the clauses of what is said of it, examples left out."""
    body = re.split(r"(?:。|；|，)?(?:例如|比如|根据(?:《|[A-Z]))", entry.body)[0]
    if not is_clean(body.strip("。；")):
        return ()
    if things := listed(body):
        return tuple(Point(thing) for thing in things)
    # Examples that the source only names in passing are nothing an answer must have.
    parts = [part for part in joined(clauses_of(body)) if not part.startswith("如") or re.match(r"如[何果]", part)]
    return tuple(Point(part) for part in parts) if 1 <= len(parts) <= MOST_POINTS and min(map(len, parts)) >= 4 else ()


_LISTED = re.compile(r"^(?:如(?!何|果)|包括|包含|涵盖)(?P<things>[^，。；：]{2,60}?)等?[。；]?$")


def listed(body: str) -> tuple[str, ...]:
    """Return the things that a description only lists (如系统故障、数据丢失等), two or more; else nothing."""
    found = _LISTED.match(body.strip())
    if not found:
        return ()
    things = tuple(re.split(r"、|(?<=[\u4e00-\u9fff]{2})和(?=[^、]+$)", found["things"]))
    return things if len(things) > 1 and all(2 <= len(thing) <= LONGEST_THING for thing in things) else ()


_OPENS = re.compile(
    r"(?:[\u4e00-\u9fff]后|过程中?|[^体]系中|情况下|基础上|期间|前提下)$|^(?:涉及|凡是?|不仅|不但|不只|既|对于|针对|在)"
)
_BY = re.compile(r"^(?:通过|利用|采用|根据|结合|以[^上下内外])")
SHORT_CLAUSE = 5
_LISTS = re.compile(r"^(?:包括|涵盖|包含|其中|如)")
_GOES_ON = re.compile(r"^(?:如何|以及|还|也|而且|并且|从而|甚至|以便|以免|以(?!上|下|内|外|客户|人为))")


def joined(parts: Sequence[str], *, means: bool = False) -> list[str]:
    """Return clauses with those put together that say nothing apart (不仅…，还…; 在…过程中，…).

    ``means`` also puts a means beside its end (通过…，实现…), for those who read a clause without the one before it.
    """
    whole: list[str] = []
    for part in parts:
        opens = bool(whole) and "，" not in whole[-1] and (_OPENS.search(whole[-1]) or (means and _BY.match(whole[-1])))
        goes_on = _GOES_ON.match(part) or (means and _LISTS.match(part))
        short = bool(whole) and (len(whole[-1]) < SHORT_CLAUSE or len(part) < SHORT_CLAUSE)
        if whole and (goes_on or opens or short):
            whole[-1] = f"{whole[-1]}，{part}"
        else:
            whole.append(part)
    return whole


def _pairs(workshop: Workshop, listing: Listing, distinct: list[Described]) -> Iterator[Question]:
    """Yield choices among pairs of name and description, one or two of which are exchanged: two of a long list."""
    choose = workshop.choose(f"{listing.key}/pairs")
    short = [one for one in distinct if len(one.body) <= 46]
    hidden = [one for one in short if hides_its_name(one, listing)]
    choose.shuffle(hidden)
    for at in range(0, min(len(hidden) - 1, 4 if len(short) >= 5 else 2), 2):
        first, second = hidden[at : at + 2]
        rest = [one for one in short if one is not first and one is not second]
        if len(rest) < 2 or workshop.alike(first.entry.name, second.entry.name):
            continue
        both = len(rest) < 3 or choose.random() < 0.5
        others = choose.sample(rest, 2 if both else 3)
        wrong = [_pair(first, second.body), *([_pair(second, first.body)] if both else [])]
        options, keys = workshop.options([_pair(one, one.body) for one in others], wrong, choose)
        pattern, stem = workshop.word("说明-配对", _PAIRS, **_values(listing))
        yield workshop.question(
            "multiple",
            pattern,
            stem,
            citation_of(listing),
            listing.place,
            bloom="analyze",
            explanation=_exchanged(listing, first, second, both=both),
            asks=f"{listing.key}/pairs/{first.entry.name}",
            options=options,
            right=keys,
        )


def _exchanged(listing: Listing, first: Described, second: Described, *, both: bool) -> str:
    told = f"“{second.body}”是对“{second.entry.name}”的说明"
    more = f"，“{first.body}”是对“{first.entry.name}”的说明" if both else ""
    return f"{where(listing.place, listing.place.section.number)}：{told}{more}。"


def _pair(one: Described, body: str) -> str:
    return f"{one.entry.name}——{body}"
