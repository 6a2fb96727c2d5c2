"""Items on steps in order: what comes next, which order is right, what comes first, all steps in order."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from assistant.quiz.draft.workshop import Workshop, where
from assistant.quiz.material.listing import Steps
from assistant.quiz.model import Change, Point, Question
from kb.model import Citation

_NEXT = (
    "按照{book}“{name}”的步骤，做完“{one}”之后，下一步是（　　）。",
    "在“{name}”中，{book}要求“{one}”之后紧接着做（　　）。",
    "员工刚做完“{one}”。按{book}“{name}”的顺序，接下来应当（　　）。",
)
_BEFORE = (
    "在“{name}”中，按{book}，“{one}”之前的一步是（　　）。",
    "{book}“{name}”规定，先做完哪一步，才轮到“{one}”？",
)
_ORDER = (
    "{book}“{name}”有下列步骤，正确的先后顺序是（　　）。{steps}",
    "把下列步骤按{book}“{name}”的规定排序，正确的是（　　）。{steps}",
    "下面是“{name}”的几个步骤：{steps}依据{book}，先后次序应为（　　）。",
)
_JUDGE = (
    "按照{book}“{name}”的步骤，先“{one}”，再“{two}”。",
    "在“{name}”中，{book}要求“{one}”在前，“{two}”在后。",
    "{book}规定，“{name}”中做完“{one}”才做“{two}”。",
)
_ALL = (
    "请按先后顺序写出{book}“{name}”的步骤。",
    "简述“{name}”的操作步骤（依据{book}）。",
    "按照{book}，“{name}”要依次做哪些事？",
    "请把“{name}”从头到尾的步骤讲给新员工听（依据{book}）。",
)
_MARKS = "①②③④⑤"


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on every run of steps."""
    for steps in workshop.focus.steps:
        choose = workshop.choose(steps.key)
        yield from _neighbours(workshop, steps, choose)
        if len(steps.names) >= 4:
            yield from _sorted(workshop, steps, choose)
        yield from _judged(workshop, steps, choose)
        pattern, stem = workshop.word("简答-步骤", _ALL, book=steps.place.book, name=steps.subject)
        yield workshop.question(
            "short_answer",
            pattern,
            stem,
            citation_of(steps),
            steps.place,
            bloom="understand",
            explanation=_told(steps),
            asks=f"{steps.key}/all",
            points_required=tuple(Point(name) for name in steps.names),
        )


def citation_of(steps: Steps) -> Citation:
    """Return the citation of all steps."""
    return steps.place.cite(steps.blocks[0], steps.blocks[-1])


def _told(steps: Steps) -> str:
    names = "；".join(f"{at}. {name}" for at, name in enumerate(steps.names, 1))
    return f"{where(steps.place, steps.place.section.number)}“{steps.subject}”的步骤是：{names}。"


def _neighbours(workshop: Workshop, steps: Steps, choose: Random) -> Iterator[Question]:
    names = steps.names
    if len(names) < 5:
        return
    for family, wordings, step in (("顺序-下一步", _NEXT, 1), ("顺序-上一步", _BEFORE, -1)):
        at = choose.randrange(0, len(names) - 1) if step == 1 else choose.randrange(1, len(names))
        right = names[at + step]
        # The step just done is no option: nobody would choose it.
        others = [name for other, name in enumerate(names) if other not in (at, at + step)]
        wrong = choose.sample(others, 3)
        options, keys = workshop.options([right], wrong, choose)
        pattern, stem = workshop.word(family, wordings, book=steps.place.book, name=steps.subject, one=names[at])
        yield workshop.question(
            "single",
            pattern,
            stem,
            citation_of(steps),
            steps.place,
            bloom="understand",
            explanation=_told(steps),
            asks=f"{steps.key}/{at}/{step}",
            options=options,
            right=keys,
        )


def _sorted(workshop: Workshop, steps: Steps, choose: Random) -> Iterator[Question]:
    start = choose.randrange(0, len(steps.names) - 3)
    run = list(steps.names[start : start + 4])
    shown = run[:]
    while shown == run:
        choose.shuffle(shown)
    marks = dict(zip(shown, _MARKS, strict=False))
    right = "".join(marks[name] for name in run)
    wrong: list[str] = []
    while len(wrong) < 3:
        # One pair exchanged: near the right order, so that all four have to be known.
        first, second = choose.sample(range(4), 2)
        order = list(right)
        order[first], order[second] = order[second], order[first]
        if (other := "".join(order)) not in (right, *wrong):
            wrong.append(other)
    options, keys = workshop.options([right], wrong, choose)
    listed = "".join(f"{mark}{name}；" for name, mark in marks.items())[:-1] + "。"
    pattern, stem = workshop.word("顺序-排序", _ORDER, book=steps.place.book, name=steps.subject, steps=listed)
    yield workshop.question(
        "single",
        pattern,
        stem,
        citation_of(steps),
        steps.place,
        bloom="analyze",
        explanation=_told(steps),
        asks=f"{steps.key}/order",
        options=options,
        right=keys,
    )


def _judged(workshop: Workshop, steps: Steps, choose: Random) -> Iterator[Question]:
    first, second = sorted(choose.sample(range(len(steps.names)), 2))
    one, two = steps.names[first], steps.names[second]
    false = choose.random() < 0.5
    shown = (two, one) if false else (one, two)
    pattern, stem = workshop.word(
        "判断-顺序", _JUDGE, book=steps.place.book, name=steps.subject, one=shown[0], two=shown[1]
    )
    yield workshop.question(
        "true_false",
        pattern,
        stem,
        citation_of(steps),
        steps.place,
        bloom="understand",
        explanation=(f"先后颠倒了：应先“{one}”，再“{two}”。" if false else "") + _told(steps),
        asks=f"{steps.key}/{first}/{second}",
        truth=not false,
        change=Change("order", f"{two}→{one}", f"{one}→{two}") if false else None,
    )
