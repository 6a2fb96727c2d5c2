"""Items on what is to be done in which case: as a short question, and as a choice among what is done in other cases."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.quiz.draft.workshop import Workshop, quoted, where
from assistant.quiz.material.names import overlap
from assistant.quiz.material.rules import Conditional
from assistant.quiz.model import Point, Question

_DO = (
    "{case}，按照{book}应当（　　）。",
    "遇到这种情况：{bare}。{book}规定的做法是（　　）。",
    "{book}规定，{case}，应当（　　）。",
    "一线员工来问：{case}，该怎么做？按{book}应回答（　　）。",
)
_HOW = (
    "{case}，按照{book}应当怎么做？",
    "{book}规定，{case}，应如何处理？",
    "遇到“{bare}”的情况，{book}是怎样规定的？",
    "请说明：{case}，按{book}要做哪些事？",
)
SHORTEST, LONGEST = 8, 48


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on every case of the material."""
    for one in workshop.focus.conditionals:
        choose = workshop.choose(one.key)
        values = {"book": one.place.book, "case": case_of(one), "bare": bare_case(one)}
        told = f"{where(one.place, one.block.clause)}：{quoted(one.block.text, limit=140)}"
        points = points_of(one.then)
        if points:
            pattern, stem = workshop.word("简答-情形", _HOW, choose, **values)
            yield workshop.question(
                "short_answer",
                pattern,
                stem,
                one.place.cite(one.block),
                one.place,
                bloom="understand",
                explanation=told,
                asks=one.key,
                points_required=points,
            )
        wrong = _others(workshop, one)
        choose.shuffle(wrong)
        wrong = sorted(wrong[:8], key=lambda text: abs(len(text) - len(one.then)))[:3]
        if len(wrong) == 3 and SHORTEST <= len(one.then) <= LONGEST:
            options, right = workshop.options([one.then], wrong, choose)
            pattern, stem = workshop.word("情形-怎么做", _DO, choose, **values)
            yield workshop.question(
                "single",
                pattern,
                stem,
                one.place.cite(one.block),
                one.place,
                bloom="apply",
                explanation=told,
                asks=one.key,
                options=options,
                right=right,
            )


def case_of(one: Conditional) -> str:
    """Return the case as it stands in a sentence: 客户两次拒绝方案的, 供需差距明显时."""
    return f"{one.case}{one.word}"


def bare_case(one: Conditional) -> str:
    """Return the case as a situation: 客户两次拒绝方案."""
    return one.case.removeprefix("对于").removeprefix("针对") if not one.word else one.case


def points_of(then: str) -> tuple[Point, ...]:
    """Return the things to be done as points: the clauses of the sentence."""
    parts = [part.strip() for part in then.replace("；", "，").split("，") if len(part.strip()) >= 4]
    return tuple(Point(part) for part in parts[:6])


def _others(workshop: Workshop, one: Conditional) -> list[str]:
    """Return what is done in other cases of the same document, near sections first, where it is not the same."""
    found: list[str] = []
    for other in sorted(
        (
            item
            for item in workshop.material.conditionals
            if item.place.document == one.place.document and item is not one
        ),
        key=lambda item: item.place.section.number != one.place.section.number,
    ):
        text = other.then
        if other.block is one.block or not SHORTEST <= len(text) <= LONGEST or overlap(text, one.then) > 0.4:
            continue
        # Two cases that are much the same may both be answered by either rule.
        if overlap(other.case, one.case) > 0.5 or text in found:
            continue
        found.append(text)
    return found
