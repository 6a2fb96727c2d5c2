"""HTML and single-file web pages (MHTML) as lines: headings, nested lists, tables, definition lists.

Knows nothing of sites. Scripts, styles, navigation, controls and hidden elements are left out; nothing a page refers
to is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.decode import decode
from ingest.read.grid import Slot, lay_out, table_lines
from ingest.read.lines import cell_text, item_line, take_title, tidy
from ingest.read.ordinals import letters, roman
from ingest.source import Line, SourceText
from kb.errors import SourceUnreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]+encoding\s*=\s*[\"']([\w-]+)", re.IGNORECASE)
_LEFT_OUT = frozenset({
    "script", "style", "noscript", "template", "head", "nav", "aside", "footer", "svg", "math", "object",
    "iframe", "canvas", "audio", "video", "select", "button", "input", "textarea", "map", "datalist", "dialog",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "p:q", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr", "ruby",
})  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_AROUND_ROLE = frozenset({"navigation", "banner", "contentinfo", "menu", "menubar", "search", "complementary"})
_AROUND_CLASS = re.compile(
    r"(?:^|\s)(?:nav|navbar|breadcrumbs?|sidebar|footer|page-footer|site-header|toc\d?|MsoToc\d)(?:\s|$)"
)
# a rule outside any @media block that hides the elements of a class
_MEDIA = re.compile(r"@[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?\*/", re.DOTALL)
_HIDING_RULE = re.compile(r"([^{}]*)\{[^{}]*display\s*:\s*none[^{}]*\}")
_LONE_CLASS = re.compile(r"\s*(?:[a-z]+)?\.([\w-]+)\s*$")
_EMPTY_TITLE = re.compile(r"^(?:untitled.*|document|无标题.*|新建.*|index|page \d+|网页)$", re.IGNORECASE)
_FORMATTING = re.compile(r"</?(?:font|b|i|u|em|strong|span|a|small|big|center|o:p|div)(?:\s[^>]*)?>", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# nesting beyond this is an attack; what lies deeper is taken as one text
_DEEPEST = 150


def read_web(path: Path, *, name: str, mhtml: bool = False) -> SourceText:
    """Return an HTML file, or the HTML part of an MHTML file, as lines.

    Raises:
        SourceUnreadable: an MHTML file without an HTML part, or bytes of no known encoding.
    """
    content = path.read_bytes()
    declared = None
    if mhtml:
        content, declared = _html_part(content, name)
    if declared is None:
        found = _CHARSET.search(content[:8192]) or _XML_CHARSET.search(content[:200])
        declared = found[1].decode("ascii") if found else None
    text, repairs = decode(content, name=name, declared=declared)
    root = _parse(text)
    if root is None:
        return SourceText(name, "", (), repairs)
    _clear_banner(root)
    page = _Page(_hidden_classes(root))
    page.block(root, 0)
    title, lines = take_title(_declared_title(root), page.finish())
    return SourceText(name, title, tuple(lines), repairs)


def html_lines(text: str, *, first_table: int = 1) -> list[Line]:
    """Return the lines of a piece of HTML; its tables are numbered from ``first_table``."""
    root = _parse(text)
    if root is None:
        return []
    page = _Page(_hidden_classes(root), first_table)
    page.block(root, 0)
    return page.finish()


def _parse(text: str) -> _Element | None:
    from lxml import etree

    text = text.replace("\x00", "")
    for attempt in (text, _FORMATTING.sub("", text)):
        parser = etree.HTMLParser(
            encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
        )  # fmt: skip
        try:
            root = etree.fromstring(attempt.encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError:  # nothing but blanks or comments
            return None
        # libxml2 stops at a depth of 2048; tags that are never closed get a long page there
        if not any("depth" in entry.message.lower() for entry in parser.error_log):
            break
    return root


def _html_part(content: bytes, name: str) -> tuple[bytes, str | None]:
    from email import message_from_bytes

    for part in message_from_bytes(content).walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            found = part.get_payload(decode=True)
            if isinstance(found, bytes):
                return found, part.get_content_charset()
    raise SourceUnreadable(f"{name}：网页归档文件里没有正文。请在浏览器中打开后另存为 html 再导入")


def _declared_title(root: _Element) -> str:
    found = root.find(".//title")
    title = tidy(" ".join("".join(found.itertext()).split())) if found is not None else ""
    return "" if _EMPTY_TITLE.match(title) else title


def _clear_banner(root: _Element) -> None:
    """Empty the site's own head: a ``header`` without a heading, outside what the page marks as its content."""
    if not any(True for _ in root.iter("main", "article")):
        return
    for header in list(root.iter("header")):
        inside = next(header.iterancestors("main", "article"), None) is not None
        if not inside and not any(True for _ in header.iter(*_HEADINGS)):
            header.clear(keep_tail=True)


def _hidden_classes(root: _Element) -> frozenset[str]:
    """Return the classes that the page's own style sheet does not display."""
    sheets = _MEDIA.sub("", " ".join("".join(style.itertext()) for style in root.iter("style")))
    selectors = (selector for rule in _HIDING_RULE.finditer(sheets) for selector in rule[1].split(","))
    return frozenset(found[1] for selector in selectors if (found := _LONE_CLASS.match(selector)))


def _is_hidden(element: _Element, classes: frozenset[str]) -> bool:
    get = element.get
    return (
        get("hidden") is not None
        or get("aria-hidden") == "true"
        or get("role") in _AROUND_ROLE
        or _HIDDEN.search(get("style") or "") is not None
        or (element.tag not in ("html", "body") and _AROUND_CLASS.search(get("class") or "") is not None)
        or not classes.isdisjoint((get("class") or "").split())
    )


class _Page:
    """The lines of one page while its elements are walked; inline text gathers until a block ends."""

    def __init__(self, hidden: frozenset[str], first_table: int = 1) -> None:
        self.lines: list[Line] = []
        self._words: list[str] = []
        self._next_table = first_table
        self._hidden = hidden
        self._depth = -1
        self._ordinal = ""

    def finish(self) -> list[Line]:
        self._flush()
        return self.lines

    def block(self, element: _Element, deep: int) -> None:
        """Walk an element's text and children."""
        if deep > _DEEPEST:
            self._say("".join(element.itertext()))
            return
        self._say(element.text)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _LEFT_OUT and not _is_hidden(child, self._hidden):
                self._element(child, child.tag, deep)
            self._say(child.tail)

    def _element(self, child: _Element, tag: str, deep: int) -> None:
        if tag == "br":
            self._words.append("\n")
        elif tag in ("rt", "rp"):
            return
        elif tag in _INLINE or ":" in tag:
            if "mso-list:ignore" in (child.get("style") or "").replace(" ", "").lower():
                self._words.append(_word_ordinal(child))
            else:
                self.block(child, deep + 1)
        else:
            self._flush()
            self._block_element(child, tag, deep)
            self._flush()

    def _block_element(self, child: _Element, tag: str, deep: int) -> None:
        if tag in _HEADINGS:
            self.block(child, deep + 1)
            text = " ".join(self._taken().split("\n"))
            if text:
                self.lines.append(Line(text, "heading", int(tag[1])))
        elif tag in ("ul", "ol"):
            self._list(child, tag, deep)
        elif tag == "dl":
            self._definitions(child, deep)
        elif tag == "table":
            self._table(child, deep)
        elif tag == "pre":
            self.lines.extend(Line(line) for line in tidy("".join(child.itertext())).split("\n") if line)
        else:
            self.block(child, deep + 1)

    def _list(self, element: _Element, tag: str, deep: int) -> None:
        self._depth += 1
        number = _integer(element.get("start"), 1) - 1
        for item in element:
            if not isinstance(item.tag, str) or _is_hidden(item, self._hidden):
                continue
            if item.tag == "li":
                number = _integer(item.get("value"), number + 1)
                self._ordinal = "-" if tag == "ul" else f"{_counted(number, element.get('type') or '1')}."
                self.block(item, deep + 1)
                self._flush()
                self._ordinal = ""
            else:  # a list straight inside a list
                self._element(item, item.tag, deep + 1)
        self._depth -= 1

    def _definitions(self, element: _Element, deep: int) -> None:
        term, meanings = "", list[str]()
        self._depth += 1
        for part in [*element.iter("dt", "dd"), None]:
            if part is None or part.tag == "dt":
                if term or meanings:
                    text = "：".join(filter(None, (term.rstrip("：:"), cell_text(meanings))))
                    self.lines.append(item_line(text, level=self._depth, ordinal="-"))
                term, meanings = "", []
            if part is not None:
                inner = "\n".join(self._inner(part, deep))
                term, meanings = (cell_text([inner]), meanings) if part.tag == "dt" else (term, [*meanings, inner])
        self._depth -= 1

    def _inner(self, element: _Element, deep: int) -> list[str]:
        """Return the lines of a cell's content, their ordinals printed."""
        page = _Page(self._hidden, self._next_table)
        page.block(element, deep + 1)
        return [(line.ordinal if line.ordinal != "-" else "") + line.text for line in page.finish()]

    def _table(self, element: _Element, deep: int) -> None:
        caption = element.find("caption")
        if caption is not None:
            self.lines.extend(Line(text) for text in self._inner(caption, deep))
        if element.get("role") == "presentation" or next(element.iter(*_HEADINGS), None) is not None or _nests(element):
            for row in _rows(element, self._hidden):
                for cell in row:
                    self.block(cell, deep + 1)
                    self._flush()
            return
        rows = [[self._slot(cell, deep) for cell in row] for row in _rows(element, self._hidden)]
        heads = element.find("thead")
        count = sum(row.tag == "tr" for row in heads) if heads is not None else 0
        found = table_lines(lay_out(rows), table=self._next_table, header_rows=count or None)
        self._next_table += any(line.kind == "row" for line in found)
        self.lines.extend(found)

    def _slot(self, cell: _Element, deep: int) -> Slot:
        rows, columns = _integer(cell.get("rowspan"), 1), _integer(cell.get("colspan"), 1)
        return Slot(cell_text(self._inner(cell, deep)), rows, columns, cell.tag == "th")

    def _say(self, text: str | None) -> None:
        if text:
            self._words.append(_BLANKS.sub(" ", text))

    def _taken(self) -> str:
        text = tidy("".join(self._words))
        self._words.clear()
        return text

    def _flush(self) -> None:
        if not self._words:
            return
        for text in self._taken().split("\n"):
            if not text:
                continue
            ordinal, self._ordinal = self._ordinal, ""
            self.lines.append(item_line(text, level=self._depth, ordinal=ordinal) if ordinal else Line(text))


def _rows(table: _Element, hidden: frozenset[str]) -> Iterator[list[_Element]]:
    """Give the visible cells of each row that is the table's own."""
    for child in table:
        if child.tag == "tr":
            if not _is_hidden(child, hidden):
                yield [cell for cell in child if cell.tag in ("td", "th")]
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from _rows(child, hidden)


def _nests(table: _Element) -> bool:
    return any(inner is not table for inner in table.iter("table"))


def _integer(text: str | None, default: int) -> int:
    found = re.match(r"\s*(\d{1,5})", text or "")
    return int(found[1]) if found else default


def _counted(number: int, kind: str) -> str:
    if kind in ("a", "A"):
        return letters(number, upper=kind == "A")
    if kind in ("i", "I"):
        return roman(number, upper=kind == "I")
    return str(number)


def _word_ordinal(element: _Element) -> str:
    """Return the printed number of a list item in HTML saved by Word; the letter of a symbol font is a bullet."""
    text = tidy("".join(element.itertext()))
    return f"{text} " if re.search(r"[\d一二三四五六七八九十①-⓿]|^[(（]?[a-zA-Z][)）.、]", text) else "• "
