"""Word files as Chinese companies make them: house fonts, indented paragraphs, page header, numbers of both kinds.

Knows python-docx and the elements it has no words for (numbering, fields, East Asian fonts).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run
from sample_files.source import Heading, Item, Paragraph, Source, Table

COMPANY = "安禾生活服务有限公司"
MADE = datetime(2025, 3, 1, 9, 0, 0)
_HEADING_SIZES = {1: 22, 2: 16, 3: 14, 4: 12}


@dataclass(frozen=True, slots=True)
class Look:
    """What differs between the Word files."""

    styles: bool = True  # heading styles, or plain bold paragraphs
    automatic_headings: bool = False  # 1, 1.1 by numbering.xml, not typed
    automatic_items: bool = False  # list numbers by numbering.xml, not typed
    cover: tuple[str, ...] = ()  # lines of a cover page
    contents: dict[str, int] | None = None  # a table of contents with these pages
    song: str = "宋体"  # body
    hei: str = "黑体"  # headings


class _Writer:
    """One Word file being written."""

    def __init__(self, source: Source, look: Look) -> None:
        self.document = Document()
        self._source = source
        self._look = look
        self._lists: dict[str, int] = {}
        self._restart = 0
        self._page()
        self._styles()
        if look.automatic_headings or look.automatic_items:
            self._definitions()

    def write(self) -> None:
        if self._look.cover:
            self._cover()
        else:
            self._title()
        if self._look.contents is not None:
            self._contents(self._look.contents)
        for block in self._source.blocks:
            if isinstance(block, Heading):
                self._heading(block)
            elif isinstance(block, Item):
                self._item(block)
            elif isinstance(block, Table):
                self._table(block)
            else:
                self._paragraph(block)

    # page and styles

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.8)
        section.top_margin = section.bottom_margin = Cm(2.5)
        header = section.header.paragraphs[0]
        header.text = f"{COMPANY}\t\t{self._source.title}"
        for run in header.runs:
            _font(run, self._look.song, 9)
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for text, field in (("第 ", "PAGE"), (" 页", "")):
            _font(footer.add_run(text), self._look.song, 9)
            if field:
                _field(footer, field, "1")

    def _styles(self) -> None:
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = _latin(self._look.song), Pt(12)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), self._look.song)
        normal.paragraph_format.line_spacing = 1.5
        normal.paragraph_format.space_after = Pt(0)
        for level, size in _HEADING_SIZES.items():
            style = self.document.styles["Title" if level == 1 else f"Heading {level - 1}"]
            style.font.name, style.font.size, style.font.bold = _latin(self._look.hei), Pt(size), level < 4
            style.font.color.rgb = RGBColor(0, 0, 0)
            fonts = style.element.rPr.rFonts
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:eastAsia"), self._look.hei)
            style.paragraph_format.space_before = Pt(12 if level < 4 else 6)
            style.paragraph_format.space_after = Pt(6)
            style.paragraph_format.keep_with_next = True
            for border in style.element.pPr.findall(qn("w:pBdr")):
                style.element.pPr.remove(border)
        self.document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _definitions(self) -> None:
        """Put three lists into numbering.xml: headings 1/1.1/1.1.1, items 1., bullets."""
        numbering = self.document.part.numbering_part.element
        first = numbering.find(qn("w:num"))
        definitions = {
            "90": [
                ("decimal", ".".join(f"%{n}" for n in range(1, level + 2)), 0, f"Heading{level + 1}")
                for level in range(3)
            ],
            "91": [("decimal", "%1.", 480, ""), ("bullet", "●", 960, "")],
            "92": [("bullet", "●", 480, ""), ("bullet", "○", 960, "")],
        }
        for number, levels in definitions.items():
            xml = "".join(
                f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
                + (f'<w:pStyle w:val="{style}"/>' if style else "")
                + f'<w:suff w:val="space"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
                f'<w:pPr><w:ind w:left="{indent}" w:hanging="{min(indent, 360)}"/></w:pPr></w:lvl>'
                for place, (kind, text, indent, style) in enumerate(levels)
            )
            name = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
            first.addprevious(parse_xml(f'{name}<w:multiLevelType w:val="multilevel"/>{xml}</w:abstractNum>'))
        if self._look.automatic_headings:
            number = self._list("90")
            for level in range(3):
                properties = self.document.styles[f"Heading {level + 1}"].element.get_or_add_pPr()
                properties.insert(0, _numbered(number, level))

    def _list(self, abstract: str, *, restart: bool = False) -> int:
        """Return a list of a definition; one that restarts is new."""
        numbering = self.document.part.numbering_part.element
        number = max(int(num.get(qn("w:numId"))) for num in numbering.findall(qn("w:num"))) + 1
        override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if restart else ""
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{override}</w:num>'
            )
        )
        return number

    # blocks

    def _cover(self) -> None:
        for _ in range(6):
            self.document.add_paragraph()
        company, *rest = self._look.cover
        self._centred(company, 18, self._look.hei)
        self.document.add_paragraph()
        self.document.add_paragraph(self._source.title, style="Title")
        for _ in range(10):
            self.document.add_paragraph()
        for text in rest:
            self._centred(text, 14, self._look.song)
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _centred(self, text: str, size: float, font: str) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _font(paragraph.add_run(text), font, size)

    def _title(self) -> None:
        if self._look.styles:
            self.document.add_paragraph(self._source.title, style="Title")
        else:
            paragraph = self.document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _font(paragraph.add_run(self._source.title), self._look.hei, 22, bold=True)

    def _contents(self, pages: dict[str, int]) -> None:
        """Write a table of contents as Word leaves it: a field with its last result, titles, dots and pages."""
        heading = self.document.add_paragraph()
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _font(heading.add_run("目  录"), self._look.hei, 16, bold=True)
        entries = [block for block in self._source.blocks if isinstance(block, Heading) and block.level <= 3]
        for place, block in enumerate(entries):
            style = f"toc {block.level - 1}"
            if style not in [known.name for known in self.document.styles]:
                self._contents_style(style, block.level - 2)
            paragraph = self.document.add_paragraph(style=style)
            if place == 0:
                _field_begin(paragraph, 'TOC \\o "1-2" \\h \\z \\u')
            paragraph.add_run(f"{block.text}\t{pages.get(block.text, 1)}")
            if place == len(entries) - 1:
                _field_char(paragraph, "end")
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _contents_style(self, name: str, depth: int) -> None:
        style = self.document.styles.add_style(name, 1)
        style.base_style = self.document.styles["Normal"]
        style.paragraph_format.left_indent = Cm(0.75 * depth)
        tabs = parse_xml(f'<w:tabs {nsdecls("w")}><w:tab w:val="right" w:leader="dot" w:pos="8730"/></w:tabs>')
        style.element.get_or_add_pPr().append(tabs)

    def _heading(self, block: Heading) -> None:
        self._restart += 1
        if self._look.styles:
            self.document.add_paragraph(block.text, style=f"Heading {block.level - 1}")
        else:
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(6)
            _font(paragraph.add_run(block.text), self._look.song, 12, bold=block.level == 2)

    def _paragraph(self, block: Paragraph) -> None:
        self._restart += 1
        paragraph = self.document.add_paragraph(block.text)
        paragraph.paragraph_format.first_line_indent = Pt(24)
        if block.nested:
            paragraph.paragraph_format.left_indent = Pt(24)

    def _item(self, block: Item) -> None:
        if not self._look.automatic_items:
            mark = block.ordinal
            if mark == "-":
                mark = "" if block.text.startswith("步骤") else "·"
            paragraph = self.document.add_paragraph(f"{mark} {block.text}".strip())
            paragraph.paragraph_format.left_indent = Pt(24 + 24 * block.level)
            return
        kind = "bullet" if block.ordinal == "-" and block.level == 0 else "number"
        if block.level == 0 and (kind not in self._lists or block.ordinal == "1."):
            self._lists[kind] = self._list("92" if kind == "bullet" else "91", restart=kind == "number")
        paragraph = self.document.add_paragraph(block.text)
        properties = paragraph._p.get_or_add_pPr()
        properties.append(_numbered(self._lists.get("number" if block.level else kind, 1), block.level))

    def _table(self, block: Table) -> None:
        self._restart += 1
        if block.caption:
            paragraph = self.document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_before = Pt(6)
            paragraph.paragraph_format.keep_with_next = True
            _font(paragraph.add_run(block.caption), self._look.hei, 10.5)
        rows = [block.header, *block.rows] if block.header else block.rows
        if not rows:
            return
        table = self.document.add_table(len(rows), len(rows[0]), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        widths = _widths(rows, 15.4)
        for column, width in enumerate(widths):
            table.columns[column].width = Cm(width)
        for place, cells in enumerate(rows):
            head = bool(block.header) and place == 0
            for column, text in enumerate(cells):
                cell = table.cell(place, column)
                cell.width = Cm(widths[column])
                label = not block.header and column == 0
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.line_spacing = 1.15
                if head:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                _font(paragraph.add_run(text), self._look.song, 10.5, bold=head or label)
                if head or label:
                    cell._tc.get_or_add_tcPr().append(
                        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="E7E6E6"/>')
                    )
            if head:
                table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        self.document.add_paragraph().paragraph_format.line_spacing = 0.7


def write_word(source: Source, path: Path, look: Look) -> None:
    """Write a document as docx."""
    writer = _Writer(source, look)
    writer.write()
    properties = writer.document.core_properties
    properties.title, properties.author = source.title, COMPANY
    properties.created = properties.modified = MADE
    properties.revision, properties.last_modified_by, properties.comments = 1, COMPANY, ""
    writer.document.save(str(path))


def _latin(name: str) -> str:
    """Return the font of Latin letters that goes with a Chinese one."""
    return {"宋体": "Times New Roman", "黑体": "Arial"}.get(name, name)


def _font(run: Run, name: str, size: float, *, bold: bool = False) -> None:
    run.font.size, run.font.bold = Pt(size), bold or None
    run.font.name = _latin(name)
    run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), name)


def _numbered(number: int, level: int) -> BaseOxmlElement:
    return parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def _field_char(paragraph: WordParagraph, kind: str) -> None:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(element)


def _field_begin(paragraph: WordParagraph, instruction: str) -> None:
    _field_char(paragraph, "begin")
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    paragraph.add_run()._r.append(code)
    _field_char(paragraph, "separate")


def _field(paragraph: WordParagraph, instruction: str, result: str) -> None:
    _field_begin(paragraph, instruction)
    _font(paragraph.add_run(result), "宋体", 9)
    _field_char(paragraph, "end")


def _widths(rows: list[list[str]], total: float) -> list[float]:
    """Return column widths in centimetres, by the length of what stands in them, none too narrow."""
    longest = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    weights = [min(max(length, 4), 26) for length in longest]
    return [total * weight / sum(weights) for weight in weights]
