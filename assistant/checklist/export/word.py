"""A checklist for Word: boxes that can be ticked on screen and on paper, a table to note failures, room for signatures."""

from __future__ import annotations

from typing import Any

from assistant import word_document as word
from assistant.checklist.export.layout import (
    LEGEND,
    RESULTS,
    Group,
    groups,
    head_fields,
    outcome,
    source,
    standard,
    stated,
    versions,
)
from assistant.checklist.model import METHOD_WORDS, Check, Checklist, Outcome

_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
# Centimetres between the margins of a landscape A4 page: 26.1
_HEADS = ("序号", "检查项", "责任岗", "时限／频次", "记录／证据", "结果", "备注", "出处")
_WIDTHS = (1.1, 8.0, 2.2, 2.9, 2.9, 4.4, 1.8, 2.8)
_FAILED_HEADS = ("序号", "不合格情况", "原因", "整改措施", "责任人", "完成期限", "复查结果")
_FAILED_WIDTHS = (1.4, 6.2, 4.6, 6.2, 2.4, 2.7, 2.6)
_RED = "C00000"


def render(checklist: Checklist) -> bytes:
    """Return the checklist as a document."""
    document = word.new_document(checklist.title, landscape=True)
    word.running_heads(document.sections[0], checklist.title, "", total=True)
    _top(document, checklist)
    made = word.table(document, _WIDTHS, _HEADS)
    for group in groups(checklist):
        _group(made, group, checklist)
    _completeness(document, checklist)
    _failures(document)
    _signatures(document)
    return word.saved(document)


def _top(document: Any, checklist: Checklist) -> None:  # noqa: ANN401 (a docx document)
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    title = document.add_paragraph(style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    word.write_runs(title, " ".join(checklist.title.split()))
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for field, said in head_fields(checklist):
        line.add_run(f"{field}：")
        line.add_run(word.clean(said) or "\u00a0" * 22).underline = True
        line.add_run("　")
    about = document.add_paragraph()
    about.alignment = WD_ALIGN_PARAGRAPH.CENTER
    word.write_runs(about, f"来源：{versions(checklist)}。共 {len(checklist.checks)} 项。{LEGEND}")
    _grey(about)


def _group(made: Any, group: Group, checklist: Checklist) -> None:  # noqa: ANN401 (a docx table)
    """Write a row with the heading, kept with the first of its checks, and a row a check."""
    from docx.shared import RGBColor

    cells = word.add_row(made, _WIDTHS).cells
    heading = cells[0].merge(cells[-1])
    word.fill(heading, group.heading, bold=True, shade="FCE4E4" if group.red else "F2F5F9")
    heading.paragraphs[0].paragraph_format.keep_with_next = True
    if group.red:
        heading.paragraphs[0].runs[0].font.color.rgb = RGBColor.from_string(_RED)
    for check in group.checks:
        _row(word.add_row(made, _WIDTHS).cells, check, checklist)


def _row(cells: Any, check: Check, checklist: Checklist) -> None:  # noqa: ANN401 (docx cells)
    word.fill(cells[0], str(check.number), centred=True)
    word.fill(
        cells[1], f"（{check.condition}）{check.action}" if check.condition else check.action, bold=check.red_line
    )
    if rule := standard(check):
        _more(cells[1], f"标准：{rule}")
    _stated(cells[2], check.role)
    _stated(cells[3], check.deadline)
    if check.frequency:
        _more(cells[3], f"频次：{check.frequency}")
    _stated(cells[4], check.evidence)
    if check.method in {"photo", "signature"}:
        _more(cells[4], f"判定：{METHOD_WORDS[check.method]}")
    found = outcome(check, checklist)
    _boxes(cells[5], check, found)
    word.fill(cells[6], found.note or ("签字：" if check.method == "signature" else ""))
    word.fill(cells[7], source(check, checklist))


def _stated(cell: Any, value: str | None) -> None:  # noqa: ANN401 (a docx cell)
    """Write what the source states, or in grey that it has to be filled in."""
    word.fill(cell, stated(value))
    if not value:
        _grey(cell.paragraphs[0])


def _more(cell: Any, text: str) -> None:  # noqa: ANN401 (a docx cell)
    """Add a line of smaller grey text to a cell."""
    from docx.shared import Pt

    paragraph = cell.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.1
    word.write_runs(paragraph, text)
    _grey(paragraph)


def _grey(paragraph: Any) -> None:  # noqa: ANN401 (a docx paragraph)
    from docx.shared import Pt, RGBColor

    for run in paragraph.runs:
        run.font.size = Pt(9)
        run.font.color.rgb = RGBColor(0x59, 0x59, 0x59)


def _boxes(cell: Any, check: Check, found: Outcome) -> None:  # noqa: ANN401 (a docx cell)
    """Write a box to tick for each result on one line, and room for a measured value under it."""
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.1
    for at, result in enumerate(RESULTS, 1):
        paragraph._p.append(_box(f"{check.number}-{at}", ticked=result == found.result))
        run = paragraph.add_run(f"{result} " if at < len(RESULTS) else result)
        run.font.size = Pt(9.5)
    if check.method == "number":
        unit = check.limits.unit if check.limits else ""
        _more(cell, f"实测：{found.value or f'________{unit}'}（{check.limits.words if check.limits else '数值'}）")


def _box(tag: str, *, ticked: bool) -> Any:  # noqa: ANN401 (an lxml element)
    """Return a tick box that Word, WPS and LibreOffice tick at a click: a content control round the sign ☐ or ☒."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    box = chr(0x2612 if ticked else 0x2610)
    sign = '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"/>'
    return parse_xml(
        f'<w:sdt {nsdecls("w")} xmlns:w14="{_W14}"><w:sdtPr><w:tag w:val="{tag}"/><w14:checkbox>'
        f'<w14:checked w14:val="{int(ticked)}"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
        f'<w:sdtContent><w:r><w:rPr>{sign}<w:sz w:val="19"/></w:rPr><w:t>{box}</w:t></w:r></w:sdtContent></w:sdt>'
    )


def _completeness(document: Any, checklist: Checklist) -> None:  # noqa: ANN401 (a docx document)
    if not checklist.completeness and not checklist.notes:
        return
    document.add_heading("完整性", level=2)
    for one in checklist.completeness:
        word.write_runs(document.add_paragraph(), one.words)
    for note in checklist.notes:
        word.write_runs(document.add_paragraph(), f"注：{note}")


def _failures(document: Any) -> None:  # noqa: ANN401 (a docx document)
    document.add_heading("不合格项与整改", level=2)
    made = word.table(document, _FAILED_WIDTHS, _FAILED_HEADS)
    for _ in range(4):
        word.add_row(made, _FAILED_WIDTHS, height=0.9)


def _signatures(document: Any) -> None:  # noqa: ANN401 (a docx document)
    """Write the block to sign, which stays on one page."""
    document.add_heading("签字", level=2)
    widths = (8.7, 8.7, 8.7)
    made = word.table(document, widths)
    cells = word.add_row(made, widths, height=1.9).cells
    for cell, who in zip(cells, ("检查人", "责任人", "复核人"), strict=True):
        word.fill(cell, f"{who}（签字）：\n\n日期：　　　　年　　月　　日")
