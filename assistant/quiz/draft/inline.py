"""Items on enumerations inside a sentence: 财务绩效包括成本、收益、利润率.

What is not named in an open enumeration (如 …, … 等) may still belong to it. So a wrong one for those comes only from a
parallel enumeration (客户绩效 beside 财务绩效), where the source itself puts it under another head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from assistant.quiz.draft.said import named, said_text
from assistant.quiz.draft.workshop import Workshop, quoted, where
from assistant.quiz.material.listing import Enumeration
from assistant.quiz.material.names import bigrams, core
from assistant.quiz.model import BLANK, Blank, Change, Option, Question, QuestionType
from kb.fold import fold

_DIRECT = {"如", "包括", "包含", "涵盖", "分为"}
_WHICH = (
    "按照{book}，{label}包括（　　）。",
    "下列各项中，{book}列在{label}之下的有（　　）。",
    "以下哪些归在{label}之下？（依据{book}）",
    "{book}在{label}之下列出的有（　　）。",
)
_FILL = (
    "{sentence}。括号处应选（　　）。",
    "{sentence}。应填入括号的有（　　）。",
    "{sentence}。下列各项中可填入括号处的有（　　）。",
)
_ONE = (
    "下列各项中，{book}列在{label}之下的是（　　）。",
    "按照{book}，应归入{label}的是哪一项？",
    "{book}在{label}之下列出了哪一项？",
    "以下哪一项归在{label}之下？（依据{book}）",
)
_NOT = (
    "下列各项中，{book}没有列在{label}之下的是（　　）。",
    "{book}列举{label}的内容时，没有列出（　　）。",
    "有人把下面四项都归入{label}，按{book}其中归错的是（　　）。",
)
_LEAD = re.compile(r"(主要包括|分别为|包括|包含|涵盖|分为|如|通过|采用|结合|围绕)$")


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on every enumeration of the material."""
    for one in workshop.focus.enumerations:
        choose = workshop.choose(one.key)
        outside = _outsiders(workshop, one, choose)
        yield from _choices(workshop, one, outside, choose)
        yield from _sentences(workshop, one, outside, choose)


def _is_open(of: Enumeration) -> bool:
    return of.open or of.before.endswith("如")


def _direct(of: Enumeration) -> bool:
    return bool(of.label) and of.before in _DIRECT


def _parallel(one: Enumeration, other: Enumeration) -> bool:
    """Say whether both are said of sibling items in the same words."""
    return (
        _direct(one)
        and _direct(other)
        and one.place.section is other.place.section
        and one.block.level == other.block.level
        and one.block is not other.block
    )


def _outsiders(workshop: Workshop, of: Enumeration, choose: Random) -> list[str]:
    """Return things that the source enumerates elsewhere and that this clause certainly does not hold."""
    inside = fold(of.block.text)
    shortest, longest = min(map(len, of.items)) - 1, max(map(len, of.items)) + 2
    lead = _LEAD.search(of.before)
    scored: list[tuple[float, str]] = []
    for other in workshop.material.enumerations:
        parallel = _parallel(of, other)
        same_form = (
            not _is_open(of)
            and lead is not None
            and other.block is not of.block
            and other.place.document == of.place.document
            and other.place.chapter == of.place.chapter
            and other.before.endswith(lead[0])
        )
        # What a head's closed list does not name is not under that head, wherever in the document it stands.
        listed = _direct(of) and _direct(other) and not _is_open(of) and other.place.document == of.place.document
        if other.block is of.block or not (parallel or same_form or listed):
            continue
        # But for parallel ones only what looks like one of these (满意率 beside 接通率): anything else shows at once.
        near = parallel or (listed and other.place.chapter == of.place.chapter)
        scored.extend(
            (choose.random() + (not parallel) + (not _looks_like(item, of.items)), item)
            for item in other.items
            if _has_form(item, of.items)
            and shortest <= len(item) <= longest
            and (near or _looks_like(item, of.items, most=not _direct(of)))
        )
    found: list[str] = []
    for _, item in sorted(scored):
        if len(found) == 4:
            break
        if not _direct(of) and any(bigrams(item) & bigrams(own) for own in of.items):
            continue
        # 一次修好率 beside 一次完成率 may be meant as the same.
        if any(item[:2] == own[:2] for own in of.items):
            continue
        if core(item) in inside or any(workshop.alike(item, other) for other in (*of.items, *found)):
            continue
        found.append(item)
    return found


def _has_form(item: str, items: Sequence[str]) -> bool:
    """Say whether a thing begins or ends as all of these do, where they all do (…调薪): another would show at once."""
    return all(len({one[at] for one in items}) > 1 or item[at] == items[0][at] for at in (0, -1))


def _looks_like(item: str, items: Sequence[str], *, most: bool = False) -> bool:
    """Say whether a thing ends as one of these does or shares a word with it; ``most``: with half of them."""
    alike = sum(item[-1] == one[-1] or bool(bigrams(item) & bigrams(one)) for one in items)
    return alike * 2 >= len(items) if most else alike > 0


def _sentence(of: Enumeration, items: str) -> str:
    """Return the clause with ``items`` in the enumeration's place, its label left to the wording."""
    return f"{of.before}{items}{of.after}"


def _told(of: Enumeration) -> str:
    return f"{where(of.place, of.block.clause)}：{quoted(of.block.text)}"


def _choices(workshop: Workshop, of: Enumeration, outside: list[str], choose: Random) -> Iterator[Question]:
    items, direct = list(of.items), _direct(of)
    if outside and len(_sentence(of, "")) <= 80:
        # Where the sentence counts them (四个维度), all of them are the answer.
        counted = re.match(r"(?:等|这)?[二两三四五六七八九十\d]+[个项类种条大档级]", of.after)
        members = items if len(items) <= 3 or counted else choose.sample(items, 3)
        wrong = outside[: 2 if choose.random() < 0.6 else 1]
        if direct:
            pattern, stem = workshop.word("并列-有哪些", _WHICH, label=named(of.label), book=of.place.book)
        else:
            _, sentence = said_text(workshop, of.place, of.label, _sentence(of, "（　）"), choose)
            pattern, stem = workshop.word("并列-补全", _FILL, sentence=sentence)
        yield _question(workshop, "multiple", pattern, stem, of, workshop.options(members, wrong, choose))
    if direct and len(outside) >= 3:
        pattern, stem = workshop.word("并列-属于", _ONE, label=named(of.label), book=of.place.book)
        made = workshop.options([choose.choice(items)], outside[:3], choose)
        yield _question(workshop, "single", pattern, stem, of, made)
    if direct and outside and len(items) >= 3:
        pattern, stem = workshop.word("并列-不属于", _NOT, label=named(of.label), book=of.place.book)
        made = workshop.options(outside[:1], choose.sample(items, 3), choose)
        yield _question(workshop, "single", pattern, stem, of, made, more=f"“{outside[0]}”不在其中。")


def _question(
    workshop: Workshop,
    type_: QuestionType,
    pattern: str,
    stem: str,
    of: Enumeration,
    made: tuple[tuple[Option, ...], tuple[str, ...]],
    *,
    more: str = "",
) -> Question:
    options, right = made
    return workshop.question(
        type_,
        pattern,
        stem,
        of.place.cite(of.block),
        of.place,
        bloom="understand" if _direct(of) else "remember",
        explanation=f"{more}{_told(of)}",
        asks=of.key,
        options=options,
        right=right,
    )


def _sentences(workshop: Workshop, of: Enumeration, outside: list[str], choose: Random) -> Iterator[Question]:
    cited, place, items = of.place.cite(of.block), of.place, list(of.items)
    blanked = choose.randrange(len(items))
    if not _is_open(of):
        left = [BLANK if at == blanked else item for at, item in enumerate(items)]
        wording, stem = said_text(workshop, place, of.label, _sentence(of, "、".join(left)), choose)
        yield workshop.question(
            "cloze",
            f"填空-并列-{wording}",
            f"{stem}。",
            cited,
            place,
            bloom="remember",
            explanation=_told(of),
            asks=of.key,
            blanks=(Blank((items[blanked],)),),
        )
    false = bool(outside) and choose.random() < 0.6
    shown = list(items)
    if false:
        shown[blanked] = outside[0]
    wording, stem = said_text(workshop, place, of.label, _sentence(of, "、".join(shown)), choose)
    yield workshop.question(
        "true_false",
        f"判断-并列-{wording}",
        f"{stem}。",
        cited,
        place,
        bloom="remember",
        explanation=(f"错在“{outside[0]}”，原文是“{items[blanked]}”。" if false else "") + _told(of),
        asks=of.key,
        truth=not false,
        change=Change("term", outside[0], items[blanked]) if false else None,
    )
