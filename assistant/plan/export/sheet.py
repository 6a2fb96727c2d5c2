"""A plan as a workbook: the action list to track (status from a list, late ones in colour), a Gantt, causes, data, clauses.

Words of the source are never formulas; the only formulas are ours.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from assistant.output import clean
from assistant.plan.export.layout import LEGEND, Notes, drafted_from, stated
from assistant.plan.model import BASIS_WORDS, STATES, Plan, Progress

_HEADS = (
    ("编号", 7),
    ("阶段", 12),
    ("行动", 52),
    ("依据", 14),
    ("责任岗", 14),
    ("开始", 12),
    ("完成", 12),
    ("前置", 10),
    ("条款时限", 16),
    ("交付物／凭证", 24),
    ("状态", 10),
    ("完成日期", 12),
    ("说明", 24),
    ("出处", 30),
)
_HEAD_ROW = 3
_LINE_POINTS = 15
_GANTT_DAYS = 120


def render(plan: Plan) -> bytes:
    """Return the plan as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    notes = Notes(plan.titles)
    _actions(book.active, plan, notes)
    _gantt(book.create_sheet("甘特图"), plan)
    _causes(book.create_sheet("原因与目标"), plan, notes)
    if plan.evidence:
        _data(book.create_sheet("数据"), plan)
    _lines(
        book.create_sheet("出处原文"),
        [("编号", "出处与原文"), *((n, notes.words(c)) for n, c in enumerate(notes.cited, 1))],
        (8, 110),
    )
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _actions(sheet: Any, plan: Plan, notes: Notes) -> None:  # noqa: ANN401 (an openpyxl sheet)
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.title = "行动清单"
    _put(sheet, 1, 1, plan.title)
    sheet["A1"].font = Font(bold=True, size=14)
    drafted = f"依据的文件：{drafted_from(plan)}。" if plan.sources else ""
    _put(sheet, 2, 1, drafted + LEGEND)
    for column, (head, width) in enumerate(_HEADS, 1):
        _head(sheet.cell(_HEAD_ROW, column, head))
        sheet.column_dimensions[get_column_letter(column)].width = width
    row = _HEAD_ROW
    for phase in plan.phases:
        for action in phase.actions:
            row += 1
            source, at = notes.number(action.citation), plan.progress.get(action.id)
            values = (
                action.id,
                phase.name,
                action.action,
                BASIS_WORDS[action.basis],
                stated(action.owner),
                action.start,
                action.end,
                "、".join(action.after) or None,
                action.deadline,
                stated(action.deliverable),
                at.state if at else STATES["open"],
                at.on if at and at.state == STATES["done"] else None,
                _told(at) if at else None,
                f"[{source}] {notes.words(action.citation)[:60]}" if action.citation else "—",
            )
            for column, value in enumerate(values, 1):
                cell = _put(sheet, row, column, value)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if action.basis != "clause" and column <= 4:
                    cell.font = Font(italic=True, color="7F6000")
            # Programs that do not measure wrapped text on opening need the height said.
            sheet.row_dimensions[row].height = _LINE_POINTS * max(
                1,
                *(
                    -(-2 * len(str(value or "")) // (width - 1))
                    for value, (_, width) in zip(values, _HEADS, strict=True)
                ),
            )
    last = max(row, _HEAD_ROW + 1)
    states = DataValidation(type="list", formula1=f'"{",".join(STATES.values())}"', allow_blank=True)
    sheet.add_data_validation(states)
    states.add(f"K{_HEAD_ROW + 1}:K{last}")
    area = f"A{_HEAD_ROW + 1}:N{last}"
    first = _HEAD_ROW + 1
    for formula, colour in (
        (f'$K{first}="已完成"', "E2F0D9"),
        (f'AND($G{first}<TODAY(),$K{first}<>"已完成",$K{first}<>"已取消")', "FBE5D6"),
    ):
        sheet.conditional_formatting.add(
            area, FormulaRule(formula=[formula], fill=PatternFill("solid", bgColor=colour))
        )
    _paper(sheet, f"A1:N{last}", _HEAD_ROW)


def _told(at: Progress) -> str:
    return "；".join(part for part in (at.note, f"记录：{at.person}" if at.person else "") if part)


def _gantt(sheet: Any, plan: Plan) -> None:  # noqa: ANN401 (an openpyxl sheet)
    """Draw one cell a working day, filled where the action runs."""
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    actions = plan.actions
    if not actions:
        return
    day, end = min(one.start for one in actions), max(one.end for one in actions)
    days: list[date] = []
    while day <= end and len(days) < _GANTT_DAYS:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    for column, (head, width) in enumerate((("编号", 7), ("行动", 40)), 1):
        _head(sheet.cell(1, column, head))
        sheet.column_dimensions[get_column_letter(column)].width = width
    for column, one in enumerate(days, 3):
        _head(sheet.cell(1, column, one.strftime("%m-%d")))
        sheet.cell(1, column).alignment = _vertical()
        sheet.column_dimensions[get_column_letter(column)].width = 3
    backed, suggested = PatternFill("solid", fgColor="4472C4"), PatternFill("solid", fgColor="FFC000")
    for row, action in enumerate(actions, 2):
        _put(sheet, row, 1, action.id)
        _put(sheet, row, 2, action.action[:60])
        for column, one in enumerate(days, 3):
            if action.start <= one <= action.end:
                sheet.cell(row, column).fill = backed if action.basis == "clause" else suggested
    _put(sheet, len(actions) + 3, 2, "蓝色：手册依据；黄色：建议")
    _paper(sheet, f"A1:{get_column_letter(len(days) + 2)}{len(actions) + 3}", 1)


def _causes(sheet: Any, plan: Plan, notes: Notes) -> None:  # noqa: ANN401 (an openpyxl sheet)
    rows: list[Sequence[object]] = [("类别", "内容", "依据", "出处")]
    rows += [
        (f"原因·{one.branch}", one.text, BASIS_WORDS[one.basis], _cited(one.citation, notes)) for one in plan.causes
    ]
    rows += [("目标", one.text, BASIS_WORDS[one.basis], "") for one in plan.goals]
    rows += [
        ("指标", f"{one.name}：{stated(one.goal)}", BASIS_WORDS[one.basis], _cited(one.citation, notes))
        for one in plan.indicators
    ]
    rows += [
        ("风险", f"{one.risk} → {one.response}", BASIS_WORDS[one.basis], _cited(one.citation, notes))
        for one in plan.risks
    ]
    rows += [("评审", f"{one.on.isoformat()} {one.name}：{one.review}", "", "") for one in plan.milestones]
    rows += [("请补充", one, "", "") for one in plan.questions]
    _lines(sheet, rows, (14, 80, 14, 40))


def _data(sheet: Any, plan: Plan) -> None:  # noqa: ANN401 (an openpyxl sheet)
    from openpyxl.chart import BarChart, LineChart, Reference

    evidence = plan.evidence
    assert evidence is not None
    _lines(
        sheet,
        [(f"来自 {evidence.file}，共 {evidence.rows} 行", ""), *((one, "") for one in evidence.sentences)],
        (24, 12),
    )
    top = len(evidence.sentences) + 3
    if evidence.trend:
        _table(sheet, top, ("月份", evidence.trend_name), [(one.period, one.value) for one in evidence.trend])
        line = LineChart()
        line.title, line.height, line.width = f"{evidence.trend_name}趋势", 7, 14
        line.add_data(
            Reference(sheet, min_col=2, min_row=top, max_row=top + len(evidence.trend)), titles_from_data=True
        )
        line.set_categories(Reference(sheet, min_col=1, min_row=top + 1, max_row=top + len(evidence.trend)))
        sheet.add_chart(line, f"E{top}")
        top += max(len(evidence.trend) + 3, 17)
    if evidence.pareto:
        last = top + len(evidence.pareto)
        _table(
            sheet,
            top,
            (evidence.pareto_name, "数量", "累计占比"),
            [(one.name, one.count, one.cumulated) for one in evidence.pareto],
        )
        bars, share = BarChart(), LineChart()
        bars.title, bars.height, bars.width = f"{evidence.pareto_name}帕累托图", 8, 16
        bars.add_data(Reference(sheet, min_col=2, min_row=top, max_row=last), titles_from_data=True)
        bars.set_categories(Reference(sheet, min_col=1, min_row=top + 1, max_row=last))
        share.add_data(Reference(sheet, min_col=3, min_row=top, max_row=last), titles_from_data=True)
        share.y_axis.axId, share.y_axis.crosses, share.y_axis.number_format = 200, "max", "0%"
        share.y_axis.scaling.min, share.y_axis.scaling.max = 0, 1
        bars += share
        sheet.add_chart(bars, f"E{top}")


def _table(sheet: Any, top: int, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:  # noqa: ANN401
    for column, head in enumerate(heads, 1):
        _head(_put(sheet, top, column, head))
    for at, row in enumerate(rows, top + 1):
        for column, value in enumerate(row, 1):
            cell = _put(sheet, at, column, value)
            if column == 3:
                cell.number_format = "0%"


def _lines(sheet: Any, rows: Sequence[Sequence[object]], widths: Sequence[int]) -> None:  # noqa: ANN401
    from openpyxl.utils import get_column_letter

    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = _put(sheet, at, column, value)
            if at == 1:
                _head(cell)
    _paper(sheet, f"A1:{get_column_letter(len(widths))}{len(rows)}", 1)


def _cited(citation, notes: Notes) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return f"[{notes.number(citation)}] {notes.words(citation)}" if citation else ""


def _put(sheet: Any, row: int, column: int, value: object) -> Any:  # noqa: ANN401
    """Write a value; text stays text though it begins like a formula."""
    from openpyxl.styles import Alignment

    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = clean(value)
        cell.data_type = "s"
        if value[:1] in "=+-@":
            cell.quotePrefix = True
    else:
        cell.value = value
    if hasattr(value, "isoformat"):
        cell.number_format = "yyyy-mm-dd"
    cell.alignment = Alignment(wrap_text=row > 2, vertical="top")
    return cell


def _head(cell: Any) -> None:  # noqa: ANN401
    from openpyxl.styles import Font, PatternFill

    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="D9E2F3")


def _vertical() -> Any:  # noqa: ANN401
    from openpyxl.styles import Alignment

    return Alignment(text_rotation=90, horizontal="center")


def _paper(sheet: Any, area: str, head_row: int) -> None:  # noqa: ANN401
    sheet.freeze_panes = f"A{head_row + 1}"
    sheet.print_area = area
    sheet.print_title_rows = f"{head_row}:{head_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
