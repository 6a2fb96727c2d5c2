"""Markdown (CommonMark with GitHub tables) as lines: headings with level, items with depth and number, tables.

Knows nothing of sections. A single unnumbered first-level heading at the top is the document's title. A new line
inside a paragraph stays a new line where the source is not wrapped: in Chinese notes it nearly always means one. Items
nest by their indentation, also by the two blanks under ``1.`` that CommonMark takes for a new list.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.decode import decode
from ingest.read.grid import Slot, lay_out, table_lines
from ingest.read.lines import (
    cell_text,
    glue,
    is_closed,
    item_line,
    join_wrapped,
    opens_item,
    take_title,
    tidy,
    wrap_margin,
)
from ingest.read.web import html_lines
from ingest.source import Line, SourceText

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title[ \t]*:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE | re.IGNORECASE)
_BARE_ROW = re.compile(r"^\|.*\|$")
_TASK = re.compile(r"^\[[ xX]\]\s+")
# **重点：**后文: emphasis that CommonMark does not see beside Chinese punctuation
_LEFT_MARKS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_INDENT = re.compile(r"(?:[ \t]*>)*([ \t]*)")
# a chat model hands on a whole document in such a fence
_FENCED_PROSE = frozenset({"markdown", "md"})
# a setext heading longer than this, or ending in 。, is a paragraph above a ruled line
_LONGEST_HEADING = 60


def read_markdown(path: Path, *, name: str) -> SourceText:
    """Return a Markdown file as lines; front matter gives at most the title."""
    text, repairs = decode(path.read_bytes(), name=name)
    title = ""
    front = _FRONT_MATTER.match(text)
    if front:
        text = text[front.end() :]
        named = _FRONT_TITLE.search(front[1])
        title = tidy(named[1]) if named else ""
    title, lines = take_title(title, markdown_lines(text))
    return SourceText(name, title, tuple(lines), repairs)


def markdown_lines(text: str) -> list[Line]:
    """Return the lines of Markdown source."""
    from markdown_it import MarkdownIt

    walker = _Walker(text)
    walker.walk(MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text))
    return walker.lines


class _Walker:
    """One pass over the tokens of a Markdown document."""

    def __init__(self, text: str) -> None:
        self.lines: list[Line] = []
        self._source = text.split("\n")
        self._margin = wrap_margin([line.strip() for line in self._source])
        self._tables = 0
        self._lists = 0
        self._indents: list[int] = []
        self._ordinal = ""
        self._heading: Token | None = None
        self._rows: list[list[Slot]] | None = None

    def walk(self, tokens: list[Token]) -> None:
        for token in tokens:
            if token.type in ("heading_open", "heading_close"):
                self._heading = token if token.nesting == 1 else None
            elif token.type.endswith(("_list_open", "_list_close")):
                self._lists += token.nesting
            elif token.type == "list_item_open":
                self._open_item(token)
            elif token.type in ("table_open", "table_close", "tr_open"):
                self._table(token.type)
            elif token.type == "inline":
                self._inline(token)
            elif token.type in ("fence", "code_block"):
                self._code(token)
            elif token.type == "html_block":
                self._html(token.content)

    def _code(self, token: Token) -> None:
        if token.info.strip().lower() in _FENCED_PROSE:
            self.lines.extend(markdown_lines(token.content))
            return
        # what is only indented is more often prose than a program
        literal = token.type == "fence"
        self.lines.extend(Line(line, literal=literal) for line in tidy(token.content).split("\n") if line)

    def _open_item(self, token: Token) -> None:
        self._ordinal = token.info + token.markup if token.info else "-"
        start = _INDENT.match(self._source[token.map[0]]) if token.map else None
        indent = len(start[1].expandtabs(4)) if start else 0
        while self._indents and indent < self._indents[-1] + 2:
            self._indents.pop()
        self._indents.append(indent)

    def _inline(self, token: Token) -> None:
        text = _plain(token)
        if self._rows is not None:
            self._rows[-1].append(Slot(cell_text([text])))
        elif self._heading:
            text = " ".join(text.split("\n"))
            setext = not self._heading.markup.startswith("#")
            if setext and (len(text) > _LONGEST_HEADING or text.endswith("。")):
                self.lines.append(Line(text))
            elif text:
                self.lines.append(Line(text, "heading", int(self._heading.tag[1])))
        elif self._lists:
            self._item(text.split("\n"))
        else:
            self._paragraph(text.split("\n"))
        if not self._lists:
            self._indents.clear()

    def _item(self, parts: list[str]) -> None:
        texts: list[str] = []
        for part in parts:
            if texts and not is_closed(texts[-1]) and not opens_item(part):
                texts[-1] = glue(texts[-1], part)
            elif part:
                texts.append(_TASK.sub("", part))
        for text in texts:
            ordinal, self._ordinal = self._ordinal, ""
            level = len(self._indents) - 1
            self.lines.append(item_line(text, level=level, ordinal=ordinal) if ordinal else Line(text))

    def _paragraph(self, parts: list[str]) -> None:
        if all(_BARE_ROW.match(part) for part in parts) and (len(parts) > 1 or parts[0].count("|") > 2):
            self._tables += 1
            rows = [[Slot(cell.strip()) for cell in part.strip("|").split("|")] for part in parts]
            self.lines.extend(table_lines(lay_out(rows), table=self._tables))
        else:
            self.lines.extend(Line(text) for text in join_wrapped(parts, self._margin))

    def _table(self, kind: str) -> None:
        if kind == "table_open":
            self._rows = []
        elif kind == "tr_open" and self._rows is not None:
            self._rows.append([])
        elif self._rows is not None:
            self._tables += 1
            grid = lay_out(self._rows)
            empty = not any(slot.text for slot in grid[0])
            self.lines.extend(table_lines(grid, table=self._tables, header_rows=0 if empty else None))
            self._rows = None

    def _html(self, content: str) -> None:
        found = html_lines(content, first_table=self._tables + 1)
        self._tables = max([self._tables, *(line.table for line in found)])
        self.lines.extend(found)


def _plain(token: Token) -> str:
    """Return the words of an inline token: links by their text, pictures left out, line breaks kept."""
    words = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or (child.type == "html_inline" and _BREAK.match(child.content)):
            words.append("\n")
    return tidy(_LEFT_MARKS.sub(r"\2", "".join(words)))
