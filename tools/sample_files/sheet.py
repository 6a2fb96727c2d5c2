"""A workbook as a finance department makes it: a sheet a chapter, a merged title row, filled headers, merged groups.

Knows openpyxl.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from sample_files.source import Heading, Paragraph, Source, Table
from sample_files.word import COMPANY, MADE

_THIN = Side(style="thin", color="808080")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_COLUMNS = 5
_WIDTHS = (26, 34, 30, 26, 22)


def write_sheet(source: Source, path: Path) -> None:
    """Write a document as xlsx: each second-level heading one sheet."""
    workbook = Workbook()
    opened = False
    for block in source.blocks:
        if isinstance(block, Heading):
            if opened:
                workbook.create_sheet()
            opened = True
            _open_sheet(workbook.worksheets[-1], block.text, source.title)
        elif isinstance(block, Paragraph):
            _wide(
                workbook.worksheets[-1],
                block.text,
                Font(name="宋体", size=11),
                height=15.0 * (1 + len(block.text) // 62),
            )
        elif isinstance(block, Table):
            _table(workbook.worksheets[-1], block)
    properties = workbook.properties
    properties.creator = properties.lastModifiedBy = COMPANY
    properties.created = properties.modified = MADE
    workbook.save(path)


def _open_sheet(sheet: Worksheet, name: str, title: str) -> None:
    sheet.title = name
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    _wide(sheet, title, Font(name="黑体", size=16, bold=True), height=30, centred=True, first=True)


def _wide(
    sheet: Worksheet, text: str, font: Font, *, height: float, centred: bool = False, first: bool = False
) -> None:
    row = 1 if first else sheet.max_row + 1
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=_COLUMNS)
    cell = sheet.cell(row, 1, text)
    cell.font = font
    cell.alignment = Alignment(horizontal="center" if centred else "left", vertical="center", wrap_text=True)
    sheet.row_dimensions[row].height = height


def _table(sheet: Worksheet, block: Table) -> None:
    row = sheet.max_row + 2
    if block.caption:
        sheet.cell(row, 1, block.caption).font = Font(name="黑体", size=11, bold=True)
        row += 1
    for place, cells in enumerate([block.header, *block.rows]):
        for column, text in enumerate(cells, start=1):
            numeric = place > 0 and text.isdigit()
            cell = sheet.cell(row + place, column, int(text) if numeric else text)
            cell.border = _BORDER
            cell.font = Font(name="宋体", size=11, bold=place == 0)
            cell.alignment = Alignment(
                horizontal="center" if numeric or not place else "left", vertical="center", wrap_text=True
            )
            if not place:
                cell.fill = PatternFill("solid", fgColor="DDEBF7")
        longest = max(len(text) / (_WIDTHS[column] / 2.2) for column, text in enumerate(cells))
        sheet.row_dimensions[row + place].height = 18.0 * (1 + int(longest))
    _merge_groups(sheet, block, row + 1)


def _merge_groups(sheet: Worksheet, block: Table, first: int) -> None:
    """Merge equal neighbours in a first column that groups its rows."""
    names = [cells[0] for cells in block.rows]
    start = 0
    for place in range(1, len(names) + 1):
        if place == len(names) or names[place] != names[start]:
            if place - start > 1:
                for row in range(first + start + 1, first + place):
                    sheet.cell(row, 1).value = None
                sheet.merge_cells(start_row=first + start, start_column=1, end_row=first + place - 1, end_column=1)
            start = place
