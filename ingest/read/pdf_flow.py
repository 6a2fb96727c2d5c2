"""The pages of a PDF as one text: page headers and numbers dropped, paragraphs and tables joined over page breaks.

Knows the pieces of pages and where they stand; headings are told by their size, as a PDF keeps nothing else of them.
Knows nothing of files.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from statistics import median

from ingest.read.grid import Grid, Slot, table_lines
from ingest.read.lines import glue, is_closed, opens_item
from ingest.read.pdf_page import PageText, Ruled, Span
from ingest.source import Line

_PAGE_NUMBER = re.compile(
    r"[-—–·~\s]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,5}|[Pp]age\s*\d+)\s*页?\s*(?:(?:[/／]|共|of|，|,)\s*共?\s*\d{1,4}\s*页?)?[-—–·~\s]*$"
)
_CONTINUED = re.compile(r"^(?:续?表.{0,30}[（(]续[）)]|续表.{0,30})$")
_BULLET = re.compile(r"[•●·○■◆▪➢✓-]\s")
_DIGITS = re.compile(r"[\d一二三四五六七八九十]+")
# the part of the page height in which headers and footers stand; a header drawn as a table reaches further down
_MARGIN = 0.12
_TABLE_MARGIN = 0.22
_LONGEST_HEADING = 45


@dataclass(slots=True)
class _Paragraph:
    """Lines joined to one text, with the place and size of the first and the end of the last."""

    text: str
    first: Span
    last: Span
    lines: int = 1


Piece = Span | Ruled


def flow(pages: list[PageText]) -> tuple[str, list[Line]]:
    """Return the document's title (``""`` if none stands out) and its lines."""
    kept = _without_furniture(pages)
    margins = [_right_margin(page) for page in kept]
    gap = _usual_gap(kept)
    parts: list[_Paragraph | Ruled] = []
    for page, margin in zip(kept, margins, strict=True):
        for piece in page:
            if isinstance(piece, Ruled):
                _add_table(parts, piece)
            elif not (_CONTINUED.match(piece.text) and parts and isinstance(parts[-1], Ruled)):
                _add_span(parts, piece, margin, gap)
    return _lines(parts)


# page headers and footers


def _without_furniture(pages: list[PageText]) -> list[list[Piece]]:
    """Return the pieces of each page without what repeats at its edges."""
    counts: Counter[tuple[str, int]] = Counter()
    for page in pages:
        counts.update({_key(piece, page) for piece in page.pieces if _at_edge(piece, page)})
    often = max(2, len(pages) * 0.4)
    kept = []
    seen: set[tuple[str, int]] = set()
    for page in pages:
        pieces: list[Piece] = []
        for piece in page.pieces:
            key = _key(piece, page)
            repeated = _at_edge(piece, page) and counts[key] >= often
            # a header table says the document's number and version: kept once
            if not repeated or (isinstance(piece, Ruled) and key not in seen):
                pieces.append(piece)
            seen.add(key)
        kept.append(_without_page_number(pieces, page))
    return kept


def _at_edge(piece: Piece, page: PageText) -> bool:
    margin = page.height * (_MARGIN if isinstance(piece, Span) else _TABLE_MARGIN)
    return piece.bottom < margin or piece.top > page.height - margin


def _key(piece: Piece, page: PageText) -> tuple[str, int]:
    text = piece.text if isinstance(piece, Span) else "|".join(slot.text for row in piece.grid for slot in row)
    return _DIGITS.sub("#", text), round(piece.top / page.height * 50)


def _without_page_number(pieces: list[Piece], page: PageText) -> list[Piece]:
    return [
        piece
        for place, piece in enumerate(pieces)
        if not (
            isinstance(piece, Span)
            and place in (0, len(pieces) - 1)
            and _at_edge(piece, page)
            and _PAGE_NUMBER.match(piece.text)
        )
    ]


# paragraphs


def _right_margin(pieces: list[Piece]) -> float:
    ends = sorted(piece.x1 for piece in pieces if isinstance(piece, Span))
    return ends[-1] if ends else 0.0


def _usual_gap(pages: list[list[Piece]]) -> float:
    """Return the usual distance from one line's foot to the next one's head, in line heights."""
    gaps = [
        (below.top - above.bottom) / above.size
        for pieces in pages
        for above, below in pairwise(pieces)
        if isinstance(above, Span) and isinstance(below, Span) and 0 <= below.top - above.bottom < 3 * above.size
    ]
    return median(gaps) if gaps else 1.0


def _add_span(parts: list[_Paragraph | Ruled], span: Span, margin: float, gap: float) -> None:
    last = parts[-1] if parts else None
    if isinstance(last, _Paragraph) and _goes_on(last, span, margin, gap):
        last.text = glue(last.text, span.text)
        last.last = span
        last.lines += 1
    else:
        parts.append(_Paragraph(span.text, span, span))


def _goes_on(paragraph: _Paragraph, span: Span, margin: float, gap: float) -> bool:
    """Tell whether a line continues a paragraph: the line before had no room for its first word."""
    before, first, size = paragraph.last, paragraph.first, span.size
    if abs(before.size - size) > 0.6 or (before.bold != span.bold and size > 1.1 * first.size):
        return False
    if (before.margin or margin) - before.x1 > span.start + 0.6 * size:
        return False
    same_page = before.page == span.page and span.top >= before.top  # else the next page, or the next column
    if same_page and (span.top - before.bottom) / size > max(1.4 * gap, gap + 0.5):
        return False
    # where the second line of this paragraph began, the others begin too; else the first line's own place
    indent = before.x0 if paragraph.lines > 1 else first.x0
    if is_closed(paragraph.text):
        indented = paragraph.lines == 1 and span.x0 < first.x0 - 0.8 * size
        level = paragraph.lines > 1 and abs(span.x0 - indent) < 0.8 * size
        hanging = opens_item(paragraph.text) and paragraph.lines == 1 and 0.5 * size < span.x0 - first.x0 < 4 * size
        return (indented or level or hanging) and not opens_item(span.text)
    if opens_item(span.text):
        return paragraph.lines > 1 and abs(span.x0 - indent) < 0.5 * size and indent != first.x0
    return span.x0 <= indent + 4 * size or not same_page


# tables


def _add_table(parts: list[_Paragraph | Ruled], table: Ruled) -> None:
    last = parts[-1] if parts else None
    if isinstance(last, Ruled) and last.page != table.page and _same_columns(last, table):
        _continue(last.grid, table.grid)
        last.page = table.page
    else:
        parts.append(table)


def _same_columns(above: Ruled, below: Ruled) -> bool:
    if len(above.grid[0]) != len(below.grid[0]):
        return False
    header = [slot.text for slot in above.grid[0]] == [slot.text for slot in below.grid[0]]
    return header or all(abs(one - other) < 6 for one, other in zip(above.borders, below.borders, strict=True))


def _continue(above: Grid, below: Grid) -> None:
    """Put the rows after a page break under those before: a repeated header goes, a row torn in two is mended."""
    rows = list(below)
    repeated = 0
    while repeated < min(len(rows), len(above)) and _texts(rows[repeated]) == _texts(above[repeated]):
        repeated += 1
    rows = rows[repeated:]
    torn = bool(rows) and not repeated and not rows[0][0].text and all(row[0].text for row in above)
    if torn:
        for slot, more in zip(above[-1], rows.pop(0), strict=True):
            slot.text = glue(slot.text, more.text)
    above.extend(rows)


def _texts(row: list[Slot]) -> list[str]:
    return [slot.text for slot in row]


# headings


def _lines(parts: list[_Paragraph | Ruled]) -> tuple[str, list[Line]]:
    body = _body_size(parts)
    title = _title(parts, body)
    first = _first_body_page(parts, body)  # before it, covers: large print that heads nothing
    inside = [part for part in parts if isinstance(part, _Paragraph) and part is not title and part.first.page >= first]
    sizes = _heading_sizes(inside, body)
    lines: list[Line] = []
    tables = 0
    for part in parts:
        if isinstance(part, Ruled):
            found = table_lines(part.grid, table=tables + 1, page=part.page)
            tables += any(line.kind == "row" for line in found)
            lines.extend(found)
        elif part is not title:
            level = sizes.get(_rounded(part.first.size), 0)
            heading = level and _could_head(part) and part.first.page >= first
            lines.append(
                Line(part.text, "heading" if heading else "text", level if heading else 0, page=part.first.page)
            )
    return (title.text if title else ""), lines


def _body_size(parts: list[_Paragraph | Ruled]) -> float:
    sizes: Counter[float] = Counter()
    for part in parts:
        if isinstance(part, _Paragraph):
            sizes[_rounded(part.first.size)] += len(part.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _first_body_page(parts: list[_Paragraph | Ruled], body: float) -> int:
    pages = (part.first.page for part in parts if isinstance(part, _Paragraph) and _rounded(part.first.size) == body)
    return min(pages, default=0)


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _could_head(part: _Paragraph) -> bool:
    text = part.text
    plain = part.lines <= 2 and not is_closed(text) and not text.endswith("，") and not _BULLET.match(text)
    return plain and 1 < len(text) <= _LONGEST_HEADING


def _title(parts: list[_Paragraph | Ruled], body: float) -> _Paragraph | None:
    """Return the one paragraph of the largest size, where it stands on the first page before the text begins."""
    paragraphs = [part for part in parts if isinstance(part, _Paragraph)]
    if not paragraphs or body <= 0:
        return None
    largest = max(paragraphs, key=lambda part: part.first.size)
    alone = sum(_rounded(part.first.size) == _rounded(largest.first.size) for part in paragraphs) == 1
    early = largest.first.page == paragraphs[0].first.page and paragraphs.index(largest) < 6
    return largest if alone and early and largest.first.size >= body * 1.15 and _could_head(largest) else None


def _heading_sizes(paragraphs: list[_Paragraph], body: float) -> dict[float, int]:
    """Return the heading level of each size that is larger than the body's and used for short lines."""
    larger: dict[float, list[_Paragraph]] = {}
    runs: Counter[float] = Counter()
    for part, following in zip_longest(paragraphs, paragraphs[1:]):
        size = _rounded(part.first.size)
        if part.first.size >= body * 1.06 and part.first.size - body >= 0.75:
            larger.setdefault(size, []).append(part)
            runs[size] += following is not None and _rounded(following.first.size) == size
    # lines of one size one under the other are a list in large print, as on slides
    heading = [
        size
        for size, found in larger.items()
        if sum(map(_could_head, found)) * 5 >= len(found) * 4 and runs[size] * 2 < len(found)
    ]
    return {size: level for level, size in enumerate(sorted(heading, reverse=True), start=1)}
