"""Items on what the source leans on: which standard or guide it names for which demand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.draft.workshop import Workshop, quoted, where
from assistant.quiz.material.names import bigrams
from assistant.quiz.material.statement import Statement
from assistant.quiz.model import Change, Question

_NAMED = re.compile(
    r"^(?:根据|依据|按照)(?P<name>《[^》]{4,24}》(?:[（(][^）)]{4,20}[）)])?|[A-Z][A-Z/]{1,6}\s?\d{3,6}(?:[-:：]\d{4})?)"
    r"(?:的?规定|的?要求|标准)?，(?P<demand>.{10,70})$"
)
_WHICH = (
    "“{demand}”，{book}所依据的是（　　）。",
    "{book}要求：{demand}。这一要求引自（　　）。",
    "{book}引用下列哪一项，提出“{demand}”？",
    "编写培训材料时要注明“{demand}”的来源，按{book}应写（　　）。",
)
_JUDGE = (
    "{book}提出“{demand}”，依据的是{name}。",
    "按照{book}，“{demand}”引自{name}。",
)


@dataclass(frozen=True)
class _Cited:
    """A demand and the standard it is said to come from."""

    statement: Statement
    name: str
    demand: str


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on every demand that names its standard."""
    every = [found for one in workshop.material.statements if (found := _read(one))]
    focus = {one.key for one in workshop.focus.statements}
    names = list(dict.fromkeys(one.name for one in every))
    for one in every:
        if one.statement.key not in focus:
            continue
        choose = workshop.choose(f"{one.statement.key}/standard")
        place, block = one.statement.place, one.statement.block
        others = [
            name
            for name in names
            if name != one.name and name not in block.text and ("《" in name) == ("《" in one.name)
        ]
        choose.shuffle(others)
        others = sorted(others[:8], key=lambda name: abs(len(name) - len(one.name)))[:3]
        # The name of a guide that repeats the demand's words would give it away.
        own = bigrams(one.name) - frozenset[str]().union(*(bigrams(name) for name in others))
        if len(others) < 3 or own & bigrams(one.demand):
            continue
        told = f"{where(place, block.clause)}：{quoted(one.statement.text, limit=120)}"
        options, right = workshop.options([one.name], others, choose)
        pattern, stem = workshop.word("依据-引自", _WHICH, book=place.book, demand=one.demand)
        yield workshop.question(
            "single",
            pattern,
            stem,
            place.cite(block),
            place,
            bloom="remember",
            explanation=told,
            asks=f"{one.statement.key}/standard",
            options=options,
            right=right,
        )
        false = choose.random() < 0.5
        shown = others[0] if false else one.name
        pattern, stem = workshop.word("判断-依据", _JUDGE, book=place.book, demand=one.demand, name=shown)
        yield workshop.question(
            "true_false",
            pattern,
            stem,
            place.cite(block),
            place,
            bloom="remember",
            explanation=(f"应为{one.name}。" if false else "") + told,
            asks=f"{one.statement.key}/standard",
            truth=not false,
            change=Change("term", shown, one.name) if false else None,
        )


def _read(one: Statement) -> _Cited | None:
    found = _NAMED.match(one.text)
    return _Cited(one, found["name"], found["demand"]) if found else None
