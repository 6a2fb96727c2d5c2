"""Items on several statements of one section at once: which are right, which is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random

from assistant.quiz.draft.facts import changed, changes, told_apart
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
    "下面几句话都与“{name}”有关，符合{book}的有（　　）。",
    "{book}对“{name}”有明确规定，下列各项与之相符的有（　　）。",
    "主管抽问“{name}”，下列回答正确的有（　　）。（依据{book}）",
    "阅读下列关于“{name}”的说法，选出符合{book}的全部各项（　　）。",
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
SHORTEST, LONGEST = 14, 60
Chosen = list[tuple[Statement, tuple[Change, int, int] | None]]
MAKERS = ("several", "several", "one_wrong", "one_right")


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
    usable: Chosen = []
    for one in group:
        possible = told_apart([change for change in changes(workshop, one, choose) if change[1] < LONGEST])
        usable.append((one, choose.choice(possible) if possible else None))
    # Four of a size stand well beside each other.
    usable.sort(key=lambda pair: len(cut(pair[0].text, pair[1][2] if pair[1] else 0)))
    fours = [usable[at : at + 4] for at in range(0, len(usable) - 3, 2)]
    choose.shuffle(fours)
    for at, chosen in enumerate(fours):
        choose.shuffle(chosen)
        question = _asked(workshop, chosen, MAKERS[at % len(MAKERS)], choose)
        if question:
            yield question


def _asked(workshop: Workshop, chosen: Chosen, maker: str, choose: Random) -> Question | None:
    """Return the item on four statements: with several right, one wrong or one right, as many as can be changed."""
    can = [at for at, (_, change) in enumerate(chosen) if change is not None]
    if not can:
        return None
    if maker == "one_right" and len(can) >= 3:
        wrong = set(choose.sample(can, 3))
        return _make(workshop, chosen, wrong, (_RIGHT_ONE, "辨析-正确"), wrong_is_right=False, choose=choose)
    if maker == "one_wrong":
        return _make(
            workshop, chosen, {choose.choice(can)}, (_WRONG_ONE, "辨析-错误"), wrong_is_right=True, choose=choose
        )
    wrong = set(choose.sample(can, min(len(can), choose.choice((1, 2)))))
    return _make(workshop, chosen, wrong, (_RIGHT, "辨析-有哪些"), wrong_is_right=False, choose=choose)


def _texts(workshop: Workshop, chosen: Chosen, wrong: set[int], choose: Random) -> list[str] | None:
    """Return the statements as options, those in ``wrong`` changed; nothing where they are too unlike in length."""
    texts = []
    for at, (one, change) in enumerate(chosen):
        if change is not None and at in wrong:
            words, end = changed(one, change), change[1] + len(change[0].written)
        else:
            words, end = one.text, change[2] if change else 0
        texts.append(said(workshop, one, cut(words, end), choose, short=True)[1])
    lengths = [len(text) for text in texts]
    if min(lengths) < SHORTEST or max(lengths) > 84 or max(lengths) > 2.4 * min(lengths):
        return None
    return texts if len(set(texts)) == len(texts) else None


def citation_of(place: Place, statements: Sequence[Statement]) -> Citation:
    """Return the citation from the first to the last block of the statements."""
    blocks = sorted((one.block for one in statements), key=lambda block: block.start)
    return place.cite(blocks[0], blocks[-1])


def _explained(chosen: Chosen, wrong: set[int], options: tuple[Option, ...], texts: list[str]) -> str:
    keys = {option.text: option.key for option in options}
    parts = []
    for at in sorted(wrong, key=lambda at: keys[texts[at]]):
        one, change = chosen[at]
        if change is not None:
            made = change[0]
            parts.append(f"{keys[texts[at]]}错在“{made.written}”，原文是“{made.original}”（{one.block.clause}）")
    place = chosen[0][0].place
    return f"{where(place, place.section.number)}：{'；'.join(parts)}。"


def _make(
    workshop: Workshop,
    chosen: Chosen,
    wrong: set[int],
    asked: tuple[tuple[str, ...], str],
    *,
    wrong_is_right: bool,
    choose: Random,
) -> Question | None:
    texts = _texts(workshop, chosen, wrong, choose)
    if texts is None:
        return None
    place = chosen[0][0].place
    picked = [text for at, text in enumerate(texts) if (at in wrong) == wrong_is_right]
    options, right = workshop.options(picked, [text for text in texts if text not in picked], choose)
    wordings, family = asked
    pattern, stem = workshop.word(family, wordings, name=place.name, book=place.book)
    return workshop.question(
        "multiple" if len(right) > 1 else "single",
        pattern,
        stem,
        citation_of(place, [one for one, _ in chosen]),
        place,
        bloom="analyze" if len(right) > 1 else "understand",
        explanation=_explained(chosen, wrong, options, texts),
        asks=f"{min(one.key for one, _ in chosen)}/group",
        options=options,
        right=right,
    )
