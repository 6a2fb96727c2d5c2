"""The parts of a Word document that every export needs: A4 and fonts for Chinese, header, page numbers, ruled tables.

Knows python-docx and what Word makes of it. Knows nothing of what is written.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from assistant.output import clean as clean

SERIF, SANS = "宋体", "黑体"
# What may stand after an element where Word's schema prescribes an order; out of order, Word calls a file damaged
_AFTER = {
    "w:pgNumType": ("w:cols", "w:titlePg", "w:textDirection", "w:bidi", "w:docGrid"),
    "w:pBdr": ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr"),
    "w:shd": ("w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark"),
    "w:tblCellMar": ("w:tblLook",),
}


def new_document(title: str, *, size: float = 10.5, landscape: bool = False) -> Any:  # noqa: ANN401 (a docx document)
    """Return an empty A4 document; ``size`` of its text in points."""
    from docx import Document
    from docx.shared import Pt

    document = Document()
    normal = document.styles["Normal"]
    _fonts(normal, SERIF)
    normal.font.size = Pt(size)
    normal.paragraph_format.space_after = Pt(3)
    normal.paragraph_format.line_spacing = 1.3
    for name, points in (("Title", 18), ("Heading 1", 13), ("Heading 2", 11.5), ("Heading 3", 10.5)):
        style = document.styles[name]
        _fonts(style, SANS)
        style.font.size = Pt(points)
        style.font.bold = True
        _black(style)
    _chinese(document)
    document.core_properties.title = clean(title)[:250]
    document.core_properties.author = "手册助手"
    document.core_properties.comments = ""
    paper(document.sections[0], landscape=landscape)
    return document


def paper(section: Any, *, landscape: bool = False) -> None:  # noqa: ANN401 (a docx section)
    """Make a section A4 with margins that a printer keeps."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    width, height = (29.7, 21.0) if landscape else (21.0, 29.7)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(1.8 if landscape else 2.2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.0)
    section.header_distance = section.footer_distance = Cm(1.1)


def next_part(document: Any) -> Any:  # noqa: ANN401 (a docx section)
    """Begin a part on a new page with a header and page numbers of its own, and return its section."""
    from docx.enum.section import WD_SECTION
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.header.is_linked_to_previous = False
    section.footer.is_linked_to_previous = False
    properties = section._sectPr
    for kept in properties.findall(qn("w:pgNumType")):  # a new section is a copy of the one before it
        properties.remove(kept)
    numbers = OxmlElement("w:pgNumType")
    numbers.set(qn("w:start"), "1")
    properties.insert_element_before(numbers, *_AFTER["w:pgNumType"])
    return section


def running_heads(section: Any, head: str, foot: str, *, total: bool = False) -> None:  # noqa: ANN401 (a docx section)
    """Write the header line and a footer ``foot · 第 1 页``, with ``共 N 页`` where the whole document is one part."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    above, below = section.header.paragraphs[0], section.footer.paragraphs[0]
    for paragraph in (above, below):
        paragraph.text = ""
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _small(above.add_run(clean(head)))
    underline(above)
    _small(below.add_run(f"{clean(foot)}　·　第 " if foot else "第 "))
    field(below, "PAGE")
    _small(below.add_run(" 页"))
    if total:
        _small(below.add_run(" 共 "))
        field(below, "NUMPAGES")
        _small(below.add_run(" 页"))


def field(paragraph: Any, instruction: str) -> None:  # noqa: ANN401 (a docx paragraph)
    """Add a field that Word computes: PAGE, NUMPAGES."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("value", "1"), ("end", "")):
        if kind in {"begin", "separate", "end"}:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:t" if kind == "value" else "w:instrText")
            element.text = text
        run = paragraph.add_run()
        _small(run)
        run._r.append(element)


def underline(paragraph: Any) -> None:  # noqa: ANN401 (a docx paragraph)
    """Draw a thin rule under a paragraph."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", "808080")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER["w:pBdr"])


def write_runs(paragraph: Any, text: str, *, bold: bool = False) -> None:  # noqa: ANN401 (a docx paragraph)
    """Add text, its line ends as breaks and its tabs as tabs."""
    run = paragraph.add_run(clean(text))
    if bold:
        run.bold = True


def ruled_line(document: Any, width: float, *, last: bool = True) -> None:  # noqa: ANN401 (a docx document)
    """Add a line of ``width`` centimetres to write on; borders would merge with those of the next line."""
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Cm, Pt

    line = document.add_paragraph()
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(8), Pt(0)
    line.paragraph_format.tab_stops.add_tab_stop(Cm(width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    line.paragraph_format.keep_with_next = not last
    line.add_run("\t")


def table(
    document: Any,  # noqa: ANN401 (a docx document)
    widths: Sequence[float],
    heads: Sequence[str] = (),
) -> Any:  # noqa: ANN401 (a docx table)
    """Return a ruled table with columns of ``widths`` centimetres; its head row is repeated on every page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    made = document.add_table(rows=1 if heads else 0, cols=len(widths))
    made.style = "Table Grid"
    made.autofit = False
    _cell_margins(made)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    if heads:
        for place, head in enumerate(heads):
            fill(made.rows[0].cells[place], head, bold=True, centred=True, shade="E7EEF5")
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        made.rows[0]._tr.get_or_add_trPr().append(repeated)
        _whole(made.rows[0])
        _set_widths(made.rows[0], widths)
    return made


def add_row(made: Any, widths: Sequence[float], *, height: float = 0) -> Any:  # noqa: ANN401 (docx table and row)
    """Add a row that is not broken over two pages, at least ``height`` centimetres high."""
    from docx.shared import Cm

    row = made.add_row()
    if height:
        row.height = Cm(height)
    else:
        _whole(row)
    _set_widths(row, widths)
    return row


def fill(
    cell: Any,  # noqa: ANN401 (a docx cell)
    text: str,
    *,
    bold: bool = False,
    centred: bool = False,
    shade: str = "",
) -> None:
    """Write a cell's text, a paragraph a line."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER if centred else WD_CELL_VERTICAL_ALIGNMENT.TOP
    for at, line in enumerate(clean(text).split("\n")):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1.15
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
        run = paragraph.add_run(line)
        run.font.size = Pt(9.5)
        run.bold = bold or None
    if shade:
        shading = OxmlElement("w:shd")
        for key, value in (("val", "clear"), ("color", "auto"), ("fill", shade)):
            shading.set(qn(f"w:{key}"), value)
        cell._tc.get_or_add_tcPr().insert_element_before(shading, *_AFTER["w:shd"])


def saved(document: Any) -> bytes:  # noqa: ANN401 (a docx document)
    """Return the document's file."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _fonts(style: Any, name: str) -> None:  # noqa: ANN401 (a docx style)
    from docx.oxml.ns import qn

    style.font.name = "Times New Roman" if name == SERIF else "Arial"
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in [key for key in fonts.attrib if key.endswith("Theme")]:
        del fonts.attrib[key]
    fonts.set(qn("w:eastAsia"), name)


def _chinese(document: Any) -> None:  # noqa: ANN401 (a docx document)
    """Say that Han characters are Chinese, so that no Japanese or Taiwanese forms of them are shown."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    language.set(qn("w:eastAsia"), "zh-CN")


def _black(style: Any) -> None:  # noqa: ANN401 (a docx style)
    """Take the template's blue and its rule from a heading."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(10), Pt(4)
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _small(run: Any) -> None:  # noqa: ANN401 (a docx run)
    from docx.shared import Pt, RGBColor

    run.font.size = Pt(9)
    run.font.color.rgb = RGBColor(0x59, 0x59, 0x59)


def _whole(row: Any) -> None:  # noqa: ANN401 (a docx row)
    """Keep a row on one page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _cell_margins(made: Any) -> None:  # noqa: ANN401 (a docx table)
    """Give text some room between the rules, in twentieths of a point."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 40), ("left", 85), ("bottom", 40), ("right", 85)):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(width))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    made._tbl.tblPr.insert_element_before(margins, *_AFTER["w:tblCellMar"])


def _set_widths(row: Any, widths: Sequence[float]) -> None:  # noqa: ANN401 (a docx row)
    """Write the widths into the cells as well: Word reads them there, LibreOffice in the columns."""
    from docx.shared import Cm

    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Cm(width)
