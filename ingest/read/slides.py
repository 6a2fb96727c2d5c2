"""Presentations (pptx) as lines: a slide's title is a heading, its bullets items, its tables rows, its notes text.

Knows shapes, groups, tables and diagrams; shapes are read from the top down and from the left. Hidden slides are left
out and named in a warning, slides that are only pictures are reported as needing text recognition.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ingest.read.container import ZIP_ERRORS, opened, refuse_entities
from ingest.read.grid import Slot, lay_out, table_lines
from ingest.read.lines import cell_text, is_closed, item_line, tidy
from ingest.read.ordinals import chinese, counted, letters, roman
from ingest.source import Line, SourceText
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.model import SourceWarning

if TYPE_CHECKING:
    from pptx.shapes.autoshape import Shape
    from pptx.shapes.base import BaseShape
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.shapes.group import GroupShape
    from pptx.slide import Slide
    from pptx.table import Table
    from pptx.text.text import TextFrame, _Paragraph

    from kb.settings import LimitSettings

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = re.compile(rb"<Relationship\s[^>]*/>")
_TARGET = re.compile(rb"Target=\"([^\"]*)\"")
_CLOSING = re.compile(
    r"(?:谢谢|感谢|thanks?|thank you|q\s*&\s*a|the end|完)[\s\W]*(?:大家|聆听|观看|各位|您)*[\s\W]*$", re.IGNORECASE
)
_CONTENTS = re.compile(r"目\s*录|contents|agenda", re.IGNORECASE)
_EMPTY_TITLE = re.compile(r"^(?:powerpoint.*|演示文稿.*|幻灯片.*|slide\s*\d*|无标题.*)$", re.IGNORECASE)
_LONGEST_TITLE = 40
# English Metric Units: shapes whose tops differ by less than 5 mm stand beside each other
_SAME_ROW = 180_000
_DEEPEST_GROUP = 20


def read_slides(path: Path, *, name: str, limits: LimitSettings) -> SourceText:
    """Return a presentation as lines; ``page`` counts slides from 1.

    Raises:
        SourceUnreadable: damaged or protected.
        SourceTooLarge: the container or the number of slides passes the limits.
    """
    from lxml.etree import XMLSyntaxError
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    with opened(path, name=name, limits=limits) as container:
        refuse_entities(container, name=name)
    try:
        slides = list(Presentation(_without_dangling(path) if _has_dangling(path) else str(path)).slides)
        if len(slides) > limits.pages:
            message = f"{name}：有 {len(slides)} 张幻灯片，超过上限 {limits.pages} 张。请拆分，或调大设置 limits.pages"
            raise SourceTooLarge(message)
        deck = _Deck()
        for page, slide in enumerate(slides, start=1):
            deck.add(slide, page)
    except (PythonPptxError, XMLSyntaxError, KeyError, ValueError, AttributeError, TypeError, *ZIP_ERRORS) as error:
        message = f"{name}：演示文稿已损坏，无法读取。请用 PowerPoint 或 WPS 打开后另存为 pptx 再导入"
        raise SourceUnreadable(message) from error
    return SourceText(name, deck.title, tuple(deck.lines), warnings=deck.warnings())


def _has_dangling(path: Path) -> bool:
    """Tell whether relations name parts that are not there, as web exports leave them; python-pptx would not open it."""
    with zipfile.ZipFile(path) as container:
        members = set(container.namelist())
        return any(
            _target(member, found) not in members
            for member in members
            if member.endswith(".rels")
            for found in _RELATION.findall(container.read(member))
            if b"External" not in found
        )


def _target(member: str, relation: bytes) -> str:
    found = _TARGET.search(relation)
    target = found[1].decode("utf-8", "replace") if found else ""
    folder = posixpath.dirname(posixpath.dirname(member))
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _without_dangling(path: Path) -> BytesIO:
    """Return a copy of the package without the relations whose parts are missing."""
    copy = BytesIO()
    with zipfile.ZipFile(path) as container, zipfile.ZipFile(copy, "w") as cleaned:
        members = set(container.namelist())

        def kept(found: re.Match[bytes], member: str) -> bytes:
            there = b"External" in found[0] or _target(member, found[0]) in members
            return found[0] if there else b""

        for member in members:
            content = container.read(member)
            if member.endswith(".rels"):
                content = _RELATION.sub(partial(kept, member=member), content)
            cleaned.writestr(member, content)
    copy.seek(0)
    return copy


class _Deck:
    """The lines of the slides taken so far."""

    def __init__(self) -> None:
        self.title = ""
        self.lines: list[Line] = []
        self._tables = 0
        self._hidden: list[int] = []
        self._pictures: list[int] = []
        self._page = 0

    def warnings(self) -> tuple[SourceWarning, ...]:
        found = []
        if self._pictures:
            pages = "、".join(str(page) for page in self._pictures)
            found.append(
                SourceWarning("needs_ocr", "", f"第{pages}张幻灯片只有图片，没有可读的文字，需要先做文字识别（OCR）")
            )
        if self._hidden:
            pages = "、".join(str(page) for page in self._hidden)
            found.append(SourceWarning("hole", "", f"第{pages}张幻灯片是隐藏的，没有读入，需要时请取消隐藏后再导入"))
        return tuple(found)

    def add(self, slide: Slide, page: int) -> None:
        """Take one slide."""
        if slide._element.get("show") in ("0", "false"):  # python-pptx has no property for it
            self._hidden.append(page)
            return
        self._page = page
        shapes = _in_reading_order(shape for shape in slide.shapes if not _is_furniture(shape))
        heading, rest, opening = self._heading(slide, shapes)
        body: list[Line] = []
        for shape in rest:
            body.extend(self._shape(shape, 0))
        if _CONTENTS.fullmatch(heading) or (_CLOSING.match(heading) and len(body) < 3):
            return
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = [text for text in tidy(slide.notes_slide.notes_text_frame.text).split("\n") if text]
            body.extend(Line(("备注：" if not place else "") + text, page=page) for place, text in enumerate(notes))
        if opening and not self.lines:
            self.title = heading
        elif heading:
            self.lines.append(Line(heading, "heading", 1, page=page))
        self.lines.extend(body)
        if not body and not opening and any(_is_picture(shape) for shape in shapes):
            self._pictures.append(page)

    def _heading(self, slide: Slide, shapes: list[BaseShape]) -> tuple[str, list[BaseShape], bool]:
        """Return a slide's title, the other shapes, and whether it opens the presentation."""
        from pptx.enum.shapes import PP_PLACEHOLDER

        title = slide.shapes.title  # its first placeholder of a title's kind, if any
        text = _one_line(title.text_frame.text) if title is not None and title.has_text_frame else ""
        if title is not None and text:
            centred = title.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE
            rest = [shape for shape in shapes if shape.shape_id != title.shape_id]
            return text, rest, (centred or self._page == 1) and not any(_has_body(shape) for shape in rest)
        for shape in shapes:
            if shape.has_text_frame and _frame(shape).text.strip():
                text = _one_line(_frame(shape).text)
                alone = len([one for one in shapes if _has_body(one)]) == 1
                if len(text) <= _LONGEST_TITLE and not is_closed(text) and (not alone or self._page == 1):
                    rest = [one for one in shapes if one is not shape]
                    return text, rest, self._page == 1 and not any(_has_body(one) for one in rest)
                break
        return "", shapes, False

    def _shape(self, shape: BaseShape, deep: int) -> Iterator[Line]:
        from pptx.enum.shapes import MSO_SHAPE_TYPE

        if shape.shape_type == MSO_SHAPE_TYPE.GROUP and deep < _DEEPEST_GROUP:
            for inner in _in_reading_order(cast("GroupShape", shape).shapes):
                yield from self._shape(inner, deep + 1)
        elif getattr(shape, "has_table", False) and shape.has_table:
            found = table_lines(
                lay_out(_table_slots(cast("GraphicFrame", shape).table)), table=self._tables + 1, page=self._page
            )
            self._tables += any(line.kind == "row" for line in found)
            yield from found
        elif shape.has_text_frame:
            yield from _frame_lines(shape, self._page)
        else:
            yield from _diagram_lines(shape, self._page)


def _frame(shape: BaseShape) -> TextFrame:
    return cast("TextFrame", cast("Shape", shape).text_frame)


def _one_line(text: str) -> str:
    return " ".join(tidy(text).split("\n"))


def _in_reading_order(shapes: Iterable[BaseShape]) -> list[BaseShape]:
    """Return shapes from the top down; those that start at about one height from the left."""
    placed = sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0))
    rows: list[list[BaseShape]] = []
    for shape in placed:
        if rows and (shape.top or 0) - (rows[-1][0].top or 0) < _SAME_ROW:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [shape for row in rows for shape in sorted(row, key=lambda one: one.left or 0)]


def _is_furniture(shape: BaseShape) -> bool:
    """Tell whether a shape is the slide's number, date or footer."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    furniture = (PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER)
    return bool(shape.is_placeholder and shape.placeholder_format.type in furniture)


def _is_picture(shape: BaseShape) -> bool:
    return any(True for _ in shape._element.iter(f"{_DRAWING}blip"))


def _has_body(shape: BaseShape) -> bool:
    from pptx.enum.shapes import PP_PLACEHOLDER

    if shape.is_placeholder and shape.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE:
        return False
    if shape.has_text_frame:
        return bool(_frame(shape).text.strip())
    return bool(getattr(shape, "has_table", False)) or (shape.shape_type is not None and not _is_picture(shape))


def _frame_lines(shape: BaseShape, page: int) -> Iterator[Line]:
    from pptx.enum.shapes import PP_PLACEHOLDER

    bulleted = shape.is_placeholder and shape.placeholder_format.type in (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
    paragraphs = [paragraph for paragraph in _frame(shape).paragraphs if paragraph.text.strip()]
    counters: Counter[int] = Counter()
    for paragraph in paragraphs:
        level = paragraph.level
        for deeper in [key for key in counters if key > level]:
            del counters[deeper]
        ordinal = _bullet(paragraph, counters, bulleted=bulleted and len(paragraphs) > 1)
        first, *more = tidy(paragraph.text).split("\n")
        if ordinal:
            yield item_line(first, level=level, ordinal=ordinal, page=page)
        elif first:
            yield Line(first, page=page)
        for text in more:
            yield Line(text, page=page)


def _bullet(paragraph: _Paragraph, counters: Counter[int], *, bulleted: bool) -> str:
    """Return the printed bullet or number of a paragraph, counting numbers on."""
    properties = paragraph._p.pPr
    level = paragraph.level
    if properties is not None:
        numbered = properties.find(f"{_DRAWING}buAutoNum")
        if numbered is not None:
            start = int(numbered.get("startAt") or 1)
            counters[level] = counters[level] + 1 if level in counters else start
            return _auto_number(counters[level], numbered.get("type") or "arabicPeriod")
        counters.pop(level, None)
        if properties.find(f"{_DRAWING}buNone") is not None:
            return ""
        if properties.find(f"{_DRAWING}buChar") is not None or properties.find(f"{_DRAWING}buBlip") is not None:
            return "-"
    counters.pop(level, None)
    return "-" if bulleted else ""


def _auto_number(number: int, kind: str) -> str:
    """Return a number in one of DrawingML's schemes (ECMA-376 20.1.10.61), as printed."""
    if kind.startswith("circleNum"):
        return counted(number, "decimalEnclosedCircle")
    if kind.startswith(("ea1Chs", "ea1Cht", "ea1Jpn")):
        return chinese(number) + ("、" if kind.endswith("Period") else "")
    shown = str(number)
    if kind.startswith("alpha"):
        shown = letters(number, upper="Uc" in kind)
    elif kind.startswith("roman"):
        shown = roman(number, upper="Uc" in kind)
    if kind.endswith("ParenBoth"):
        return f"({shown})"
    return shown + (")" if kind.endswith("ParenR") else "" if kind.endswith("Plain") else ".")


def _table_slots(table: Table) -> Iterator[list[Slot]]:
    for row in table.rows:
        yield [
            Slot(cell_text([cell.text_frame.text]), cell.span_height, cell.span_width)
            for cell in row.cells
            if not cell.is_spanned
        ]


def _diagram_lines(shape: BaseShape, page: int) -> Iterator[Line]:
    """Give the texts of a SmartArt diagram, which lie in a part of their own, in its order."""
    from lxml import etree

    for link in shape._element.iter(f"{_DIAGRAM}relIds"):
        part_id = link.get(f"{_RELATIONS}dm")
        if part_id not in shape.part.rels:
            continue
        root = etree.fromstring(shape.part.related_part(part_id).blob, etree.XMLParser(resolve_entities=False))
        for point in root.iter(f"{_DIAGRAM}pt"):
            paragraphs = [
                "".join(part.text or "" for part in one.iter(f"{_DRAWING}t")) for one in point.iter(f"{_DRAWING}p")
            ]
            text = cell_text(paragraphs)
            if text and not _EMPTY_TITLE.match(text):
                yield item_line(text, level=0, ordinal="-", page=page)
