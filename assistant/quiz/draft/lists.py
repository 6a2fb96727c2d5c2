"""Items on lists of named things: which belongs, which does not, which is missing, what they all are."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from assistant.quiz.draft.workshop import Workshop, where
from assistant.quiz.material.described import described, hides_its_name
from assistant.quiz.material.listing import Listing
from assistant.quiz.material.names import forms
from assistant.quiz.model import BLANK, Blank, Change, Point, Question
from kb.model import Citation

_NOT_MEMBER = (
    "下列各项中，{book}没有列入{thing}的是（　　）。",
    "{book}列出了{thing}，其中不包括（　　）。",
    "关于{thing}，{book}没有列出的是哪一项？",
    "小组讨论{thing}时，几位同事各说了一项，其中与{book}不符的是（　　）。",
)
_MEMBER = (
    "下列各项中，{book}列入{thing}的是（　　）。",
    "{book}列出的{thing}中有下面哪一项？",
    "培训师请学员说出{thing}中的一项，下列回答符合{book}的是（　　）。",
    "按照{book}，以下哪一项在{thing}之列？",
)
_MEMBERS = (
    "{book}列出的{thing}包括（　　）。",
    "下列各项中，{book}列入{thing}的有（　　）。",
    "按照{book}，{thing}有下面哪几项？",
    "新员工复习{thing}时做了摘记，下列各项中与{book}一致的有（　　）。",
)
_NOT_MEMBERS = (
    "下列各项中，{book}没有列入{thing}的有（　　）。",
    "有人把下面几项都当作{thing}，其中{book}没有列出的有（　　）。",
    "对照{book}整理{thing}，下列各项中不应写进去的有（　　）。",
    "{book}列出了{thing}，其中不包括下列（　　）。",
)
_SAID = (
    "{book}列出的{thing}包括{names}。",
    "{names}都在{book}列出的{thing}之列。",
    "按照{book}，{thing}中有{names}。",
)
_MISSING = (
    "{book}列出的{thing}包括{names}。",
    "按照{book}，{thing}有{names}。",
    "{thing}在{book}中列为：{names}。",
    "补全{book}列出的{thing}：{names}。",
    "{names}，合起来就是{book}所列的{thing}。",
    "学员背诵{thing}时漏了一项：{names}。请依据{book}补上。",
)
_ALL = (
    "{book}列出了哪些{thing}？请逐项写出。",
    "请逐项写出{book}列出的{thing}。",
    "按照{book}，{thing}有哪些？",
    "新员工向你请教{thing}都有什么，请按{book}逐项回答。",
)
MOST_MISSING = 7


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on every list of the material."""
    for listing in workshop.focus.listings:
        choose = workshop.choose(listing.key)
        if not listing.learned:
            continue
        outsiders = workshop.outsiders(listing, choose)
        yield from _choices(workshop, listing, outsiders, choose)
        if len(outsiders) >= 2:
            yield from _nots(workshop, listing, outsiders, choose)
        yield from _statements(workshop, listing, outsiders, choose)
        yield from _open(workshop, listing, choose)


def citation_of(listing: Listing) -> Citation:
    """Return the citation of a whole list with what introduces it."""
    first, last = listing.entries[0].block, listing.entries[-1].block
    lead = listing.lead
    if lead is not None and (lead.kind == "item" or len(lead.text) <= 160):
        return listing.place.cite(lead, last)
    return listing.place.cite(first, last)


def _values(listing: Listing) -> dict[str, str]:
    return {"book": listing.place.book, "thing": listing.thing}


def _told(listing: Listing, more: str = "") -> str:
    names = "、".join(listing.names)
    return f"{where(listing.place, listing.place.section.number)}列出的{listing.thing}是：{names}。{more}"


def _choices(workshop: Workshop, listing: Listing, outsiders: list[str], choose: Random) -> Iterator[Question]:
    names, cited = list(listing.names), citation_of(listing)
    if outsiders:
        members = choose.sample(names, 3)
        options, right = workshop.options(outsiders[:1], members, choose)
        pattern, stem = workshop.word("列举-不属于", _NOT_MEMBER, **_values(listing))
        yield workshop.question(
            "single",
            pattern,
            stem,
            cited,
            listing.place,
            bloom="remember",
            explanation=_told(listing, f"“{outsiders[0]}”不在其中。"),
            asks=f"{listing.key}/not",
            options=options,
            right=right,
        )
    if len(outsiders) >= 3:
        options, right = workshop.options(
            [choose.choice(names)], outsiders[1:4] if len(outsiders) > 3 else outsiders[:3], choose
        )
        pattern, stem = workshop.word("列举-属于", _MEMBER, **_values(listing))
        yield workshop.question(
            "single",
            pattern,
            stem,
            cited,
            listing.place,
            bloom="remember",
            explanation=_told(listing),
            asks=f"{listing.key}/one",
            options=options,
            right=right,
        )
    if len(outsiders) >= 2:
        members = choose.sample(names, min(len(names), choose.choice((2, 3, 3))))
        wrong = outsiders[-2:] if len(members) == 2 else outsiders[-1:] if choose.random() < 0.5 else outsiders[-2:]
        options, right = workshop.options(members, wrong, choose)
        pattern, stem = workshop.word("列举-有哪些", _MEMBERS, **_values(listing))
        yield workshop.question(
            "multiple",
            pattern,
            stem,
            cited,
            listing.place,
            bloom="remember",
            explanation=_told(listing),
            asks=f"{listing.key}/some",
            options=options,
            right=right,
        )


def _nots(workshop: Workshop, listing: Listing, outsiders: list[str], choose: Random) -> Iterator[Question]:
    """Yield the item that asks for all that do not belong."""
    wrong = outsiders[: choose.choice((2, 2, 3))]
    options, right = workshop.options(wrong, choose.sample(list(listing.names), 2), choose)
    pattern, stem = workshop.word("列举-不属于多项", _NOT_MEMBERS, **_values(listing))
    told = "、".join(f"“{name}”" for name in wrong)
    yield workshop.question(
        "multiple",
        pattern,
        stem,
        citation_of(listing),
        listing.place,
        bloom="understand",
        explanation=_told(listing, f"{told}不在其中。"),
        asks=f"{listing.key}/nots",
        options=options,
        right=right,
    )


def _joined(names: list[str]) -> str:
    """Return names as they are said in a row: A、B和C."""
    shown = [f"“{name}”" if "，" in name else name for name in names]
    return f"{'、'.join(shown[:-1])}和{shown[-1]}" if len(shown) > 1 else shown[0]


def _statements(workshop: Workshop, listing: Listing, outsiders: list[str], choose: Random) -> Iterator[Question]:
    names, cited, values = list(listing.names), citation_of(listing), _values(listing)
    shown = sorted(choose.sample(range(len(names)), min(3, len(names))))
    members = [names[at] for at in shown]
    pattern, stem = workshop.word("判断-列举", _SAID, names=_joined(members), **values)
    if not outsiders or choose.random() < 0.5:
        yield workshop.question(
            "true_false",
            pattern,
            stem,
            cited,
            listing.place,
            bloom="remember",
            explanation=_told(listing),
            asks=f"{listing.key}/said",
            truth=True,
        )
    else:
        at = choose.randrange(len(members))
        original, members[at] = members[at], outsiders[0]
        pattern, stem = workshop.word("判断-列举", _SAID, names=_joined(members), **values)
        yield workshop.question(
            "true_false",
            pattern,
            stem,
            cited,
            listing.place,
            bloom="remember",
            explanation=_told(listing, f"“{outsiders[0]}”不在其中。"),
            asks=f"{listing.key}/said",
            truth=False,
            change=Change("term", outsiders[0], original),
        )
    if len(names) <= MOST_MISSING and all("，" not in name for name in names):
        # A name that can be told from its description is asked by that.
        told = {one.entry.name for one in described(listing) if hides_its_name(one, listing)}
        blanked = choose.choice([at for at, name in enumerate(names) if name not in told] or range(len(names)))
        left = [BLANK if at == blanked else name for at, name in enumerate(names)]
        pattern, stem = workshop.word("填空-列举", _MISSING, names=_joined(left), **values)
        yield workshop.question(
            "cloze",
            pattern,
            stem,
            cited,
            listing.place,
            bloom="remember",
            explanation=_told(listing),
            asks=f"{listing.key}/{names[blanked]}",
            blanks=(Blank(_blank_forms(listing, blanked)),),
        )


def _blank_forms(listing: Listing, at: int) -> tuple[str, ...]:
    """Return what counts as the name: its forms, and without an ending that all names of the list share."""
    entry = listing.entries[at]
    accepted = list(forms(entry.full))
    noun = listing.noun
    if noun and all(name.endswith(noun) for name in listing.names) and len(entry.name) - len(noun) >= 2:
        accepted.append(entry.name.removesuffix(noun))
    return tuple(dict.fromkeys(accepted))


def _open(workshop: Workshop, listing: Listing, choose: Random) -> Iterator[Question]:
    pattern, stem = workshop.word("简答-列举", _ALL, **_values(listing))
    yield workshop.question(
        "short_answer",
        pattern,
        stem,
        citation_of(listing),
        listing.place,
        bloom="remember",
        explanation=_told(listing),
        asks=f"{listing.key}/all",
        points_required=tuple(Point(entry.name, forms(entry.full)[1:]) for entry in listing.entries),
    )
