r"""Papers as a workbook: a sheet a paper, an item a row, and a sheet that says how to fill it in. The same layout is read back.

Cells are words, never formulas, whatever they begin with. In the answer's cell ``|`` parts blanks and ``;`` the forms of
one; an open item has a point a line, with keywords after ``//``. A backslash before one of these stands for itself.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.quiz.export.record import record
from assistant.quiz.export.wording import (
    BLOOM_WORDS,
    CHOICES,
    DIFFICULTY_WORDS,
    TRUTH_WORDS,
    clean,
)
from assistant.quiz.model import TYPE_WORDS, Paper, Question

OPTION_COLUMNS = 8
# Key → the column's head and its width in characters
COLUMNS: dict[str, tuple[str, float]] = {
    "number": ("题号", 6),
    "type": ("题型", 9),
    "difficulty": ("难度", 6),
    "bloom": ("认知层次", 9),
    "points": ("分值", 6),
    "scenario": ("案例材料", 30),
    "stem": ("题干", 46),
    **{f"option_{chr(65 + n)}": (f"选项{chr(65 + n)}", 22) for n in range(OPTION_COLUMNS)},
    "answer": ("答案", 30),
    "explanation": ("解析", 40),
    "document_title": ("出处文档", 20),
    "section": ("章节", 9),
    "title": ("章节标题", 18),
    "clause": ("条款", 10),
    "quote": ("原文", 46),
    "tags": ("标签", 14),
    "pattern": ("出题方式", 12),
    "id": ("编号", 14),
    "path": ("章节路径", 20),
    "document": ("文档编号", 14),
    "record": ("系统信息", 14),
}
# What only a program reads: there, but out of the way
_HIDDEN = ("path", "document", "record")
GUIDE = "填写说明"
_GUIDE_LINES = (
    ("题型", "、".join(TYPE_WORDS.values())),
    ("难度", "、".join(DIFFICULTY_WORDS.values())),
    ("认知层次", "、".join(BLOOM_WORDS.values())),
    ("题干", "填空题用四个下划线 ____ 表示一个空"),
    ("选项", f"单选题、多选题从选项A起依次填写；多于 {OPTION_COLUMNS} 个时在后面加列“选项I”……"),
    ("答案·单选、多选", "选项字母，如 A、ACD"),
    ("答案·判断", "正确 或 错误"),
    ("答案·填空", "空与空之间用 | 隔开，同一个空的几种写法用 ; 隔开，如 30分钟;半小时|2次"),
    ("答案·简答、案例", "一行一个要点；要点后写 // 再写关键词，用 ; 隔开，如 30分钟内首次响应 // 30分钟;半小时"),
    ("特殊字符", "答案里本来就有 | ; \\ 或 // 时，在前面加 \\；换行写 \\n"),
    ("必填", "题型、题干、答案；其余可以空着。编号留空会自动生成；保留原编号则更新原来的题"),
)
_RISKY = ("=", "+", "-", "@", "\t")
_NAMED = re.compile(r"[\[\]:*?/\\'\x00-\x1f]+")


def render(papers: Sequence[Paper], titles: Mapping[str, str]) -> bytes:
    """Return the papers as one workbook."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for place, paper in enumerate(papers):
        _sheet(book.create_sheet(_name(paper.title, place, len(papers))), paper, titles)
    _guide(book.create_sheet(GUIDE))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _name(title: str, place: int, count: int) -> str:
    mark = f"{chr(65 + place % 26)}卷" if count > 1 else ""
    rest = clean(title).replace(f"（{mark}）", "") if mark else clean(title)
    name = f"{mark} {_NAMED.sub(' ', rest).strip()}".strip()[:28].strip()
    return name if name and name != GUIDE else "题目"


def _sheet(sheet: Any, paper: Paper, titles: Mapping[str, str]) -> None:  # noqa: ANN401 (an openpyxl sheet)
    from openpyxl.utils import get_column_letter

    most = max([OPTION_COLUMNS, *(len(question.options) for question in paper.questions)])
    columns = _with_options(most)
    for column, (key, (head, width)) in enumerate(columns.items(), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.column_dimensions[get_column_letter(column)].hidden = key in _HIDDEN
        _head(sheet.cell(1, column), head)
    for row, question in enumerate(paper.questions, 2):
        values = {"number": row - 1, **_row(question, titles)}
        for column, key in enumerate(columns, 1):
            _put(sheet.cell(row, column), values.get(key))
    last = get_column_letter(len(columns))
    sheet.freeze_panes = f"{get_column_letter(list(columns).index('stem') + 1)}2"
    sheet.auto_filter.ref = f"A1:{last}{len(paper.questions) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
    _choices(sheet, columns, len(paper.questions))


def _with_options(most: int) -> dict[str, tuple[str, float]]:
    """Return the columns with one for each option, where an item has more than usual."""
    columns: dict[str, tuple[str, float]] = {}
    for key, column in COLUMNS.items():
        if key == "answer":
            columns |= {f"option_{chr(65 + n)}": (f"选项{chr(65 + n)}", 22.0) for n in range(OPTION_COLUMNS, most)}
        columns[key] = column
    return columns


def _choices(sheet: Any, columns: Mapping[str, Any], count: int) -> None:  # noqa: ANN401 (an openpyxl sheet)
    """Offer the words of type, difficulty and Bloom level, for the rows there are and a hundred more."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    words = {
        "type": list(TYPE_WORDS.values()),
        "difficulty": list(DIFFICULTY_WORDS.values()),
        "bloom": list(BLOOM_WORDS.values()),
    }
    for key, listed in words.items():
        choice = DataValidation(type="list", formula1=f'"{",".join(listed)}"', allow_blank=True)
        choice.error = f"请从列表中选择：{'、'.join(listed)}"
        sheet.add_data_validation(choice)
        letter = get_column_letter(list(columns).index(key) + 1)
        choice.add(f"{letter}2:{letter}{count + 101}")


def _row(question: Question, titles: Mapping[str, str]) -> dict[str, str | float]:
    citation = question.citation
    return {
        "id": question.id,
        "type": TYPE_WORDS[question.type],
        "difficulty": DIFFICULTY_WORDS[question.difficulty],
        "bloom": BLOOM_WORDS[question.bloom],
        "points": int(question.points) if float(question.points).is_integer() else question.points,
        "scenario": question.scenario,
        "stem": question.stem,
        **{f"option_{option.key}": option.text for option in question.options},
        "answer": answer_cell(question),
        "explanation": question.explanation,
        "document_title": titles.get(citation.document, citation.document),
        "section": citation.section,
        "title": citation.title,
        "clause": citation.clause,
        "quote": citation.quote,
        "tags": "；".join(question.tags),
        "pattern": question.pattern,
        "document": citation.document,
        "path": " > ".join(citation.path),
        "record": record(question),
    }


def answer_cell(question: Question) -> str:
    """Return the answer as the layout writes it."""
    if question.type in CHOICES:
        return "".join(question.right)
    if question.type == "true_false":
        return TRUTH_WORDS[bool(question.truth)]
    if question.type == "cloze":
        return "|".join(";".join(sheltered(form) for form in blank.accepted) for blank in question.blanks)
    return "\n".join(
        sheltered(point.text) + (f" // {';'.join(map(sheltered, point.keywords))}" if point.keywords else "")
        for point in question.points_required
    )


def sheltered(text: str) -> str:
    r"""Return ``text`` with the layout's own signs escaped; a line end is ``\n``."""
    return re.sub(r"([\\|;；]|//)", r"\\\1", clean(text)).replace("\n", "\\n")


def _head(cell: Any, text: str) -> None:  # noqa: ANN401 (an openpyxl cell)
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    line = Side(style="thin", color="BFBFBF")
    cell.value = text
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DDEBF7")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = Border(bottom=line, right=line)


def _put(cell: Any, value: str | float | None) -> None:  # noqa: ANN401 (an openpyxl cell)
    from openpyxl.styles import Alignment

    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if value is None or value == "":
        return
    if isinstance(value, str):
        words = clean(value)[:32_767]
        cell.value = words
        cell.data_type = "s"  # what begins with = is words here, not a formula
        cell.quotePrefix = words.startswith(_RISKY)
    else:
        cell.value = value


def _guide(sheet: Any) -> None:  # noqa: ANN401 (an openpyxl sheet)
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 90
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    _head(sheet.cell(1, 1), "列")
    _head(sheet.cell(1, 2), "怎么填")
    for row, (head, text) in enumerate(_GUIDE_LINES, 2):
        _put(sheet.cell(row, 1), head)
        _put(sheet.cell(row, 2), text)
