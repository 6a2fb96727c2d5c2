"""Items on tables: the cell of a row, the row of a cell, several cells of a row, two rows side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from assistant.quiz.draft.facts import kind_of_number
from assistant.quiz.draft.workshop import Workshop, quoted, where
from assistant.quiz.material.amounts import amounts, written_forms
from assistant.quiz.material.names import overlap
from assistant.quiz.material.statement import is_clean
from assistant.quiz.material.table import LONGEST_CELL, Row, Table
from assistant.quiz.model import BLANK, Blank, Change, Point, Question

_CELL = (
    "在{book}“{title}”的规定中，{head}为“{name}”的，{column}是（　　）。",
    "查{book}“{title}”一表，“{name}”的{column}应填（　　）。",
    "{book}“{title}”规定，{head}“{name}”的{column}是（　　）。",
    "新员工问“{title}”里{head}“{name}”的{column}是什么，按{book}应回答（　　）。",
)
_WHOSE = (
    "{book}“{title}”中，{column}为“{value}”的是（　　）。",
    "按照{book}“{title}”，下列哪一项的{column}是“{value}”？",
    "“{value}”，这是{book}“{title}”中哪一项的{column}？",
)
_DUTY = (
    "按照{book}，“{value}”由（　　）负责。",
    "{book}“{title}”中，承担“{value}”的是（　　）。",
    "遇到“{value}”这样的工作，按{book}应找（　　）。",
)
_JUDGE = (
    "{book}“{title}”规定，“{name}”的{column}是：{value}。",
    "在{book}“{title}”中，{head}“{name}”对应的{column}为“{value}”。",
    "按照{book}“{title}”，{head}“{name}”的{column}应为：{value}。",
)
_ROW = (
    "关于“{title}”中的{head}“{name}”，下列说法符合{book}的有（　　）。",
    "{book}“{title}”对“{name}”作了规定，下列各项中正确的有（　　）。",
    "核对{head}“{name}”的各项内容，与{book}“{title}”一致的有（　　）。",
)
_TWO = (
    "按照{book}“{title}”，“{one}”与“{two}”的{column}分别是（　　）。",
    "“{one}”和“{two}”的{column}有何不同？按{book}“{title}”，前后依次为（　　）。",
    "比较“{one}”与“{two}”，{book}“{title}”规定的{column}分别为（　　）。",
)
_BLANK = (
    "{book}“{title}”规定，{head}“{name}”的{column}是：{value}。",
    "查{book}“{title}”：“{name}”的{column}为{value}。",
    "填写{book}“{title}”时，{head}“{name}”一行的{column}应写{value}。",
)
_OPEN = (
    "按照{book}“{title}”，“{name}”的{columns}分别是什么？",
    "请说明{book}“{title}”对{head}“{name}”的规定（{columns}）。",
    "“{name}”在{book}“{title}”中是怎样规定的？请写出{columns}。",
)
_DUTIES = re.compile(r"职责|做什么|工作|任务|分工|权限|负责")
_EMPTY = re.compile(r"待填|待定|^(?:无|按需|略|同上|见.*)$")
_ROLE_HEADS = ("角色", "岗位", "职责人", "人员", "部门", "责任人")
_PERSON_COLUMN = (
    "负责人",
    "责任人",
    "填写人",
    "统计人",
    "评分人",
    "保管人",
    "接报人",
    "审批人",
    "记录人",
    "执行人",
    "检查人",
)


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield the items on every table of the material."""
    for table in workshop.focus.tables:
        for row in table.rows:
            choose = workshop.choose(f"{table.key}/{row.name}")
            for column, value in row.cells:
                if _usable(value):
                    yield from _cell(workshop, table, row, column, value, choose)
            yield from _whole(workshop, table, row, choose)
        yield from _pairs(workshop, table)


def _usable(value: str) -> bool:
    return 2 <= len(value) <= LONGEST_CELL and is_clean(value) and not _EMPTY.search(value)


def _values(table: Table, row: Row, column: str, value: str) -> dict[str, str]:
    return {
        "book": table.place.book,
        "title": table.place.title,
        "head": table.head,
        "name": row.name,
        "column": column,
        "value": value,
    }


def is_role(workshop: Workshop, table: Table) -> bool:
    """Say whether the table's rows are roles with what they do."""
    named = sum(row.name in workshop.material.roles.names for row in table.rows)
    return table.head in _ROLE_HEADS or named * 2 > len(table.rows)


def _others(table: Table, row: Row, column: str, value: str) -> list[str]:
    """Return the other cells of the column that say something else, without those that contain or resemble it."""
    found: list[str] = []
    for other, text in table.column(column):
        if other is row or not _usable(text) or text in value or value in text or text in found:
            continue
        if overlap(text, value) < 0.8 or amounts(text):
            found.append(text)
    return found


def _cell(workshop: Workshop, table: Table, row: Row, column: str, value: str, choose: Random) -> Iterator[Question]:
    place, cited = table.place, table.place.cite(row.block)
    told = f"{where(place, row.block.clause)}：{quoted(row.block.text)}"
    values = _values(table, row, column, value)
    others = _others(table, row, column, value)
    choose.shuffle(others)
    numbers = amounts(value)
    if len(others) < 3 and len(numbers) == 1 and numbers[0].text == value.strip():
        others += [
            text for text in workshop.other_amounts(place, numbers[0], row.block.text, choose) if text not in others
        ]
    roles = is_role(workshop, table) and bool(_DUTIES.search(column))
    if len(others) >= 3 and not roles:
        options, right = workshop.options([value], others[:3], choose)
        pattern, stem = workshop.word("表格-查值", _CELL, **values)
        yield workshop.question(
            "single",
            pattern,
            stem,
            cited,
            place,
            bloom="remember",
            explanation=told,
            asks=f"{table.key}/{row.name}/{column}",
            options=options,
            right=right,
        )
    shared = [other.name for other, text in table.column(column) if other is not row and text == value]
    rest = [other.name for other in table.rows if other is not row and other.name not in shared]
    if not shared and len(rest) >= 3 and len(value) >= 4:
        choose.shuffle(rest)
        options, right = workshop.options([row.name], rest[:3], choose)
        pattern, stem = workshop.word("表格-职责" if roles else "表格-查名", _DUTY if roles else _WHOSE, **values)
        yield workshop.question(
            "single",
            pattern,
            stem,
            cited,
            place,
            bloom="understand" if roles else "remember",
            explanation=told,
            asks=f"{table.key}/{row.name}/{column}",
            options=options,
            right=right,
        )
    yield from _judged(workshop, table, row, column, value, others, choose)
    if len(numbers) == 1 and not roles:
        one = numbers[0]
        end = one.end if one.unit == "%" else one.start + len(one.number)
        pattern, stem = workshop.word(
            f"填空-表-{kind_of_number(one)}",
            _BLANK,
            **{**values, "value": f"{value[: one.start]}{BLANK}{value[end:]}"},
        )
        yield workshop.question(
            "cloze",
            pattern,
            stem,
            cited,
            place,
            bloom="remember",
            explanation=told,
            asks=f"{table.key}/{row.name}/{column}",
            blanks=(Blank(written_forms(one, with_unit=one.unit == "%")),),
        )


def _judged(
    workshop: Workshop, table: Table, row: Row, column: str, value: str, others: list[str], choose: Random
) -> Iterator[Question]:
    false = bool(others) and choose.random() < 0.55
    shown = others[0] if false else value
    kind = "role" if column in _PERSON_COLUMN else "number" if amounts(value) else "term"
    pattern, stem = workshop.word("判断-表", _JUDGE, **_values(table, row, column, shown))
    yield workshop.question(
        "true_false",
        pattern,
        stem,
        table.place.cite(row.block),
        table.place,
        bloom="remember",
        explanation=(f"错在“{shown}”，原文是“{value}”。" if false else "")
        + f"{where(table.place, row.block.clause)}：{quoted(row.block.text)}",
        asks=f"{table.key}/{row.name}/{column}",
        truth=not false,
        change=Change(kind, shown, value) if false else None,  # type: ignore[arg-type]
    )


def _whole(workshop: Workshop, table: Table, row: Row, choose: Random) -> Iterator[Question]:
    cells = [(column, value) for column, value in row.cells if _usable(value)]
    place = table.place
    told = f"{where(place, row.block.clause)}：{quoted(row.block.text, limit=160)}"
    values = {"book": place.book, "title": place.title, "head": table.head, "name": row.name}
    if len(cells) >= 2:
        pattern, stem = workshop.word("简答-表", _OPEN, columns="、".join(column for column, _ in cells), **values)
        yield workshop.question(
            "short_answer",
            pattern,
            stem,
            place.cite(row.block),
            place,
            bloom="understand",
            explanation=told,
            asks=f"{table.key}/{row.name}",
            points_required=tuple(Point(f"{column}：{value}", (value,)) for column, value in cells),
        )
    elif len(cells) == 1 and is_role(workshop, table) and _DUTIES.search(cells[0][0]):
        parts = [part.strip() for part in cells[0][1].replace("，", "、").split("、") if len(part.strip()) >= 2]
        if len(parts) >= 2:
            yield workshop.question(
                "short_answer",
                "简答-职责-1",
                f"按照{place.book}，{row.name}承担哪些职责？",
                place.cite(row.block),
                place,
                bloom="remember",
                explanation=told,
                asks=f"{table.key}/{row.name}",
                points_required=tuple(Point(part) for part in parts),
            )
    if len(cells) >= 3:
        wrong_at = choose.randrange(len(cells))
        column, value = cells[wrong_at]
        others = _others(table, row, column, value)
        if others:
            right = [f"{name}：{text}" for at, (name, text) in enumerate(cells) if at != wrong_at]
            wrong = [
                f"{column}：{text}" for text in choose.sample(others, min(len(others), 2 if len(right) < 3 else 1))
            ]
            options, keys = workshop.options(right[:4], wrong, choose)
            if len(options) >= 3:
                pattern, stem = workshop.word("表格-一行", _ROW, **values)
                yield workshop.question(
                    "multiple",
                    pattern,
                    stem,
                    place.cite(row.block),
                    place,
                    bloom="understand",
                    explanation=told,
                    asks=f"{table.key}/{row.name}",
                    options=options,
                    right=keys,
                )


def _pairs(workshop: Workshop, table: Table) -> Iterator[Question]:
    place = table.place
    for column in table.heads:
        choose = workshop.choose(f"{table.key}/{column}/pair")
        cells = [(row, value) for row, value in table.column(column) if 2 <= len(value) <= 14]
        if len({value for _, value in cells}) < 3:
            continue
        one, two = choose.sample(cells, 2)
        if one[1] == two[1]:
            continue
        values = list(dict.fromkeys(value for _, value in cells))
        combos = [(a, b) for a in values for b in values if a != b and (a, b) != (one[1], two[1])]
        combos = sorted(combos, key=lambda pair: (pair != (two[1], one[1]), choose.random()))[:3]
        options, right = workshop.options(
            [f"{one[1]}；{two[1]}"], [f"{first}；{second}" for first, second in combos], choose
        )
        pattern, stem = workshop.word(
            "表格-比较",
            _TWO,
            book=place.book,
            title=place.title,
            one=one[0].name,
            two=two[0].name,
            column=column,
        )
        blocks = sorted((one[0].block, two[0].block), key=lambda block: block.start)
        yield workshop.question(
            "single",
            pattern,
            stem,
            place.cite(blocks[0], blocks[1]),
            place,
            bloom="analyze",
            explanation=f"{where(place, place.section.number)}：{quoted(blocks[0].text)}；{quoted(blocks[1].text)}",
            asks=f"{table.key}/{one[0].name}/{two[0].name}/{column}",
            options=options,
            right=right,
        )
