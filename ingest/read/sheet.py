"""Spreadsheets (xlsx, xlsm) and CSV files as lines: a heading a sheet, tables with their header, remarks as text.

Knows sheets, merged cells and blank rows, which part tables; values come as they are displayed. Formulas give the
value saved with them and are never computed. Hidden sheets are left out and named in a warning.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from warnings import catch_warnings, simplefilter

from ingest.decode import decode
from ingest.read.container import ZIP_ERRORS, opened, refuse_entities
from ingest.read.display import displayed
from ingest.read.grid import MOST_SPANNED, Slot, table_lines
from ingest.read.lines import cell_text, is_closed
from ingest.read.sheet_parts import Merges, Scanned, scan, sheet_parts
from ingest.source import Line, SourceText
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.model import SourceWarning

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    from kb.settings import LimitSettings

# filled cells of one file: 200 MB of memory, and beyond any manual
MOST_CELLS = 500_000
# cells passed over, empty ones included, before a sheet counts as an attack (a value in the last column of each row)
_MOST_VISITED = 20_000_000
# what openpyxl raises on files that break its expectations; SyntaxError is an XML error
_DAMAGED = (KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError)
_GENERIC_SHEET = re.compile(r"(?:sheet|工作表|表)\s*\d*$", re.IGNORECASE)
_CAPTION = re.compile(
    r"(?:附?表\s*[\dA-Za-z一二三四五六七八九十]|注|备注|说明"
    r"|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|第.{1,3}[章节条部])"
)
_LONGEST_TITLE = 40


def read_sheet(path: Path, *, name: str, limits: LimitSettings) -> SourceText:
    """Return a workbook as lines.

    Raises:
        SourceUnreadable: damaged or protected.
        SourceTooLarge: the container passes the limits, or more than ``MOST_CELLS`` cells are filled.
    """
    from openpyxl.utils.exceptions import InvalidFileException

    with opened(path, name=name, limits=limits) as container:
        refuse_entities(container, name=name)
        try:
            with catch_warnings(), path.open("rb") as stream:  # by its name alone openpyxl would refuse a renamed file
                simplefilter("ignore")  # openpyxl warns of every extension it drops
                return _read_workbook(stream, container, name)
        except (*_DAMAGED, InvalidFileException, *ZIP_ERRORS) as error:
            message = f"{name}：表格文件已损坏，无法读取。请用 Excel 或 WPS 打开后另存为 xlsx 再导入"
            raise SourceUnreadable(message) from error


def _read_workbook(stream: BinaryIO, container: zipfile.ZipFile, name: str) -> SourceText:
    from openpyxl import load_workbook

    budget = _Budget(name)
    # before openpyxl reads a minute of shared strings
    scanned = {title: scan(container, part) for title, part in sheet_parts(container).items()}
    budget.foresee(sum(one.filled for one in scanned.values()))
    lines: list[Line] = []
    warnings: list[SourceWarning] = []
    workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    for page, sheet in enumerate(workbook.worksheets, start=1):
        if sheet.sheet_state != "visible":
            message = f"隐藏的工作表“{sheet.title}”没有读入，需要时请取消隐藏后再导入"
            warnings.append(SourceWarning("hole", sheet.title, message))
            continue
        raw = scanned.get(sheet.title, Scanned())
        if raw.lost:
            message = (
                f"工作表“{sheet.title}”有 {raw.lost} 个公式没有保存计算结果，请用 Excel 或 WPS 打开并保存一次再导入"
            )
            warnings.append(SourceWarning("hole", sheet.title, message))
        rows = _slots(sheet, raw.merges, budget)
        heading = len(workbook.worksheets) > 1 or not _GENERIC_SHEET.match(sheet.title)
        lines.extend(_sheet_lines(rows, title=sheet.title if heading else "", page=page, lines_before=lines))
    declared = workbook.properties.title or ""
    workbook.close()
    title, lines = _take_title(lines)
    return SourceText(name, title or declared.strip(), tuple(lines), warnings=tuple(warnings))


def read_csv(path: Path, *, name: str) -> SourceText:
    """Return a CSV file (commas, semicolons, tabs or bars; any encoding) as one table.

    Raises:
        SourceUnreadable: no text.
        SourceTooLarge: more than ``MOST_CELLS`` cells.
    """
    text, repairs = decode(path.read_bytes(), name=name)
    budget = _Budget(name)
    csv.field_size_limit(
        max(csv.field_size_limit(), len(text))
    )  # a cell may hold a whole clause; its own limit is 131072
    try:
        reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
        rows = [[Slot(cell_text([cell])) for cell in row] for row in reader if budget.spend(row, len(row))]
    except csv.Error as error:
        raise SourceUnreadable(f"{name}：不是有效的 CSV 文件。请用 Excel 或 WPS 打开后另存为 xlsx 再导入") from error
    lines = _sheet_lines(rows, title="", page=0, lines_before=[])
    return SourceText(name, "", tuple(lines), repairs)


class _Budget:
    """How many cells of one file were filled and visited."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._filled = 0
        self._visited = 0

    def foresee(self, filled: int) -> None:
        """Refuse a sheet by what a look at the raw file tells, before a minute is spent on it."""
        if filled > MOST_CELLS:
            raise self._refusal()

    def spend(self, filled: Iterable[object], visited: int) -> bool:
        self._filled += sum(value not in (None, "") for value in filled)
        self._visited += visited + 1
        if self._filled > MOST_CELLS or self._visited > _MOST_VISITED:
            raise self._refusal()
        return True

    def _refusal(self) -> SourceTooLarge:
        most = MOST_CELLS // 10000
        return SourceTooLarge(f"{self._name}：表格超过 {most} 万个单元格，不像制度文件。请只保留需要的工作表和行再导入")


def _slots(sheet: ReadOnlyWorksheet, merges: Merges, budget: _Budget) -> list[list[Slot]]:
    """Return the rows down to the last filled one, blank rows as one; a merged cell is one slot in all its places."""
    if not hasattr(sheet, "reset_dimensions"):  # a sheet that is one chart
        return []
    sheet.reset_dimensions()  # what the file declares is often wrong
    rows: list[list[Slot]] = []
    covered: dict[int, dict[int, Slot]] = {}
    for index, cells in enumerate(sheet.iter_rows(), start=1):
        values = [displayed(cell.value, cell.number_format or "") if cell.value is not None else "" for cell in cells]
        budget.spend(values, len(values))
        while values and not values[-1]:
            values.pop()
        slots = [Slot(cell_text([value])) for value in values]
        for column, deep, wide in merges.get(index, ()):
            if column <= len(slots) and slots[column - 1].text:
                for row in range(index, index + min(deep, MOST_SPANNED)):
                    places = range(column, column + min(wide, MOST_SPANNED))
                    covered.setdefault(row, {}).update(dict.fromkeys(places, slots[column - 1]))
        merged = covered.pop(index, {})
        slots.extend(Slot("") for _ in range(max(merged, default=0) - len(slots)))
        for column, slot in merged.items():
            slots[column - 1] = slot
        if any(slot.text for slot in slots):
            rows.append(slots)
        elif rows and rows[-1]:
            rows.append([])
    return rows


def _sheet_lines(rows: Sequence[list[Slot]], *, title: str, page: int, lines_before: Sequence[Line]) -> list[Line]:
    """Return one sheet's lines: parted at blank rows and at lone cells that announce or remark."""
    tables = max((line.table for line in lines_before), default=0)
    lines: list[Line] = []
    gathered: list[list[Slot]] = []

    def close() -> None:
        nonlocal tables
        found = table_lines(_squared(gathered), table=tables + 1, page=page)
        tables += any(line.kind == "row" for line in found)
        lines.extend(found)
        gathered.clear()

    for row in rows:
        filled = list(dict.fromkeys(slot for slot in row if slot.text))
        if not filled:
            close()
        elif len(filled) == 1 and _is_remark(filled[0], row, first=not gathered):
            close()
            lines.append(Line(filled[0].text, page=page))
        else:
            gathered.append(row)
    close()
    return [Line(title, "heading", 1, page=page), *lines] if title and lines else lines


def _squared(rows: Sequence[list[Slot]]) -> list[list[Slot]]:
    """Return rows that already hold their merged cells as a rectangle."""
    width = max((len(row) for row in rows), default=0)
    return [row + [Slot("") for _ in range(width - len(row))] for row in rows]


def _is_remark(slot: Slot, row: list[Slot], *, first: bool) -> bool:
    """Tell whether a row's only cell is a title, caption or remark rather than a row with blanks."""
    wide = row.count(slot) > 1
    return first or wide or _CAPTION.match(slot.text) is not None or len(slot.text) > 20 or is_closed(slot.text)


def _take_title(lines: list[Line]) -> tuple[str, list[Line]]:
    """Return the title and the lines without it: the short first line of the first sheet, again on the others."""
    firsts = [
        index
        for index, line in enumerate(lines)
        if line.kind == "text" and (index == 0 or lines[index - 1].kind == "heading")
    ]
    if not firsts or firsts[0] > 1:
        return "", lines
    title = lines[firsts[0]].text
    if len(title) > _LONGEST_TITLE or is_closed(title) or _CAPTION.match(title):
        return "", lines
    dropped = {index for index in firsts if lines[index].text == title}
    return title, [line for index, line in enumerate(lines) if index not in dropped]


def _delimiter(text: str) -> str:
    """Return the delimiter whose count is the steadiest over the first lines; a comma when none is."""
    sample = [line for line in text[:65536].splitlines()[:50] if line.strip()]

    def steadiness(delimiter: str) -> tuple[int, int]:
        counts = [len(row) - 1 for row in csv.reader(sample, delimiter=delimiter)]
        common = max(set(counts), key=counts.count) if counts else 0
        return (counts.count(common) if common else 0, common)

    try:
        best = max(",\t;|", key=steadiness)
    except csv.Error:
        return ","
    return best if steadiness(best)[0] else ","
