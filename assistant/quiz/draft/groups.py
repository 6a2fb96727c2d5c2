"""Items on several statements of one section at once: which are right, which is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from random import Random

from assistant.quiz.draft.facts import changed, changes
from assistant.quiz.draft.said import cut, said
from assistant.quiz.draft.workshop import Workshop, where
from assistant.quiz.material.place import Place
from assistant.quiz.material.statement import Statement
from assistant.quiz.model import Change, Option, Question
from kb.model import Citation

_RIGHT = (
    "关于“{name}”，下列说法符合{book}的有（　　）。",
    "下列有关“{name}”的表述，正确的有（　　）。（依据{book}）",
    "对照{book}检查下面关于“{name}”的说法，其中正确的有（　　）。",
    "班组学习“{name}”后各人作了小结，与{book}一致的有（　　）。",
)
_WRONG_ONE = (
    "关于“{name}”，下列说法不符合{book}的是（　　）。",
    "下列有关“{name}”的表述，错误的是（　　）。（依据{book}）",
    "对照{book}检查下面关于“{name}”的说法，其中有误的是（　　）。",
)
_RIGHT_ONE = (
    "关于“{name}”，下列说法符合{book}的是（　　）。",
    "下列有关“{name}”的表述，正确的是（　　）。（依据{book}）",
    "下面四位员工对“{name}”的说法，只有一位与{book}一致，是（　　）。",
)
SHORTEST, LONGEST = 14, 50


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on the statements of every section that holds at least four."""
    by_section: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for one in workshop.focus.statements:
        if not one.example:
            by_section[one.place.document, one.place.section.number].append(one)
    for (document, number), group in by_section.items():
        choose = workshop.choose(f"{document}/{number}#group")
        yield from _section(workshop, group, choose)


def _section(workshop: Workshop, group: list[Statement], choose: Random) -> Iterator[Question]:
    usable = []
    for one in group:
        possible = [change for change in changes(workshop, one, choose) if change[1] < LONGEST]
        if possible:
            usable.append((one, choose.choice(possible)))
    choose.shuffle(usable)
    for size, make in ((4, _several), (4, _one_wrong), (4, _one_right)):
        if len(usable) < size:
            return
        chosen, usable = usable[:size], [*usable[size:], *usable[:1]]
        question = make(workshop, chosen, choose)
        if question:
            yield question


Chosen = list[tuple[Statement, tuple[Change, int, int]]]


def _texts(workshop: Workshop, chosen: Chosen, wrong: set[int], choose: Random) -> list[str] | None:
    """Return the statements as options, those in ``wrong`` changed; nothing where they are too unlike in length."""
    texts = []
    for at, (one, change) in enumerate(chosen):
        words, end = (
            (changed(one, change), change[1] + len(change[0].written)) if at in wrong else (one.text, change[2])
        )
        texts.append(said(workshop, one, cut(words, end), choose, short=True)[1])
    lengths = [len(text) for text in texts]
    if min(lengths) < SHORTEST or max(lengths) > 64 or max(lengths) > 2.4 * min(lengths):
        return None
    return texts


def citation_of(place: Place, chosen: Chosen) -> Citation:
    """Return the citation from the first to the last block of the statements."""
    blocks = sorted((one.block for one, _ in chosen), key=lambda block: block.start)
    return place.cite(blocks[0], blocks[-1])


def _explained(chosen: Chosen, wrong: set[int], options: tuple[Option, ...], texts: list[str]) -> str:
    keys = {option.text: option.key for option in options}
    parts = [
        f"{keys[texts[at]]}错在“{chosen[at][1][0].written}”，原文是“{chosen[at][1][0].original}”（{chosen[at][0].block.clause}）"
        for at in sorted(wrong, key=lambda at: keys[texts[at]])
    ]
    place = chosen[0][0].place
    return f"{where(place, place.section.number)}：{'；'.join(parts)}。"


def _make(
    workshop: Workshop,
    chosen: Chosen,
    wrong: set[int],
    wordings: tuple[str, ...],
    family: str,
    *,
    wrong_is_right: bool,
    choose: Random,
) -> Question | None:
    texts = _texts(workshop, chosen, wrong, choose)
    if texts is None or len(set(texts)) < len(texts):
        return None
    place = chosen[0][0].place
    picked = [text for at, text in enumerate(texts) if (at in wrong) == wrong_is_right]
    rest = [text for text in texts if text not in picked]
    options, right = workshop.options(picked, rest, choose)
    pattern, stem = workshop.word(family, wordings, choose, name=place.name, book=place.book)
    return workshop.question(
        "multiple" if len(right) > 1 else "single",
        pattern,
        stem,
        citation_of(place, chosen),
        place,
        bloom="analyze" if len(right) > 1 else "understand",
        explanation=_explained(chosen, wrong, options, texts),
        asks=f"{chosen[0][0].key}/group",
        options=options,
        right=right,
    )


def _several(workshop: Workshop, chosen: Chosen, choose: Random) -> Question | None:
    wrong = set(choose.sample(range(len(chosen)), choose.choice((1, 2))))
    return _make(workshop, chosen, wrong, _RIGHT, "辨析-有哪些", wrong_is_right=False, choose=choose)


def _one_wrong(workshop: Workshop, chosen: Chosen, choose: Random) -> Question | None:
    wrong = {choose.randrange(len(chosen))}
    return _make(workshop, chosen, wrong, _WRONG_ONE, "辨析-错误", wrong_is_right=True, choose=choose)


def _one_right(workshop: Workshop, chosen: Chosen, choose: Random) -> Question | None:
    right = choose.randrange(len(chosen))
    wrong = {at for at in range(len(chosen)) if at != right}
    return _make(workshop, chosen, wrong, _RIGHT_ONE, "辨析-正确", wrong_is_right=False, choose=choose)
