"""Items on what a sentence fixes: a number, a time limit, who does it, whether it may be done."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from assistant.quiz.draft.said import cut, said
from assistant.quiz.draft.workshop import Workshop, quoted, where
from assistant.quiz.material.amounts import Amount, written_forms
from assistant.quiz.material.statement import Statement
from assistant.quiz.model import BLANK, Blank, Change, Question

GAP = "（　　）"
_NO_CHOICE = ("为", "有", "是", "在“", "低于", "高于", "超过", "少于", "多于", "晚于")
_NUMBER_KINDS = {
    "时限": ("个工作日", "工作日", "小时", "个小时", "分钟", "天", "日", "个月", "年", "周", "秒", "秒钟"),
    "比例": ("%",),
    "金额": ("元", "万元"),
}


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on the amounts, roles and rules of every statement."""
    for one in workshop.focus.statements:
        if one.example:
            continue
        choose = workshop.choose(one.key)
        yield from _amounts(workshop, one, choose)
        yield from _roles(workshop, one, choose)
        yield from _judged(workshop, one, choose)


def _told(one: Statement) -> str:
    return f"{where(one.place, one.block.clause)}：{quoted(one.block.text, limit=120)}"


def kind_of_number(amount: Amount) -> str:
    """Return what kind of number it is: 时限, 比例, 金额 or 数量."""
    return next((kind for kind, units in _NUMBER_KINDS.items() if amount.unit in units), "数量")


def _amounts(workshop: Workshop, one: Statement, choose: Random) -> Iterator[Question]:
    askable = [amount for amount in one.amounts if one.text.count(amount.text) == 1 and _askable(one, amount)]
    for amount in askable[:2]:
        wrong = workshop.other_amounts(one.place, amount, one.block.text, choose)
        if len(wrong) < 3:
            continue
        text = cut(one.text, amount.end)
        gapped = f"{text[: amount.start]}{GAP}{text[amount.end :]}"
        wording, stem = said(workshop, one, gapped, choose)
        options, right = workshop.options([amount.text], wrong, choose)
        yield workshop.question(
            "single",
            f"{kind_of_number(amount)}-{wording}",
            f"{stem}。",
            one.place.cite(one.block),
            one.place,
            bloom="remember",
            explanation=_told(one),
            asks=f"{one.key}/{amount.start}",
            options=options,
            right=right,
        )
    if askable:
        chosen = askable[:2]
        text = cut(one.text, chosen[-1].end)
        for amount in reversed(chosen):
            end = amount.end if amount.unit == "%" else amount.start + len(amount.number)
            text = f"{text[: amount.start]}{BLANK}{text[end:]}"
        wording, stem = said(workshop, one, text, choose)
        yield workshop.question(
            "cloze",
            f"填空-数-{wording}",
            f"{stem}。",
            one.place.cite(one.block),
            one.place,
            bloom="remember",
            explanation=_told(one),
            asks=f"{one.key}/{chosen[0].start}",
            blanks=tuple(Blank(written_forms(amount, with_unit=amount.unit == "%")) for amount in chosen),
        )


def _askable(one: Statement, amount: Amount) -> bool:
    """Say whether an amount can be left out: not in brackets, where a gap could not be read, and not the 两 of 两次得分相差."""
    before = one.text[: amount.start]
    return before.count("（") == before.count("）") and (bool(before) or amount.number != "两")


def _roles(workshop: Workshop, one: Statement, choose: Random) -> Iterator[Question]:
    for use in one.roles[:1]:
        if one.block.text.count(use.name) > 1 or use.name in one.label:
            continue
        wrong = workshop.other_roles(one.place, use.name, one.block.text, choose)
        text = cut(one.text, use.end + 6)
        gapped = f"{text[: use.start]}{GAP}{text[use.end :]}"
        if len(wrong) < 3 or len(gapped) < 16:
            continue
        wording, stem = said(workshop, one, gapped, choose)
        options, right = workshop.options([use.name], wrong, choose)
        yield workshop.question(
            "single",
            f"岗位-{wording}",
            f"{stem}。",
            one.place.cite(one.block),
            one.place,
            bloom="remember",
            explanation=_told(one),
            asks=f"{one.key}/role",
            options=options,
            right=right,
        )


def changes(workshop: Workshop, one: Statement, choose: Random) -> list[tuple[Change, int, int]]:
    """Return the single changes that make the statement false, each with the place it is made at."""
    found: list[tuple[Change, int, int]] = []
    for amount in one.amounts:
        if one.text.count(amount.text) == 1 and (
            wrong := workshop.other_amounts(one.place, amount, one.block.text, choose, count=1)
        ):
            found.append((Change("number", wrong[0], amount.text), amount.start, amount.end))
    for use in one.roles[:1]:
        if one.block.text.count(use.name) == 1 and (
            others := workshop.other_roles(one.place, use.name, one.block.text, choose, count=1)
        ):
            found.append((Change("role", others[0], use.name), use.start, use.end))
    for modal in one.modals:
        if one.text.count(modal.word) == 1 and not _reads_badly(one, modal.opposite, modal.end):
            found.append((Change("negation", modal.opposite, modal.word), modal.start, modal.end))
    return found


def _reads_badly(one: Statement, opposite: str, end: int) -> bool:
    """Say whether the rule turned round is no Chinese (可以不须) or is plainly absurd."""
    after = one.text[end : end + 3]
    if one.text[:end].endswith(("缺一不得", "缺一不能")):
        return True
    return opposite.startswith("可以") and after.startswith(
        ("为", "有", "是", "在“", "低于", "高于", "超过", "少于", "多于", "晚于")
    )


def told_apart(possible: list[tuple[Change, int, int]]) -> list[tuple[Change, int, int]]:
    """Return the changes that only those see who know the rule; a rule turned round (可以争吵) where there is no other."""
    return [change for change in possible if change[0].kind != "negation"] or possible


def changed(one: Statement, change: tuple[Change, int, int]) -> str:
    """Return the statement with one change made."""
    made, start, end = change
    return f"{one.text[:start]}{made.written}{one.text[end:]}"


def _judged(workshop: Workshop, one: Statement, choose: Random) -> Iterator[Question]:
    possible = changes(workshop, one, choose)
    if not possible:
        return
    false = choose.random() < 0.55
    picked = choose.choice(possible)
    text, end = (changed(one, picked), picked[1] + len(picked[0].written)) if false else (one.text, picked[2])
    wording, stem = said(workshop, one, cut(text, end), choose)
    yield workshop.question(
        "true_false",
        f"判断-{wording}",
        f"{stem}。",
        one.place.cite(one.block),
        one.place,
        bloom="remember" if picked[0].kind == "number" else "understand",
        explanation=f"错在“{picked[0].written}”，原文是“{picked[0].original}”。{_told(one)}" if false else _told(one),
        asks=f"{one.key}/{picked[1]}",
        truth=not false,
        change=picked[0] if false else None,
    )
