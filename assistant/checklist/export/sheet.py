"""A checklist as a workbook to work through: results from a list, colours by result, ready to print on A4.

The first sheet is the list; the second has every clause's words; the third says how complete the list is. Cells with
words of the source are never formulas; the only formulas are ours (progress and the number of failures).
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from assistant.checklist.export.layout import (
    LEGEND,
    RESULTS,
    groups,
    head_fields,
    method,
    outcome,
    source,
    standard,
    stated,
    versions,
)
from assistant.checklist.model import TO_FILL, Check, Checklist
from assistant.output import clean

# The column's head and its width in characters
COLUMNS = (
    ("序号", 5),
    ("检查项", 44),
    ("适用条件", 18),
    ("标准", 22),
    ("责任岗", 11),
    ("时限", 13),
    ("频次", 11),
    ("判定方式", 11),
    ("记录／证据", 18),
    ("结果", 9),
    ("实测值", 9),
    ("备注／整改", 16),
    ("出处", 10),
)
HEAD_ROW = 5
_RESULT, _VALUE = 10, 11
_RISKY = ("=", "+", "-", "@", "\t")


def render(checklist: Checklist) -> bytes:
    """Return the checklist as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "检查表"
    _list(sheet, checklist)
    _clauses(book.create_sheet("出处原文"), checklist)
    _completeness(book.create_sheet("完整性"), checklist)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _list(sheet: Any, checklist: Checklist) -> None:  # noqa: ANN401 (an openpyxl sheet)
    from openpyxl.utils import get_column_letter

    last = get_column_letter(len(COLUMNS))
    _top(sheet, checklist, last)
    for column, (head, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        _head(sheet.cell(HEAD_ROW, column), head)
    row = HEAD_ROW
    rows: list[tuple[int, Check]] = []
    for group in groups(checklist):
        row += 1
        _group(sheet, row, group.heading, last, red=group.red)
        for check in group.checks:
            row += 1
            _check(sheet, row, check, checklist)
            rows.append((row, check))
    _results(sheet, rows, row)
    for offset, line in enumerate(
        (LEGEND, "检查人签字：____________　　责任人签字：____________　　复核人签字：____________"), 2
    ):
        sheet.merge_cells(f"A{row + offset}:{last}{row + offset}")
        _words(sheet.cell(row + offset, 1), line, border=False)
        sheet.row_dimensions[row + offset].height = 22
    _print(sheet, checklist, f"A1:{last}{row + 3}")


def _top(sheet: Any, checklist: Checklist, last: str) -> None:  # noqa: ANN401 (an openpyxl sheet)
    """Write title, what is to be filled in, the versions it was compiled from, and the progress."""
    from openpyxl.styles import Alignment, Font

    lines = (
        checklist.title,
        "　　".join(f"{field}：{said or '____________'}" for field, said in head_fields(checklist)),
        f"来源：{versions(checklist)}",
    )
    for row, text in enumerate(lines, 1):
        sheet.merge_cells(f"A{row}:{last}{row}")
        _words(sheet.cell(row, 1), text, border=False)
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
    sheet.row_dimensions[1].height = 28
    sheet.row_dimensions[2].height = 22
    sheet.merge_cells(f"A4:{last}4")


def _group(sheet: Any, row: int, heading: str, last: str, *, red: bool) -> None:  # noqa: ANN401 (an openpyxl sheet)
    from openpyxl.styles import Font, PatternFill

    sheet.merge_cells(f"A{row}:{last}{row}")
    cell = sheet.cell(row, 1)
    _words(cell, heading)
    cell.font = Font(bold=True, color="9C0006" if red else "1F3864")
    cell.fill = PatternFill("solid", fgColor="FCE4E4" if red else "E7EEF5")
    sheet.row_dimensions[row].height = 20


def _check(sheet: Any, row: int, check: Check, checklist: Checklist) -> None:  # noqa: ANN401 (an openpyxl sheet)
    from openpyxl.styles import Alignment, Font

    found = outcome(check, checklist)
    cells: Sequence[str] = (
        "",
        check.action,
        check.condition or "",
        stated(standard(check)),
        stated(check.role),
        stated(check.deadline),
        stated(check.frequency),
        method(check),
        stated(check.evidence),
        *(found.result, found.value, found.note),
        source(check, checklist),
    )
    for column, text in enumerate(cells, 1):
        cell = sheet.cell(row, column)
        _words(cell, text)
        if text == TO_FILL:
            cell.font = Font(color="A6A6A6")
        if check.red_line and column == 2:
            cell.font = Font(bold=True, color="9C0006")
    if re.fullmatch(r"-?\d+(?:\.\d+)?", found.value):
        sheet.cell(row, _VALUE).value = float(found.value)
    number = sheet.cell(row, 1)
    number.value = check.number
    number.alignment = Alignment(horizontal="center", vertical="top")
    # lines end early where a word or a sign does not fit, so a column holds a little less than its width
    longest = max(-(-_columns(text) // (width - 1.5)) for text, (_, width) in zip(cells, COLUMNS, strict=True))
    sheet.row_dimensions[row].height = max(18, 14.5 * longest + 4)


def _columns(text: str) -> int:
    """Return how wide a text is, a Han character counting two."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)


def _results(sheet: Any, rows: Sequence[tuple[int, Check]], last_row: int) -> None:  # noqa: ANN401 (an openpyxl sheet)
    """Offer the results, watch measured values, colour by result, count what is done."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if not rows:
        return
    first, result, value = rows[0][0], get_column_letter(_RESULT), get_column_letter(_VALUE)
    choice = DataValidation(type="list", formula1=f'"{",".join(RESULTS)}"', allow_blank=True)
    choice.error, choice.errorTitle = f"请选择：{'、'.join(RESULTS)}", "结果"
    sheet.add_data_validation(choice)
    for row, check in rows:
        choice.add(f"{result}{row}")
        _limits(sheet, f"{value}{row}", check)
    area = f"A{first}:{get_column_letter(len(COLUMNS))}{last_row}"
    for word, colour in zip(RESULTS, ("E2F0D9", "F8CBAD", "EDEDED"), strict=True):
        fill = PatternFill("solid", bgColor=colour)
        sheet.conditional_formatting.add(area, FormulaRule(formula=[f'${result}{first}="{word}"'], fill=fill))
    answers = f"{result}{first}:{result}{last_row}"
    done = "+".join(f'COUNTIF({answers},"{word}")' for word in RESULTS)
    sheet["A4"] = f'="已检查 "&({done})&" / {len(rows)} 项，不合格 "&COUNTIF({answers},"{RESULTS[1]}")&" 项"'
    sheet["A4"].font = Font(bold=True)


def _limits(sheet: Any, place: str, check: Check) -> None:  # noqa: ANN401 (an openpyxl sheet)
    """Take numbers only where a value is measured, and show in red what lies outside the clause's limits."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    limits = check.limits
    if check.method != "number" or limits is None:
        return
    outside = []
    if limits.lower is not None:
        outside.append(f"{place}<{'=' if limits.open_lower else ''}{limits.lower!r}")
    if limits.upper is not None:
        outside.append(f"{place}>{'=' if limits.open_upper else ''}{limits.upper!r}")
    number = DataValidation(type="decimal", operator="between", formula1="-1E+15", formula2="1E+15", allow_blank=True)
    number.promptTitle, number.prompt = "实测值", f"应为 {limits.words}"
    number.error = "请填写数字"
    sheet.add_data_validation(number)
    number.add(place)
    rule = FormulaRule(
        formula=[f"AND(ISNUMBER({place}),OR({','.join(outside)}))"] if outside else ["FALSE"],
        fill=PatternFill("solid", bgColor="FF7C80"),
        font=Font(bold=True),
    )
    sheet.conditional_formatting.add(place, rule)


def _print(sheet: Any, checklist: Checklist, area: str) -> None:  # noqa: ANN401 (an openpyxl sheet)
    sheet.freeze_panes = f"C{HEAD_ROW + 1}"
    sheet.print_area = area
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.8, 0.75, 0.35, 0.35
    sheet.print_options.horizontalCentered = True
    # an ampersand begins a code in a header
    sheet.oddHeader.right.text = clean(checklist.title).replace("&", "＆")[:100]
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"


def _clauses(sheet: Any, checklist: Checklist) -> None:  # noqa: ANN401 (an openpyxl sheet)
    heads = (("序号", 6), ("文档", 26), ("章节", 34), ("条款", 12), ("原文", 90))
    titles = checklist.document_titles
    rows = [
        (
            str(check.number),
            titles.get(check.citation.document, check.citation.document),
            " > ".join(check.citation.path),
            check.citation.clause,
            check.citation.quote,
        )
        for check in checklist.checks
    ]
    _plain_sheet(sheet, heads, rows)


def _completeness(sheet: Any, checklist: Checklist) -> None:  # noqa: ANN401 (an openpyxl sheet)
    heads = (("章节", 60), ("应列步骤", 10), ("已列", 10))
    rows = [(one.words.rsplit("：", 1)[0], str(one.steps), str(one.listed)) for one in checklist.completeness]
    _plain_sheet(sheet, heads, rows + [(f"注：{note}", "", "") for note in checklist.notes])


def _plain_sheet(sheet: Any, heads: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]]) -> None:  # noqa: ANN401
    from openpyxl.utils import get_column_letter

    for column, (head, width) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        _head(sheet.cell(1, column), head)
    for row, cells in enumerate(rows, 2):
        for column, text in enumerate(cells, 1):
            _words(sheet.cell(row, column), text)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0


def _head(cell: Any, text: str) -> None:  # noqa: ANN401 (an openpyxl cell)
    from openpyxl.styles import Alignment, Font, PatternFill

    _words(cell, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="D9E2F3")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _words(cell: Any, text: str, *, border: bool = True) -> None:  # noqa: ANN401 (an openpyxl cell)
    """Put words into a cell: never a formula, whatever they begin with."""
    from openpyxl.styles import Alignment, Border, Side

    line = Side(style="thin", color="BFBFBF")
    cell.alignment = Alignment(wrap_text=True, vertical="top" if border else "center")
    if border:
        cell.border = Border(left=line, right=line, top=line, bottom=line)
    words = clean(text)[:32_767]
    if words:
        cell.value = words
        cell.data_type = "s"
        cell.quotePrefix = words.startswith(_RISKY)
