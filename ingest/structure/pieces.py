"""From the lines of a reader to pieces: one heading, item, paragraph or row each, with its ordinal read.

Knows page furniture, hard-wrapped lines and the marks that Markdown leaves in plain text. Knows nothing of the
sequence of numbers; a long line that holds several pieces is cut by ``split``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.source import Line, LineKind
from ingest.structure.markers import (
    CLAUSE_END,
    Mark,
    ends_sentence,
    is_quantity,
    make_mark,
    read_mark,
    read_ordinal,
    width,
)


@dataclass(slots=True)
class Piece:
    """A line as it stands in the tree: its words without the ordinal.

    ``glued`` says that it was cut out of an endless line, where a title and its body, or the last item and the
    paragraph after it, may still run together. ``raw`` is the line with its ordinal, in case it turns out to be none.
    ``literal`` is the line's own: it opens and splits nothing.
    """

    text: str
    mark: Mark | None = None
    kind: LineKind = "text"
    level: int = 0
    cells: tuple[str, ...] = ()
    table: int = 0
    header: bool = False
    glued: bool = False
    raw: str = ""
    literal: bool = False


# A page number by itself; the bare one is believed only at the edge of a page of a paged format.
_PAGE_NUMBER = re.compile(
    r"[-—–\s]*第?\s*\d{1,4}\s*页?\s*(?:[/／,，共]\s*第?\s*\d{1,4}\s*页?)?[-—–\s]*|[-—–\s]*共\s*\d+\s*页[-—–\s]*"
)
_PAGE_PHRASE = re.compile(
    r"第\s*\d{1,4}\s*页(?:\s*[/／,，]?\s*共\s*\d{1,4}\s*页)?|[-—–]\s*\d{1,4}\s*[-—–]|Page \d+( of \d+)?"
)
_EDGE = 3
_WIDEST_WRAP = 70
_NARROWEST_WRAP = 14


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """Return ``lines`` without page numbers and without the headers and footers that come again on most pages."""
    pages: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        if line.page and line.text.strip():
            pages.setdefault(line.page, []).append(index)
    dropped: set[int] = set()
    if len(pages) >= 3:
        edges = {page: {*at[:_EDGE], *at[-_EDGE:]} for page, at in pages.items()}
        counts = Counter(key for at in edges.values() for key in {_shape(lines[index]) for index in at})
        often = max(3, len(pages) // 2)
        for at in edges.values():
            for index in at:
                text = lines[index].text.strip()
                if lines[index].kind == "text" and (
                    counts[_shape(lines[index])] >= often or _PAGE_NUMBER.fullmatch(text)
                ):
                    dropped.add(index)
    return [
        line
        for index, line in enumerate(lines)
        if index not in dropped and not (line.kind == "text" and _PAGE_PHRASE.fullmatch(line.text.strip()))
    ]


def _shape(line: Line) -> str:
    # digits alike, so that `第 3 页` repeats; a sentence, or a line that opens with an ordinal, is content
    text = line.text.strip()
    return text if ends_sentence(text) or read_mark(text) else re.sub(r"\d+", "#", text)


def unwrapped(lines: Sequence[Line]) -> list[Line]:
    """Return ``lines`` with those joined that a fixed width had broken (PDF, old text files)."""
    texts = [line for line in lines if line.kind == "text" and line.text.strip()]
    widths = sorted(width(line.text.strip()) for line in texts)
    full = widths[int(len(widths) * 0.95)] if widths else 0.0
    if not _NARROWEST_WRAP <= full <= _WIDEST_WRAP or len(texts) < 2:
        return list(lines)
    indented = sum(line.text.startswith(("\u3000\u3000", "    ")) for line in texts) >= 3
    joins = [_continues(one, two, full=full, indented=indented) for one, two in pairwise(lines)]
    if sum(joins) < max(1, min(3, len(texts) * 0.15)):
        return list(lines)
    joined: list[Line] = []
    for index, line in enumerate(lines):
        if index and joins[index - 1]:
            joined[-1] = replace(joined[-1], text=_join(joined[-1].text, line.text))
        else:
            joined.append(line)
    return joined


def _continues(one: Line, two: Line, *, full: float, indented: bool) -> bool:
    first, second = one.text.strip(), two.text.strip()
    if one.kind != "text" or two.kind != "text" or one.literal or two.literal:
        return False
    if not first or not second or width(first) < 0.8 * full:
        return False
    if two.text.startswith("\u3000\u3000") or second[0] in "#|" or first[0] in "#|" or "\t" in first:
        return False
    if read_mark(second) is not None:
        return False
    if indented and not two.text.startswith("    "):
        return True
    return first[-1] not in CLAUSE_END + ".”"


def _join(one: str, two: str) -> str:
    one, two = one.rstrip(), two.strip()
    space = one[-1:].isascii() and one[-1:] != "-" and two[:1].isascii()
    return f"{one} {two}" if space else one + two


_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?|[-=*_—]{3,}")
_HASHES = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_PIPES = re.compile(r"\|(.+)\|")


def pieces_of(lines: Sequence[Line]) -> list[Piece]:
    """Return a piece for every line that holds something, ordinals read, Markdown marks in plain text understood."""
    found: list[Piece] = []
    table = max((line.table for line in lines), default=0)
    piped = False
    for line in lines:
        text = re.sub(r"\s*[\r\n\u2028]+\s*", " ", line.text).strip()
        if line.kind == "row":
            cells = tuple(" ".join(cell.split()) for cell in line.cells) or (text,)
            if any(cells):
                found.append(Piece(text, kind="row", cells=cells, table=line.table, header=line.header))
            continue
        if line.literal and text:
            piped = False
            found.append(Piece(text, raw=text, literal=True))
            continue
        pipes = _PIPES.fullmatch(text) if line.kind == "text" else None
        if pipes or (piped and _RULE.fullmatch(text)):
            table += not piped
            piped = True
            _add_piped(found, text, table=table)
            continue
        piped = False
        if text and not (line.kind == "text" and _RULE.fullmatch(text)):
            found.append(_piece(line, text))
    return _tabbed(found, table)


def _add_piped(found: list[Piece], text: str, *, table: int) -> None:
    if _RULE.fullmatch(text):
        if found and found[-1].kind == "row" and found[-1].table == table:
            found[-1].header = True
        return
    cells = tuple(" ".join(cell.split()) for cell in text.strip("|").split("|"))
    if any(cells):
        found.append(Piece(text, kind="row", cells=cells, table=table))


_GLUED_NUMBER = re.compile(r"(\d{1,2})(?=[\u3400-\u9fff])")


def _piece(line: Line, text: str) -> Piece:
    kind, level = line.kind, line.level
    hashes = _HASHES.fullmatch(text) if kind == "text" else None
    if hashes and hashes[2]:
        kind, level, text = "heading", len(hashes[1]), hashes[2]
    if kind == "heading":
        text = text.strip("*_ ") or text
    printed = read_mark(text)
    if kind == "item":
        if line.ordinal.strip() and (printed is None or read_ordinal(line.ordinal).style != "bullet"):
            printed = read_ordinal(line.ordinal), text
        mark, words = printed or (make_mark("bullet", "", "-"), text)
        return Piece(words, mark, kind, level, raw=text)
    if line.ordinal.strip():
        printed = read_ordinal(line.ordinal), text
    if kind == "heading":
        if printed is None and (match := _GLUED_NUMBER.match(text)) and not is_quantity(text, match.end()):
            printed = make_mark("bare", match[1], match[1]), text[match.end() :]
        if printed is not None and printed[0].style == "bullet":
            printed = None
    mark_or_none, words = printed or (None, text)
    return Piece(words, mark_or_none, kind, level, raw=text)


def _tabbed(pieces: list[Piece], table: int) -> list[Piece]:
    """Return ``pieces`` with runs of two or more lines of the same number of tabs turned into tables."""
    result: list[Piece] = []
    at = 0
    while at < len(pieces):
        tabs = _tabs(pieces[at])
        end = at
        while tabs and end < len(pieces) and _tabs(pieces[end]) == tabs:
            end += 1
        if end - at >= 2 and not all(re.search(r"\t\s*\d{1,4}$", piece.text) for piece in pieces[at:end]):
            table += 1
            for piece in pieces[at:end]:
                head = piece.mark.printed + " " if piece.mark else ""
                cells = tuple(" ".join(cell.split()) for cell in (head + piece.text).split("\t"))
                result.append(Piece(piece.text, kind="row", cells=cells, table=table))
            at = end
        else:
            result.append(pieces[at])
            at += 1
    return result


def _tabs(piece: Piece) -> int:
    return piece.text.count("\t") if piece.kind == "text" and not piece.literal else 0
