"""A table of any format as ``row`` lines: merged cells carried, header found, layout tables undone.

Knows nothing of files. A merged cell is one ``Slot`` that stands in several places of the grid, so its text is said
in every row and column it spans. A row that is one merged cell from side to side is no row but a line of text (a
caption, a remark). A form of labels and values (文件编号 | SOP-01 | 版本 | V1.0) has no header: it becomes rows of two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.source import Line

# rows and columns one merged cell may span: more is an attack or a formatted empty sheet
MOST_SPANNED = 1000

_LABEL = re.compile(
    r"(?:文件|制度|流程|表单|记录|标准|受控|修订|发布|生效|实施|编制|编写|起草|审核|审批|批准|归口|责任|主责|适用|发放|保存|密级|页数|页码|版本|总)?"
    r"(?:编号|名称|版本|版次|版本号|日期|时间|部门|人|人员|状态|密级|级别|页数|页码|页次|单位|范围|号|周期|岗位|签字|会签)[:：]?"
    r"|(?:编制|编写|拟制|起草|审核|审批|批准|会签|发布|生效|归口|密级|版本|版次|页次|页码|拟定|修订|受控|类别|主题|备注)[:：]?"
    r"|\S{1,12}[:：]"
)
# a column's name broken by hand: 责任 岗位
_BROKEN_NAME = re.compile(r"(?<=[\u3400-\u9fff])[ ；](?=[\u3400-\u9fff（])")
_COUNT = re.compile(r"(?:\(|（)?(?:1|01|①|一)(?:\)|）|\.|、)?$")
_VALUE = re.compile(r"\d{4}[-/.年]\d|^[\d.,%￥¥-]+$|[A-Z]{2,}-|^V\d|[。；]$|\d(?:小时|分钟|个工作日|元|天内)")


@dataclass(slots=True, eq=False)
class Slot:
    """One cell as the source has it, spanning ``rows`` and ``columns``; ``head`` where the format says so."""

    text: str
    rows: int = 1
    columns: int = 1
    head: bool = False


Grid = list[list[Slot]]


def lay_out(rows: Iterable[Sequence[Slot]]) -> Grid:
    """Return the rectangular grid of rows whose slots span: each slot stands wherever it reaches (HTML's rule)."""
    grid: list[list[Slot | None]] = []
    last = -1
    for index, row in enumerate(rows):
        while len(grid) <= index:
            grid.append([])
        column = 0
        for slot in row:
            while column < len(grid[index]) and grid[index][column] is not None:
                column += 1
            deep, wide = min(max(slot.rows, 1), MOST_SPANNED), min(max(slot.columns, 1), MOST_SPANNED)
            for down in range(index, index + deep):
                while len(grid) <= down:
                    grid.append([])
                grid[down].extend([None] * (column + wide - len(grid[down])))
                grid[down][column : column + wide] = [slot] * wide
            column += wide
        last = index
    del grid[last + 1 :]  # what spans below the last row
    width = max((len(row) for row in grid), default=0)
    return [[slot or Slot("") for slot in row] + [Slot("") for _ in range(width - len(row))] for row in grid]


def table_lines(grid: Grid, *, table: int, page: int = 0, header_rows: int | None = None) -> list[Line]:
    """Return the lines of one table.

    Args:
        grid: the rectangular grid; the same slot object in several places is a merged cell.
        table: the number its rows carry, from 1.
        page: the page its lines carry.
        header_rows: how many rows the format declares as header; ``None`` to find out.
    """
    grid = _without_empty(grid)
    if not grid:
        return []
    if len(grid[0]) == 1:
        return [Line(text, page=page) for row in grid for text in row[0].text.split("\n") if text]
    lines: list[Line] = []
    while grid and _is_banner(grid[0]):
        lines.append(Line(grid.pop(0)[0].text, page=page))
        if header_rows:
            header_rows -= 1
    if not grid:
        return lines
    if _is_form(grid):
        return lines + _form_lines(grid, table, page)
    count = header_rows if header_rows is not None else _header_rows(grid)
    header = _merge_header(grid[:count])
    if header:
        lines.append(Line(" | ".join(header), "row", cells=header, table=table, header=True, page=page))
    for row in grid[count:]:
        cells = tuple(slot.text for slot in row)
        if _is_banner(row):
            lines.append(Line(row[0].text, page=page))
        elif cells != header:
            lines.append(Line(" | ".join(cells), "row", cells=cells, table=table, page=page))
    return lines


def _without_empty(grid: Grid) -> Grid:
    grid = [row for row in grid if any(slot.text for slot in row)]
    if not grid:
        return []
    kept = [
        column
        for column in range(len(grid[0]))
        if any(row[column].text for row in grid)
        and not (column and all(row[column] is row[column - 1] for row in grid))
    ]
    return [[row[column] for column in kept] for row in grid]


def _is_banner(row: list[Slot]) -> bool:
    return len(row) > 1 and all(slot is row[0] for slot in row)


def _is_form(grid: Grid) -> bool:
    """Tell whether labels and values alternate: at least two rows, or one row of more than one pair."""
    if len(grid[0]) % 2 or len(grid[0]) > 8 or (len(grid) == 1 and len(grid[0]) < 4):
        return False
    labels = [row[column].text for row in grid for column in range(0, len(row), 2) if row[column].text]
    values = [row[column].text for row in grid for column in range(1, len(row), 2) if row[column].text]
    named = sum(_LABEL.fullmatch(re.sub(r"\s", "", label)) is not None for label in labels)
    also = sum(_LABEL.fullmatch(re.sub(r"\s", "", value)) is not None for value in values)
    return named * 5 >= len(labels) * 3 and named >= 2 and also * 2 < len(values or "1")


def _form_lines(grid: Grid, table: int, page: int) -> list[Line]:
    lines = []
    for row in grid:
        for column in range(0, len(row), 2):
            label, value = row[column].text.rstrip(":："), row[column + 1].text
            if row[column] is row[column + 1] and label:
                lines.append(Line(label, page=page))
            elif label and not (column and row[column] is row[column - 1]):
                lines.append(Line(f"{label} | {value}", "row", cells=(label, value), table=table, page=page))
    return lines


def _header_rows(grid: Grid) -> int:
    """Return how many rows at the top are the header, 0 for a table without one."""
    if len(grid) == 1:
        return 0
    declared = 0
    while declared < len(grid) - 1 and all(slot.head or not slot.text for slot in grid[declared]):
        declared += 1
    first = grid[0]
    if declared:
        return declared
    wide = any(first[column] is first[column - 1] for column in range(1, len(first)))
    deep = max(_depth(grid, column) for column in range(len(first)))
    if wide:
        return min(max(deep, 2), len(grid) - 1)
    if deep > 1 or not _reads_as_header(first, grid[1]):
        return 0
    return 1


def _depth(grid: Grid, column: int) -> int:
    deep = 1
    while deep < len(grid) and grid[deep][column] is grid[0][column]:
        deep += 1
    return deep


def _reads_as_header(first: list[Slot], second: list[Slot]) -> bool:
    texts = [slot.text for slot in first]
    if any(len(text) > 30 or text.endswith(("。", "；")) for text in texts) or len(set(texts)) < len(texts):
        return False
    if _COUNT.match(texts[0]) and not _COUNT.match(second[0].text):
        return False
    values = sum(_VALUE.search(text) is not None for text in texts)
    return values * 2 <= len(texts) and sum(bool(text) for text in texts) * 3 >= len(texts) * 2


def _merge_header(rows: Grid) -> tuple[str, ...]:
    """Return one header of several rows: the names above one another joined by ``/``, said once where merged."""
    if not rows:
        return ()
    names = []
    for column in range(len(rows[0])):
        parts: list[Slot] = []
        for row in rows:
            slot = row[column]
            if slot.text and slot not in parts:
                parts.append(slot)
        names.append("/".join(dict.fromkeys(_BROKEN_NAME.sub("", slot.text) for slot in parts)))
    return tuple(names)
