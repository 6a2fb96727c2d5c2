"""Questions as an Excel sheet, for those who edit no JSON: one question a row, words for values.

Lists stand in one cell: ``；`` between entries, `` / `` between strings that do for the same fact. Knows openpyxl and the
columns; what a row means, ``dataset`` knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.workbook import sheets
from kb.errors import SourceUnreadable
from kb.home import reason_of

# Key → the column's head and its width in characters.
COLUMNS = {
    "approved": ("确认", 7),
    "id": ("题号", 12),
    "type": ("类型", 12),
    "question": ("问题", 50),
    "answerable": ("手册里有答案", 13),
    "document": ("文档", 24),
    "gold_sections": ("答案所在章节", 14),
    "facts": ("答案必须说到（；分开，同义用 / ）", 50),
    "evidence": ("起草依据", 60),
    "gold_clauses": ("列表条款", 24),
    "source": ("来源", 8),
}
YES, NO = "是", "否"
_TRUE = frozenset({YES, "y", "yes", "true", "1", "√", "对"})
_LISTS = frozenset({"gold_sections", "gold_clauses"})
_FLAGS = frozenset({"approved", "answerable"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_sheet(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the rows into a new workbook, with a choice of 是 and 否 where one of them is wanted."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = "评测题"
    sheet.append([head for head, _ in COLUMNS.values()])
    for row in rows:
        sheet.append([_cell(key, row.get(key)) for key in COLUMNS])
    for number, (key, (_, width)) in enumerate(COLUMNS.items(), 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = width
        if key in _FLAGS:
            choice = DataValidation(type="list", formula1=f'"{YES},{NO}"', allow_blank=True)
            sheet.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}10000")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.data_type == "f":  # what starts with = is words here, not a formula
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
    book.save(path)


def read_sheet(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the rows that hold a question, with their row numbers, in the form of the JSON lines.

    Raises:
        SourceUnreadable: it is no workbook, or has no column of questions.
    """
    try:
        read = sheets(path.read_bytes(), str(path))
    except OSError as error:
        raise SourceUnreadable(f"{path}：无法读取（{reason_of(error)}）") from error
    lines = read[0][1] if read else []
    keys = {head: key for key, (head, _) in COLUMNS.items()}
    heads = [keys.get(str(head or "").strip(), "") for head in lines[0]] if lines else []
    if "question" not in heads:
        raise SourceUnreadable(
            f"{path}：第一行没有“{COLUMNS['question'][0]}”一列，请对照 shouce eval --build 题.xlsx 的表头"
        )
    for number, line in enumerate(lines[1:], 2):
        row = {key: _value(key, cell) for key, cell in zip(heads, line, strict=False) if key and cell is not None}
        if row.get("question"):
            yield number, row


def _cell(key: str, value: Any) -> str:  # noqa: ANN401 (a JSON value)
    if key in _FLAGS:
        return YES if value else NO
    if key == "facts":
        return "；".join(" / ".join(group) for group in value or ())
    text = "；".join(value or ()) if key in _LISTS else str(value or "")
    return _CONTROL.sub("", text)


def _value(key: str, cell: Any) -> bool | str | Sequence[Any]:  # noqa: ANN401 (a cell's value)
    text = str(cell).strip()
    if key in _FLAGS:
        return text.lower() in _TRUE
    entries = [entry.strip() for entry in re.split(r"[；;\n]", text) if entry.strip()]
    if key == "facts":
        return [[one.strip() for one in re.split(r"\s/\s", entry) if one.strip()] for entry in entries]
    return entries if key in _LISTS else text
