"""Word files (docx, docm, dotx) as lines: headings by style or outline level, printed numbers, tables in their place.

Knows the main part of the file and its styles, numbering and notes; headers, footers, comments, deleted text, hidden
text and tables of contents are left out. Paragraphs without heading style stay ``text``, also where their automatic
number looks like a heading's (``一、``, ``1.1``): it is printed before the words, as in a file typed by hand.

Read with lxml from the zip itself, not with python-docx: numbering, notes, text boxes and tracked changes need the
raw elements anyway, a body read in a stream costs a tenth of the memory, and files whose relations point nowhere
(common after WPS and web exports) still open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.read.container import ZIP_ERRORS, opened, refuse_entities
from ingest.read.grid import Slot, lay_out, table_lines
from ingest.read.lines import cell_text, is_closed, item_line, take_title, tidy
from ingest.read.word_package import WordPackage
from ingest.read.word_styles import Style, child, is_on, local, number, paragraph_style, value
from ingest.read.word_text import Gathered, Runs
from ingest.source import Line, SourceText
from kb.errors import SourceUnreadable
from kb.model import SourceWarning

if TYPE_CHECKING:
    from lxml.etree import _Element

    from kb.settings import LimitSettings

# automatic numbers that in Chinese documents count headings or clauses, not items
_OUTLINE_NUMBER = re.compile(
    r"第.+[章节条编篇部分款]$|[一二三四五六七八九十百]+、$|[（(][一二三四五六七八九十百]+[）)]$|\d+(?:\.\d+)+\.?$"
)
_CONTENTS_LINE = re.compile(r"(?:\t|\.{3,}|…{1,}|\s)\s*[\dⅠ-Ⅻivx]+$")
_CONTENTS_TITLE = re.compile(r"目\s*[录錄]|contents", re.IGNORECASE)
# heading styles on whole paragraphs are a slip of the author
_LONGEST_HEADING = 100
_LONGEST_TITLE = 40
# half-points: 15 pt, the smallest size of a title in Chinese templates (小三)
_TITLE_SIZE = 30
# twentieths of a point; less is no deeper level
_INDENT_STEP = 150


def read_word(path: Path, *, name: str, limits: LimitSettings) -> SourceText:
    """Return a Word file as lines.

    Raises:
        SourceUnreadable: damaged, protected or without a main part.
        SourceTooLarge: the container passes the limits.
    """
    from lxml import etree

    with opened(path, name=name, limits=limits) as container:
        refuse_entities(container, name=name)
        try:
            package = WordPackage(container)
            walker = _Walker(package)
            with container.open(package.main) as stream:
                for element in _blocks(stream):
                    walker.block(element)
        except (KeyError, ValueError, etree.XMLSyntaxError, *ZIP_ERRORS) as error:
            message = f"{name}：Word 文件已损坏，无法读取。请用 Word 或 WPS 打开后另存为 docx 再导入"
            raise SourceUnreadable(message) from error
        title, lines = walker.titled(package.declared_title(), name)
    if lines or title or not walker.runs.pictures:
        return SourceText(name, title, tuple(lines))
    message = f"文件里只有图片（{walker.runs.pictures} 张），没有可读的文字，需要先做文字识别（OCR）"
    return SourceText(name, title, (), warnings=(SourceWarning("needs_ocr", "", message),))


def _blocks(stream: object) -> Iterator[_Element]:
    """Give the children of the body one after the other, each freed once the next is asked for."""
    from lxml import etree

    tags = ("{*}p", "{*}tbl", "{*}sdt", "{*}customXml")
    for _, element in etree.iterparse(
        stream, events=("end",), tag=tags, resolve_entities=False, no_network=True, huge_tree=True
    ):  # fmt: skip
        parent = element.getparent()
        if parent is not None and local(parent.tag) == "body":
            yield element
            element.clear()
            while element.getprevious() is not None:
                del parent[0]


@dataclass(frozen=True, slots=True)
class _Lead:
    """A centred line before the first heading, item or table: the title, perhaps."""

    index: int
    size: int
    bold: bool


class _Walker:
    """One pass over the body in order, with the state that reaches over paragraphs: fields, counters, open lists."""

    def __init__(self, package: WordPackage) -> None:
        self.lines: list[Line] = []
        self.runs = Runs(package.styles, package.notes)
        self._package = package
        self._title = ""
        self._tables = 0
        self._open_lists: list[tuple[str, int, int]] = []
        self._interrupted = False
        self._leads: list[_Lead] = []
        self._leading = True

    def titled(self, declared: str, name: str) -> tuple[str, list[Line]]:
        """Return the title and the lines without it: title style, else a large centred first line, else a lone h1."""
        if self._title:
            return self._title, self.lines
        large = [lead for lead in self._leads if lead.bold or lead.size >= _TITLE_SIZE]
        if large:
            best = max(large, key=lambda lead: (lead.size, -lead.index)).index
            return self.lines[best].text, self.lines[:best] + self.lines[best + 1 :]
        known = declared and (declared in name or any(line.text == declared for line in self.lines[:10]))
        return take_title(declared if known else "", self.lines, deeper=True)

    def block(self, element: _Element) -> None:
        """Take a paragraph, a table or a container of them."""
        kind = local(element.tag)
        if kind == "p":
            self._paragraph(element)
        elif kind == "tbl":
            self._table(element)
        elif kind == "sdt":
            gallery = child(element, "sdtPr", "docPartObj", "docPartGallery")
            if (value(gallery) or "").lower() != "table of contents":
                self._children(child(element, "sdtContent"))
            else:
                self._drop_contents_title()
        elif kind in ("customXml", "ins", "moveTo"):
            self._children(element)

    def _children(self, element: _Element | None) -> None:
        for inner in element if element is not None else ():
            self.block(inner)

    # paragraphs

    def _paragraph(self, element: _Element) -> None:
        style, style_id = self._style(element)
        in_contents = self.runs.in_contents
        gathered = self.runs.gather(element, style)
        raw = "".join(gathered.words)
        text, ordinal = tidy(raw), self._ordinal(style, style_id)
        in_contents = in_contents or self.runs.in_contents
        if style.is_contents or (in_contents and not style.outline and _CONTENTS_LINE.search(raw)):
            self._drop_contents_title()
        elif text:
            self._say(text, ordinal, style, gathered)
        for box in gathered.boxes:
            self._children(box)

    def _style(self, paragraph: _Element) -> tuple[Style, str]:
        properties, styles = child(paragraph, "pPr"), self._package.styles
        style_id = value(child(properties, "pStyle")) or ""
        return paragraph_style(properties, styles.get(style_id, styles[""])), style_id

    def _drop_contents_title(self) -> None:
        if self.lines and _CONTENTS_TITLE.fullmatch(self.lines[-1].text):
            self.lines.pop()
            self._leads = [lead for lead in self._leads if lead.index < len(self.lines)]

    def _say(self, text: str, ordinal: str, style: Style, gathered: Gathered) -> None:
        if style.is_title and not self._title and len(text) <= _LONGEST_HEADING and not self._has_body():
            self._title = " ".join(text.split("\n"))
            return
        level = style.outline or (1 if style.is_title else 0)
        if level and len(text) <= _LONGEST_HEADING:
            self._open_lists.clear()
            self._leading = False
            self.lines.append(Line(" ".join(text.split("\n")), "heading", level, ordinal))
            return
        outlined = _OUTLINE_NUMBER.match(ordinal) or self._package.numbering.numbers_headings(style.list_id)
        first, *more = text.split("\n")
        if ordinal and not outlined:
            self._leading = False
            self.lines.append(item_line(first, level=self._depth(style, ordinal), ordinal=ordinal))
        else:
            self._lead(style, gathered, text)
            self._interrupted = True
            parted = " " if ordinal and (ordinal[-1].isalnum() or ordinal[-1] == ".") else ""
            self.lines.append(Line(f"{'' if ordinal == '-' else ordinal}{parted}{first}"))
        self.lines.extend(Line(line) for line in more if line)

    def _has_body(self) -> bool:
        return any(line.kind != "text" or is_closed(line.text) for line in self.lines)

    def _lead(self, style: Style, gathered: Gathered, text: str) -> None:
        if self._leading and style.centred and len(text) <= _LONGEST_TITLE and "\n" not in text and not is_closed(text):
            self._leads.append(_Lead(len(self.lines), gathered.size, gathered.bold))
        elif not style.centred:
            self._leading = False

    def _ordinal(self, style: Style, style_id: str) -> str:
        numbering = self._package.numbering
        if not numbering.knows(style.list_id):
            return ""
        return numbering.ordinal(style.list_id, self._list_level(style, style_id))

    def _list_level(self, style: Style, style_id: str) -> int:
        tied = self._package.numbering.level_of_style(style.list_id, style_id)
        return style.list_level if tied is None else tied

    def _depth(self, style: Style, ordinal: str) -> int:
        """Return how deep an item lies: by level within a list, by indent between lists."""
        numbering = self._package.numbering
        abstract, level = numbering.abstract(style.list_id), style.list_level
        indent = style.indent or numbering.level(style.list_id, level).indent
        stack = self._open_lists
        same = [place for place, (one, _, _) in enumerate(stack) if one == abstract]
        if same:
            while stack and (stack[-1][0] != abstract or stack[-1][1] >= level):
                if stack.pop()[:2] == (abstract, level):
                    break
        elif self._interrupted:
            stack.clear()
        else:
            announced = bool(self.lines) and self.lines[-1].kind == "item" and self.lines[-1].text.endswith(("：", ":"))
            while stack and indent <= stack[-1][2] + _INDENT_STEP and not announced:
                stack.pop()
        self._interrupted = False
        stack.append((abstract, level, indent))
        return len(stack) - 1

    # tables

    def _table(self, table: _Element) -> None:
        self._leading = False
        self._open_lists.clear()
        rows = [row for row in _through(table, "tr") if child(row, "trPr", "del") is None]
        if all(len(list(_through(row, "tc"))) == 1 for row in rows):  # a frame drawn as a table
            for row in rows:
                for cell in _through(row, "tc"):
                    self._children(cell)
            return
        nested: list[_Element] = []
        grid, headers = self._slots(rows, nested)
        found = table_lines(lay_out(grid), table=self._tables + 1, header_rows=headers or None)
        self._tables += any(line.kind == "row" for line in found)
        self.lines.extend(found)
        for inner in nested:
            self._table(inner)

    def _slots(self, rows: list[_Element], nested: list[_Element]) -> tuple[list[list[Slot]], int]:
        merging: dict[int, Slot] = {}
        grid: list[list[Slot]] = []
        headers = 0
        for row in rows:
            headers += headers == len(grid) and is_on(child(row, "trPr", "tblHeader"))
            before = number(value(child(row, "trPr", "gridBefore")))
            slots, column = [Slot("", columns=before)] if before else [], before
            for cell in _through(row, "tc"):
                span = max(number(value(child(cell, "tcPr", "gridSpan")), 1), 1)
                merge = child(cell, "tcPr", "vMerge")
                if merge is not None and value(merge) != "restart" and column in merging:
                    merging[column].rows += 1
                else:
                    slot = Slot(cell_text(self._cell(cell, nested)), columns=span)
                    slots.append(slot)
                    merging.pop(column, None)
                    if merge is not None:
                        merging[column] = slot
                column += span
            grid.append(slots)
        return grid, headers if headers < len(grid) else 0

    def _cell(self, cell: _Element | None, nested: list[_Element]) -> Iterator[str]:
        for inner in cell if cell is not None else ():
            kind = local(inner.tag)
            if kind == "tbl":
                nested.append(inner)
            elif kind in ("sdt", "customXml"):
                yield from self._cell(child(inner, "sdtContent") if kind == "sdt" else inner, nested)
            elif kind == "p":
                style, style_id = self._style(inner)
                gathered = self.runs.gather(inner, style)
                ordinal = self._ordinal(style, style_id)
                text = tidy("".join(gathered.words))
                yield text if ordinal in ("", "-") else f"{ordinal}{text}" if text else ordinal.rstrip(".、．")


def _through(element: _Element, kind: str) -> Iterator[_Element]:
    """Give the children of one kind, also those inside content controls and tracked insertions."""
    for inner in element:
        name = local(inner.tag)
        if name == kind:
            yield inner
        elif name in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _through(inner, kind)
