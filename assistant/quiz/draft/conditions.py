"""Items on what is to be done in which case: as a short question, and as a choice among what is done in other cases."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.quiz.draft.descriptions import joined
from assistant.quiz.draft.said import is_sentence
from assistant.quiz.draft.workshop import Workshop, quoted, where
from assistant.quiz.material.names import bigrams, overlap, plain
from assistant.quiz.material.rules import Conditional
from assistant.quiz.material.statement import clauses_of
from assistant.quiz.model import Point, Question

_DO = (
    "{case}，按照{book}的规定，（　　）。",
    "遇到这种情况：{bare}。{book}的规定是（　　）。",
    "{book}规定，{case}，（　　）。",
    "一线员工来问：{case}，{book}是怎么规定的？应回答（　　）。",
)
_HOW = (
    "{case}，按照{book}应当怎么做？",
    "{book}规定，{case}，应如何处理？",
    "{book}对这种情况是怎样规定的：{bare}？",
    "有同事问：{case}，该怎么办？请按{book}回答。",
)
SHORTEST, LONGEST = 8, 48
SHORTEST_POINT = 10  # a single thing to be done that is said in fewer characters is too little for an open question


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on every case of the material."""
    for one in workshop.focus.conditionals:
        choose = workshop.choose(one.key)
        values = {"book": one.place.book, "case": setting(one) + case_of(one), "bare": setting(one) + bare_case(one)}
        told = f"{where(one.place, one.block.clause)}：{quoted(one.block.text, limit=140)}"
        points = points_of(one.then)
        if len(points) > 1 or any(len(point.text) >= SHORTEST_POINT for point in points):
            pattern, stem = workshop.word("简答-情形", _HOW, **values)
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
        wrong = sorted(_others(workshop, one)[:6], key=lambda text: abs(len(text) - len(one.then)))[:3]
        if len(wrong) == 3 and SHORTEST <= len(one.then) <= LONGEST:
            options, right = workshop.options([one.then], wrong, choose)
            pattern, stem = workshop.word("情形-怎么做", _DO, **values)
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


def setting(one: Conditional) -> str:
    """Return where a case belongs, for one that does not say so itself (有一单不合格的 of 整改与复查), else nothing."""
    place, label = one.place, plain(one.statement.label)
    named = label and not is_sentence(label) and not bigrams(label) & bigrams(one.case)
    opens = one.statement.start == 0 or bool(label)
    if place.general and place.name == place.title:
        return f"关于“{label}”，" if named else ""
    if not named and opens and bigrams(place.title) & bigrams(one.case):
        return ""
    return f"在“{place.name}”的“{label}”一项中，" if named else f"在“{place.name}”中，"


def case_of(one: Conditional) -> str:
    """Return the case as it stands in a sentence: 客户两次拒绝方案的, 供需差距明显时."""
    return f"{one.case}{one.word}"


def bare_case(one: Conditional) -> str:
    """Return the case as a situation: 客户两次拒绝方案."""
    return one.case.removeprefix("对于").removeprefix("针对") if not one.word else one.case


def points_of(then: str) -> tuple[Point, ...]:
    """Return the things to be done as points: the clauses of the sentence."""
    parts = [part for part in joined(clauses_of(then)) if len(part) >= 4]
    return tuple(Point(part) for part in parts[:6])


def _others(workshop: Workshop, one: Conditional) -> list[str]:
    """Return what is done in other cases of the same document, the most related first, where it is not the same."""
    near: list[tuple[float, str]] = []
    own = bigrams(one.case + one.then + one.place.title)
    for other in workshop.material.conditionals:
        if other.place.document != one.place.document or other.block is one.block:
            continue
        text = other.then
        if not SHORTEST <= len(text) <= LONGEST or overlap(text, one.then) > 0.4 or overlap(other.case, one.case) > 0.5:
            continue
        related = len(own & bigrams(other.case + text + other.place.title))
        same = (other.place.section.number == one.place.section.number) + (other.place.chapter == one.place.chapter)
        near.append((-related - 2 * same, text))
    return list(dict.fromkeys(text for _, text in sorted(near)))
