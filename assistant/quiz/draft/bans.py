"""Items on what is forbidden: which acts are, whether one may be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from random import Random

from assistant.quiz.draft.workshop import Workshop, quoted, where
from assistant.quiz.material.amounts import amounts
from assistant.quiz.material.listing import segmenter
from assistant.quiz.material.place import Place
from assistant.quiz.material.rules import Forbidden
from assistant.quiz.material.statement import Statement
from assistant.quiz.model import Change, Option, Point, Question, QuestionType
from kb.model import Block

_FORBIDDEN = (
    "下列做法中，违反{book}“{title}”规定的有（　　）。",
    "按照{book}，下列行为被明令禁止的有（　　）。",
    "班组自查时发现下列做法，其中触犯{book}“{title}”的有（　　）。",
)
_FORBIDDEN_ONE = (
    "下列做法中，违反{book}“{title}”规定的是（　　）。",
    "按照{book}，下列哪一种做法是明令禁止的？",
    "同事提出四种做法，其中{book}不允许的是（　　）。",
    "下面四种做法，哪一种触犯了{book}“{title}”？",
)
_MAY = (
    "按照{book}，{who}{act}是允许的。",
    "{book}允许{who}{act}。",
    "{who}{act}，这种做法符合{book}“{title}”的规定。",
)
_MUST_NOT = (
    "按照{book}，{who}不得{act}。",
    "{book}“{title}”禁止{who}{act}。",
    "{who}{act}，属于{book}禁止的做法。",
)
_ALLOWED = ("允许", "符合")
_WHY_NOT = (
    "{book}“{title}”中有哪些明令禁止的行为？请逐项写出。",
    "按照{book}“{title}”，哪些事不能做？请全部写出。",
    "向新员工讲解{book}“{title}”时，应讲清哪些禁止的行为？",
)
MOST_BANS = 7


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on every section's forbidden acts."""
    groups: dict[tuple[str, str], list[Forbidden]] = defaultdict(list)
    for one in workshop.focus.forbidden:
        groups[one.place.document, one.place.section.number].append(one)
    for (document, number), group in groups.items():
        choose = workshop.choose(f"{document}/{number}#bans")
        yield from _chosen(workshop, group, choose)
        for one in group:
            yield from _judged(workshop, one, workshop.choose(one.key))


def duties(workshop: Workshop, document: str, choose: Random) -> list[Statement]:
    """Return what roles of the document do by the rules, in few words: the lawful acts among forbidden ones."""
    found = [
        one
        for one in workshop.material.statements
        if one.place.document == document
        and one.roles
        and one.roles[0].start == 0
        and not one.modals
        and not one.example
    ]
    choose.shuffle(found)
    return found


def lawful(workshop: Workshop, group: list[Forbidden], choose: Random, *, count: int) -> list[str]:
    """Return ``count`` lawful acts of the size of the forbidden ones, said as acts."""
    longest = max(len(_act(one)) for one in group) + 8
    texts: list[str] = []
    for one in duties(workshop, group[0].place.document, choose):
        text = one.text.split("，")[0]
        following = one.text.split("，")[1:2]
        if len(text) < 9 and following:
            text = f"{text}，{following[0]}"
        if (
            8 <= len(text) <= longest
            and not text.endswith(("的", "时", "后"))
            and one.place.section is not group[0].place.section
        ):
            texts.append(text)
        if len(texts) == count:
            break
    return texts


def _act(one: Forbidden) -> str:
    return f"{one.who}{one.act}"


def _chosen(workshop: Workshop, group: list[Forbidden], choose: Random) -> Iterator[Question]:
    place = group[0].place
    usable = [one for one in group if 6 <= len(_act(one)) <= 34]
    told = f"{where(place, place.section.number)}：{quoted('；'.join(one.word + one.act for one in group), limit=160)}"
    blocks = sorted({one.block.start: one.block for one in group}.values(), key=lambda block: block.start)
    values = {"book": place.book, "title": place.title}
    if len(usable) >= 2:
        good = lawful(workshop, usable, choose, count=3)
        acts = [_act(one) for one in choose.sample(usable, min(3, len(usable)))]
        if len(good) >= 2 and len(set(acts)) == len(acts):
            options, right = workshop.options(acts, good[: 4 - len(acts) if len(acts) < 3 else 1] or good[:1], choose)
            pattern, stem = workshop.word("红线-有哪些", _FORBIDDEN, **values)
            yield _question(workshop, "multiple", pattern, stem, blocks, place, told, options, right, group)
    if len(usable) >= 1:
        good = lawful(workshop, usable, choose, count=3)
        one = choose.choice(usable)
        if len(good) == 3:
            options, right = workshop.options([_act(one)], good, choose)
            pattern, stem = workshop.word("红线-哪一种", _FORBIDDEN_ONE, **values)
            yield _question(workshop, "single", pattern, stem, [one.block], place, told, options, right, [one])
    if 3 <= len(group) <= MOST_BANS:
        pattern, stem = workshop.word("简答-红线", _WHY_NOT, **values)
        yield workshop.question(
            "short_answer",
            pattern,
            stem,
            place.cite(blocks[0], blocks[-1]),
            place,
            bloom="remember",
            explanation=told,
            asks=f"{group[0].key}/all",
            points_required=tuple(Point(f"{one.word}{one.act}", (one.act,)) for one in group),
        )


def _question(  # noqa: PLR0913
    workshop: Workshop,
    type_: QuestionType,
    pattern: str,
    stem: str,
    blocks: list[Block],
    place: Place,
    told: str,
    options: tuple[Option, ...],
    right: tuple[str, ...],
    group: list[Forbidden],
) -> Question:
    return workshop.question(
        type_,
        pattern,
        stem,
        place.cite(blocks[0], blocks[-1]),
        place,
        bloom="apply",
        explanation=told,
        asks=f"{group[0].key}/{type_}",
        options=options,
        right=right,
    )


def _judged(workshop: Workshop, one: Forbidden, choose: Random) -> Iterator[Question]:
    if not 6 <= len(one.act) <= 36 or (amounts(one.act) and one.act.startswith("超过")):
        return
    who = one.who or "员工"
    if who.endswith(("的", "时", "后", "，")) or not 2 <= len(who) <= 8 or one.act.startswith(who):
        return
    if next((tag for _, tag in segmenter().tagged(one.act)), "").startswith("n"):
        return  # it says who may not (严禁站长修改记录): nobody else can be put before it
    false = choose.random() < 0.6
    wordings, family = (_MAY, "判断-可以") if false else (_MUST_NOT, "判断-不得")
    pattern, stem = workshop.word(family, wordings, book=one.place.book, title=one.place.title, who=who, act=one.act)
    yield workshop.question(
        "true_false",
        pattern,
        stem,
        one.place.cite(one.block),
        one.place,
        bloom="understand",
        explanation=(f"原文是“{one.word}{one.act}”。" if false else "")
        + f"{where(one.place, one.block.clause)}：{quoted(one.block.text)}",
        asks=one.key,
        truth=not false,
        change=Change("negation", next(w for w in _ALLOWED if w in stem), one.word) if false else None,
    )
