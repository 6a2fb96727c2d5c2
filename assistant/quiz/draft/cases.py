"""Cases: a situation from the source's own words, and what its rules say to it.

A story says no more than the clause does: the case of a rule with somebody in it, a forbidden act done, steps done with
one mistake, an example without the name of what it shows. A chat model may tell it better; this one stands without.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from random import Random

from assistant import sentences
from assistant.quiz.draft.conditions import bare_case, points_of
from assistant.quiz.draft.descriptions import said_elsewhere
from assistant.quiz.draft.facts import changed, changes, told_apart
from assistant.quiz.draft.groups import citation_of as group_citation
from assistant.quiz.draft.lists import citation_of as list_citation
from assistant.quiz.draft.said import is_sentence, said
from assistant.quiz.draft.workshop import MARKS, PEOPLE, Workshop, quoted, where
from assistant.quiz.material.amounts import Amount, amounts, han
from assistant.quiz.material.described import Described, description
from assistant.quiz.material.listing import Enumeration, Listing
from assistant.quiz.material.names import bigrams, forms, plain
from assistant.quiz.material.rules import Conditional, Forbidden
from assistant.quiz.material.statement import Statement, body_of, is_clean
from assistant.quiz.model import Point, Question

_CASE_STORY = (
    "{before}{person}在“{topic}”工作中遇到这样的情况：{case}。",
    "{before}在“{topic}”工作中出现了下面的情况：{case}。{person}不知道该怎么办，来问你。",
    "{before}这天，{person}碰到一个与“{topic}”有关的情况：{case}。",
    "{before}晨会上说到“{topic}”，{person}提出一个实际问题：{case}，该怎么办？",
)
_CASE_ASK = (
    "按照{book}，应当怎样处理？",
    "请依据{book}说明正确的做法。",
    "{person}接下来应做哪些事？（依据{book}）",
    "根据{book}，请给出处理办法。",
)
_BAN_STORY = (
    "检查时发现，{who}{act}。",
    "当班期间，{who}{act}。",
    "{who}被发现{act}，他说自己不知道有什么不妥。",
    "交接班时，有人反映{who}{act}。",
)
_BAN_ASK = (
    "这样做对吗？请说明依据和理由（{book}）。",
    "请指出这种做法违反了{book}的哪项规定。",
    "作为班组负责人，你会如何判断这种做法？请引用{book}的规定。",
)
_MISTAKE_STORY = (
    "培训材料中关于“{title}”有这样几条：{steps}",
    "新员工{person}对“{title}”的理解如下：{steps}",
    "{person}整理了“{title}”的操作要点：{steps}",
    "一份交接记录这样写“{title}”的做法：{steps}",
)
_MISTAKE_ASK = (
    "其中有一处不符合{book}，请指出并改正。",
    "对照{book}，哪一处写错了？正确的规定是什么？",
    "请找出与{book}不一致的一处，并写出正确内容。",
)
_KIND_STORY = (
    "某公司在工作中碰到了“{event}”的情况。",
    "本月例会通报了一件事，主要问题是：{event}。",
    "{person}要把一件事登记到台账里，事由写的是“{event}”，却不知道归到哪一类。",
)
_KIND_ASK = (
    "按照{book}，这属于{thing}中的哪一项？同一项下还列举了哪些？",
    "请依据{book}判断它归入{thing}的哪一项，并说出同一项下的其他例子。",
)
_EXAMPLE_ASK = (
    "这体现了{book}{thing}中的哪一项？{book}对这一项是怎样要求的？",
    "请判断上面的做法对应{book}{thing}中的哪一项，并写出这一项的要点。",
    "上面的例子说明的是{thing}中的哪一项？请结合{book}说明理由。",
    "如果用这个例子给新员工讲{thing}，应归到哪一项？这一项的要求是什么？（依据{book}）",
    "对照{book}，这种做法落实了{thing}中的哪一项要求？请写出这一项的内容。",
    "{thing}各项中，哪一项最能解释上面的做法？请写出{book}对这一项的说明。",
    "请为这个例子在{thing}中找到对应的一项，并简要说明它的含义（依据{book}）。",
)
_NO_STORY = re.compile(r"^(?:作为|用于|进入|低于|高于|直接降|由|对|因|在|以|被|再)|[为成]$|(?:自行|任何|其他)")
_PLAN_STORY = (
    "某公司的工作方案里写着：“{body}。”",
    "一次评审会上，有人提出这样的做法：{body}。",
    "{person}所在的部门打算这样做：{body}。",
)
_PLAN_ASK = (
    "这对应{book}{thing}中的哪一项？除它之外，{book}还列出了哪些？",
    "请指出它属于{book}{thing}的哪一项，并写出其余各项。",
    "按照{book}，这样做落实的是{thing}中的哪一项？另外还有哪几项？",
)
LONGEST_BEFORE = 70
_COUNTED = frozenset("条件张份户单")
_DEED = re.compile(r"^(?:通过|利用|采用|引入|建立|根据|针对|确保|定期|设定|构建|采取|避免|选择|提前|按)")


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the cases of the material."""
    for one in workshop.focus.conditionals:
        yield from _conditional(workshop, one, workshop.choose(f"{one.key}/case"))
    for ban in workshop.focus.forbidden:
        yield from _forbidden(workshop, ban, workshop.choose(f"{ban.key}/case"))
    yield from _mistakes(workshop)
    for listing in workshop.focus.listings:
        yield from _kinds(workshop, listing)
        yield from _examples(workshop, listing)
        yield from _plans(workshop, listing)


def _conditional(workshop: Workshop, one: Conditional, choose: Random) -> Iterator[Question]:
    points = points_of(one.then)
    case = concrete(bare_case(one), choose)
    if (
        not points
        or len(case) < 8
        or re.search(r"^(?:确需|需要|要求|条件|其余|单次|每次)|(?:要求|需求|确需使用)$|可申请", case)
    ):
        return
    person = choose.choice(PEOPLE)
    at, scenario = workshop.word("情境", _CASE_STORY, person=person, case=case, topic=_topic(one), before=_before(one))
    pattern, stem = workshop.word(f"案例-{at}", _CASE_ASK, book=one.place.book, person=person)
    yield workshop.question(
        "case",
        pattern,
        stem,
        one.place.cite(one.block),
        one.place,
        bloom="apply",
        explanation=f"{where(one.place, one.block.clause)}：{quoted(one.block.text, limit=160)}",
        asks=one.key,
        scenario=scenario,
        points_required=points,
    )


def _topic(one: Conditional) -> str:
    """Return what a case is about: the item's name where that is short, else the section's."""
    label = plain(one.statement.label)
    if 3 <= len(label) <= 10 and not is_sentence(label):
        return label
    return one.place.subject if one.place.general and one.place.name == one.place.title else one.place.name


def _before(one: Conditional) -> str:
    """Return the sentence before a case in its clause, which says what it is a case of; "" for one that opens it."""
    told = one.block.text[body_of(one.block)[0] : one.statement.start]
    spans = sentences.split(told)
    last = spans[-1].of(told).strip("。；") if spans and not plain(one.statement.label) else ""
    return f"公司规定：{last}。" if 8 <= len(last) <= LONGEST_BEFORE and is_clean(last) else ""


_OVER = re.compile(r"(?<!不)(?:超过|满|达到|多于|高于)$")
_UNDER = re.compile(r"(?<!不)(?:低于|不足|不到|少于|未满)$")


def concrete(case: str, choose: Random) -> str:
    """Return the case with its threshold made a number on the right side of it: 等候超过20分钟 → 等候了25分钟."""
    for one in amounts(case):
        before, after = case[: one.start], case[one.end :]
        over, under = _OVER.search(before), _UNDER.search(before)
        if not one.number[0].isdigit() or not (over or under):
            continue
        mark = over or under
        value = _beyond(one, over=bool(over), choose=choose)
        if mark is None or value is None:
            continue
        word = "为" if one.unit in {"%", "分"} else "共" if one.unit in _COUNTED else "已达" if over else "只有"
        word = "" if re.search(r"[差为]$", before[: mark.start()]) else word
        return f"{before[: mark.start()]}{word}{value}{one.unit}{after}"
    return case


def _beyond(one: Amount, *, over: bool, choose: Random) -> str | None:
    """Return a number a little over or under ``one``, as digits."""
    if one.value != int(one.value) or one.value < 2:
        return None
    step = max(1, round(one.value * choose.choice((0.1, 0.2))))
    value = int(one.value) + (step if over else -step)
    if one.value >= 100:
        value = round(value / 10) * 10
    return str(value) if value > 0 and value != int(one.value) and han(value) else None


def _forbidden(workshop: Workshop, one: Forbidden, choose: Random) -> Iterator[Question]:
    who = one.who if one.who in workshop.material.roles.names else ""
    act = one.act
    if (one.who and not who) or len(act) < 6 or len(act) > 40 or not is_clean(act):
        return
    if re.search(
        r"^(?:作为|用于|进入|低于|高于|直接降|由|对|因|在|以|被|再)|[为成]$|承诺\d|(?:自行|任何|其他)", act
    ) or amounts(act):
        return
    person = f"{who}{choose.choice(PEOPLE)}"
    at, scenario = workshop.word("违规", _BAN_STORY, who=person, act=act)
    pattern, stem = workshop.word(f"案例-{at}", _BAN_ASK, book=one.place.book)
    rest = [part for part in re.split(r"[，；]", one.block.text.rstrip("。")) if one.act not in part and len(part) >= 6]
    extra = [part for part in rest if re.search(r"必须|应当?|须|一律|除外", part)][:2]
    yield workshop.question(
        "case",
        pattern,
        stem,
        one.place.cite(one.block),
        one.place,
        bloom="apply",
        explanation=f"不对。{where(one.place, one.block.clause)}：{quoted(one.block.text, limit=160)}",
        asks=one.key,
        scenario=scenario,
        points_required=(Point(f"{one.word}{one.act}"), *(Point(part.strip()) for part in extra)),
    )


def _mistakes(workshop: Workshop) -> Iterator[Question]:
    groups: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for one in workshop.focus.statements:
        if not one.example and one.block.kind == "item":
            groups[one.place.document, one.place.section.number].append(one)
    for (document, number), group in groups.items():
        choose = workshop.choose(f"{document}/{number}#mistake")
        changeable = [at for at, one in enumerate(group) if changes(workshop, one, choose)]
        choose.shuffle(changeable)
        for at in changeable[:2]:
            yield from _mistake(workshop, group, at, choose)


def _mistake(workshop: Workshop, group: list[Statement], at: int, choose: Random) -> Iterator[Question]:
    start = max(0, min(at - choose.randrange(3), len(group) - 3))
    run = group[start : start + 3]
    if len(run) < 3:
        return
    picked = choose.choice(told_apart(changes(workshop, group[at], choose)))
    texts = [changed(one, picked) if one is group[at] else one.text for one in run]
    lines = [said(workshop, one, text, choose, short=True)[1] for one, text in zip(run, texts, strict=True)]
    if sum(map(len, lines)) > 200:
        return
    steps = "；".join(f"{mark}{line}" for mark, line in zip(MARKS, lines, strict=False)) + "。"
    place, change = group[at].place, picked[0]
    person = choose.choice(PEOPLE)
    wording, scenario = workshop.word("找错", _MISTAKE_STORY, title=place.title, person=person, steps=steps)
    pattern, stem = workshop.word(f"案例-{wording}", _MISTAKE_ASK, book=place.book)
    yield workshop.question(
        "case",
        pattern,
        stem,
        group_citation(place, run),
        place,
        bloom="analyze",
        explanation=f"“{change.written}”错了，{where(place, group[at].block.clause)}：{quoted(group[at].block.text, limit=120)}",
        asks=f"{group[at].key}/mistake",
        scenario=scenario,
        points_required=(
            Point(_clause_around(group[at].text, picked[1]), (change.original, *_number_forms(change.original))),
        ),
        change=change,
    )


def _clause_around(text: str, at: int) -> str:
    """Return the clause of a sentence that holds place ``at``: what a person would write as the correction."""
    start = max(text.rfind(sign, 0, at) for sign in "，；：") + 1
    ends = [place for sign in "，；" if (place := text.find(sign, at)) >= 0]
    return text[start : min(ends, default=len(text))].strip()


def _number_forms(text: str) -> tuple[str, ...]:
    from assistant.quiz.material.amounts import written_forms

    found = amounts(text)
    return written_forms(found[0], with_unit=True)[1:] if found and found[0].text == text else ()


def _kinds(workshop: Workshop, listing: Listing) -> Iterator[Question]:
    """Yield cases where one example of a kind is met: 系统故障 → 技术风险."""
    by_block = {
        one.block.clause: one for one in workshop.material.enumerations if one.place.section is listing.place.section
    }
    exemplified = [
        (entry, by_block[entry.block.clause])
        for entry in listing.entries
        if entry.block.clause in by_block and by_block[entry.block.clause].before in {"如", "例如"}
    ]
    if len(exemplified) < 3:
        return
    for entry, examples in exemplified:
        choose = workshop.choose(f"{listing.key}/{entry.name}/kind")
        yield from _kind(workshop, listing, entry.name, examples, choose)


def _kind(workshop: Workshop, listing: Listing, name: str, examples: Enumeration, choose: Random) -> Iterator[Question]:
    for event in examples.items:
        if bigrams(event) & bigrams(name) or len(event) < 3:
            continue
        rest = [item for item in examples.items if item != event]
        at, scenario = workshop.word("归类", _KIND_STORY, event=event, person=choose.choice(PEOPLE))
        pattern, stem = workshop.word(f"案例-{at}", _KIND_ASK, book=listing.place.book, thing=listing.within)
        yield workshop.question(
            "case",
            pattern,
            stem,
            listing.place.cite(examples.block),
            listing.place,
            bloom="apply",
            explanation=f"{where(listing.place, examples.block.clause)}：{quoted(examples.block.text)}",
            asks=f"{listing.key}/{name}/{event}",
            scenario=scenario,
            points_required=(Point(name), *(Point(item) for item in rest)),
        )


_ASKS = re.compile(r"多久|几次|多少|大不大|是否|如何|怎样|哪些")  # what is looked at, nothing that was done
_ENGLISH = re.compile(r"[（(][A-Za-z][A-Za-z ]{5,}[）)]")
_EXAMPLE = re.compile(r"(?:例如|比如)，?(?P<story>[^。]{14,110})")


def _examples(workshop: Workshop, listing: Listing) -> Iterator[Question]:
    """Yield cases whose story is the source's own example of a thing, told without its name."""
    for entry in listing.entries:
        found = _EXAMPLE.search(entry.body)
        body = description(entry)
        if not found or not body or not is_clean(found["story"]) or len(listing.entries) < 3:
            continue
        story = _ENGLISH.sub("", found["story"].strip("，。； "))
        if _ASKS.search(story):
            continue
        own = bigrams(entry.name) - bigrams(listing.subject)
        if len(own & bigrams(story)) > 1 or entry.name in story or any(name in story for name in listing.names):
            continue
        pattern, stem = workshop.word("案例-实例", _EXAMPLE_ASK, book=listing.place.book, thing=listing.within)
        parts = [Point(part.strip()) for part in body.split("，") if len(part.strip()) >= 5][:3]
        yield workshop.question(
            "case",
            pattern,
            stem,
            listing.place.cite(entry.block),
            listing.place,
            bloom="analyze",
            explanation=f"{where(listing.place, entry.block.clause)}：{quoted(entry.block.text, limit=200)}",
            asks=f"{listing.key}/{entry.name}/example",
            scenario=f"{_story_start(story)}{story}。",
            points_required=(Point(entry.name, forms(entry.full)[1:]), *parts),
        )


def _story_start(story: str) -> str:
    return "" if re.match(r"某|一家|[A-Z]|[\u4e00-\u9fff]{2,6}(?:公司|企业)|客户", story) else "某企业的做法是："


def _plans(workshop: Workshop, listing: Listing) -> Iterator[Question]:
    """Yield cases where somebody does what the source says of one thing of a list, without its name."""
    if not listing.named_as_list or not 3 <= len(listing.entries) <= 6:
        return
    for entry in listing.entries:
        body = description(entry)
        own = bigrams(entry.name) - bigrams(listing.subject)
        if not _DEED.match(body) or own & bigrams(body):
            continue
        same = said_elsewhere(workshop, Described(entry, body))
        if any(workshop.alike(name, other.name) for name in same for other in listing.entries if other is not entry):
            continue
        choose = workshop.choose(f"{listing.key}/{entry.name}/plan")
        at, scenario = workshop.word("方案", _PLAN_STORY, body=body, person=choose.choice(PEOPLE))
        pattern, stem = workshop.word(f"案例-{at}", _PLAN_ASK, book=listing.place.book, thing=listing.within)
        yield workshop.question(
            "case",
            pattern,
            stem,
            list_citation(listing),
            listing.place,
            bloom="apply",
            explanation=f"{where(listing.place, entry.block.clause)}：{quoted(entry.block.text, limit=160)}",
            asks=f"{listing.key}/{entry.name}/plan",
            scenario=scenario,
            points_required=tuple(
                Point(one.name, forms(one.full)[1:]) for one in (entry, *(e for e in listing.entries if e is not entry))
            ),
        )
