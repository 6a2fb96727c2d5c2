"""A slide deck as a training department makes it: title slide, a slide a topic, bullets, numbered steps, tables.

Knows python-pptx.
"""

from __future__ import annotations

from pathlib import Path

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Cm, Emu, Pt
from sample_files.source import Heading, Item, Paragraph, Source, Table
from sample_files.word import COMPANY, MADE

_WIDTH, _HEIGHT = Cm(33.867), Cm(19.05)
_GREEN = RGBColor(0x1F, 0x6F, 0x54)
_FONT = "微软雅黑"


def write_slides(source: Source, path: Path, *, subtitle: str) -> None:
    """Write a document as pptx: each second-level heading one slide."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    opening = deck.slides.add_slide(deck.slide_layouts[0])
    opening.shapes.title.text = source.title
    opening.placeholders[1].text = subtitle
    _place(opening.shapes.title, 3, 6, 27.8, 3)
    _place(opening.placeholders[1], 3, 10, 27.8, 3)
    _style(opening.shapes.title.text_frame, 40, bold=True)
    _style(opening.placeholders[1].text_frame, 20)
    topic: str = ""
    blocks: list[Item | Paragraph | Table] = []
    for block in [*source.blocks, Heading(2, "")]:
        if isinstance(block, Heading):
            if topic:
                _slide(deck, topic, blocks)
            topic, blocks = block.text, []
        else:
            blocks.append(block)
    properties = deck.core_properties
    properties.title, properties.author, properties.last_modified_by = source.title, COMPANY, COMPANY
    properties.created = properties.modified = MADE
    deck.save(str(path))


def _slide(deck: Deck, title: str, blocks: list[Item | Paragraph | Table]) -> None:
    tables = [block for block in blocks if isinstance(block, Table)]
    texts = [block for block in blocks if not isinstance(block, Table)]
    slide = deck.slides.add_slide(deck.slide_layouts[1 if texts else 5])
    slide.shapes.title.text = title
    _place(slide.shapes.title, 1.5, 0.8, 30.8, 2)
    _style(slide.shapes.title.text_frame, 30, bold=True, colour=_GREEN)
    if texts:
        body = slide.placeholders[1]
        _place(body, 1.5, 3.4, 30.8, 7.5 if tables else 14.6)
        _fill(body.text_frame, texts)
    for table in tables:
        _table(slide, table, top=11.5 if texts else 3.6)


def _fill(frame: TextFrame, texts: list[Item | Paragraph]) -> None:
    length = sum(len(block.text) for block in texts)
    size = 24 if length < 150 else 20 if length < 300 else 18
    for place, block in enumerate(texts):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text = block.text
        properties = paragraph._p.get_or_add_pPr()
        if isinstance(block, Item):
            paragraph.level = block.level
            if block.ordinal != "-":
                number = properties.makeelement(qn("a:buFont"), {"typeface": "+mj-lt"})
                properties.append(number)
                properties.append(properties.makeelement(qn("a:buAutoNum"), {"type": "arabicPeriod"}))
                properties.set("marL", "457200")
                properties.set("indent", "-457200")
        else:
            properties.append(properties.makeelement(qn("a:buNone"), {}))
    _style(frame, size)


def _table(slide: Slide, block: Table, *, top: float) -> None:
    rows = [block.header, *block.rows]
    shape = slide.shapes.add_table(len(rows), len(rows[0]), Cm(1.5), Cm(top), Cm(30.8), Cm(1.3 * len(rows)))
    longest = [min(max(len(row[column]) for row in rows), 24) + 3 for column in range(len(rows[0]))]
    for column, weight in enumerate(longest):
        shape.table.columns[column].width = Emu(int(Cm(30.8) * weight / sum(longest)))
    for place, cells in enumerate(rows):
        for column, text in enumerate(cells):
            cell = shape.table.cell(place, column)
            cell.text = text
            _style(cell.text_frame, 16, bold=place == 0)
            if place == 0:
                cell.fill.solid()
                cell.fill.fore_color.rgb = _GREEN


def _place(shape: BaseShape, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = Cm(left), Cm(top), Cm(width), Cm(height)


def _style(frame: TextFrame, size: float, *, bold: bool = False, colour: RGBColor | None = None) -> None:
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(size), bold, _FONT
            fonts = run._r.get_or_add_rPr()
            fonts.append(fonts.makeelement(qn("a:ea"), {"typeface": _FONT}))
            if colour is not None:
                run.font.color.rgb = colour
