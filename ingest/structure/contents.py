"""Finds the table of contents and takes it out of the body.

It is told by a label (目录), by page numbers after leaders, or by saying the headings of the body beforehand; as lines,
as a list of links or at the head of an endless line. Knows pieces; what is listed but has no body is found by
``sections``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.structure.markers import Mark, plain, read_mark, title_like
from ingest.structure.pieces import Piece

_LABELS = frozenset({"目录", "目次", "目錄", "contents", "tableofcontents", "本文目录", "目录contents"})
_PAGE = re.compile(r"(?:\s*[.．…·•‥_\-—–]{2,}\s*|\s*…+\s*|\t+\s*|\s{2,})[(（]?\d{1,4}[)）]?\s*$")
_PAGE_LOOSE = re.compile(r"(?<=[\u3400-\u9fff])\s*\d{1,4}$")
_GLUED_LABEL = re.compile(r"\s*目\s*[录錄次]\s*$")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a table of contents."""

    title: str
    mark: Mark | None

    @property
    def value(self) -> tuple[int, ...]:
        """Return the printed number, ``()`` if there is none."""
        return self.mark.value if self.mark and self.mark.style != "bullet" else ()


def take_contents(pieces: Sequence[Piece]) -> tuple[list[Listed], list[Piece]]:
    """Return what a table of contents lists (nothing if there is none) and the pieces that are not part of it."""
    rest = list(pieces)
    if rest and rest[0].mark is None and rest[0].kind == "text" and len(rest) > 1 and title_like(rest[0].text):
        shorter = _GLUED_LABEL.sub("", rest[0].text)
        if shorter and shorter != rest[0].text:
            rest[0].text = shorter
    for at, piece in enumerate(rest):
        if piece.kind != "row" and plain(piece.text) in _LABELS:
            start, end = at + 1, _labelled_end(rest, at + 1)
            entries = [_listed(one) for one in rest[start:end]]
            if end - start >= 1 and _believable(entries, rest[start:end], rest[end:]):
                return entries, rest[:at] + rest[end:]
            return [], rest[:at] + rest[at + 1 :] if end == start else rest
    return _unlabelled(rest)


def _unlabelled(pieces: list[Piece]) -> tuple[list[Listed], list[Piece]]:
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and _entry_like(pieces[end]):
            end += 1
        if end - at >= _SHORTEST:
            span = _paged_span(pieces, at, end) or _repeated_span(pieces, at, end)
            if span:
                start, stop = span
                return [_listed(one) for one in pieces[start:stop]], pieces[:start] + pieces[stop:]
        at = end + 1
    return [], pieces


def _labelled_end(pieces: Sequence[Piece], start: int) -> int:
    """Return where a table of contents that begins at ``start`` ends: at prose, or where its lines come again."""
    seen: list[Listed] = []
    paged = False
    for at in range(start, len(pieces)):
        piece = pieces[at]
        if not _entry_like(piece) or (piece.kind == "heading" and seen):
            return at
        if not _paged(piece) and any(_same(one, piece) for one in seen):
            return at
        if paged and not any(map(_paged, pieces[at : at + _SHORTEST])):
            return at
        paged = paged or (bool(seen) and _paged(piece))
        seen.append(_listed(piece))
    return len(pieces)


def _believable(entries: Sequence[Listed], taken: Sequence[Piece], rest: Sequence[Piece]) -> bool:
    if sum(map(_paged, taken)) * 2 >= len(taken):
        return True
    return _found_again(entries, rest) * 2 >= len(entries)


def _paged_span(pieces: Sequence[Piece], at: int, end: int) -> tuple[int, int] | None:
    """Return the lines from the first to the last that end in leaders and a page number, if there are three."""
    paged = [index for index in range(at, end) if _PAGE.search(pieces[index].text)]
    if len(paged) < _SHORTEST or len(paged) * 2 < paged[-1] + 1 - paged[0]:
        return None
    return paged[0], paged[-1] + 1


def _repeated_span(pieces: Sequence[Piece], at: int, end: int) -> tuple[int, int] | None:
    """Return the lines before the place where their first (or second, …) comes again as a heading of the body."""
    first: dict[str, int] = {}
    for index in range(at, min(end + 1, len(pieces))):
        piece = pieces[index]
        if index < end:
            key = plain(_listed(piece).title)
            start = first.setdefault(key, index) if key else index
        else:
            start = next((j for j in range(at, end) if _same(_listed(pieces[j]), piece)), index)
        if index - start >= _SHORTEST and _same(_listed(pieces[start]), piece):
            entries = [_listed(one) for one in pieces[start:index]]
            announced = start > 0 and pieces[start - 1].text.rstrip()[-1:] in "：:"
            if not announced and _found_again(entries, pieces[index:]) * 5 >= len(entries) * 3:
                return start, index
    return None


def _found_again(entries: Sequence[Listed], rest: Sequence[Piece]) -> int:
    heads = {plain(piece.text)[:60] for piece in rest if piece.kind != "row"}
    starts = {head[:size] for head in heads for size in {len(plain(one.title)) for one in entries}}
    return sum(plain(one.title) in starts for one in entries)


def _entry_like(piece: Piece) -> bool:
    if piece.kind == "row":
        return len(piece.cells) >= 2 and piece.cells[-1].isdecimal() and title_like(_page_off(piece))
    text = _page_off(piece)
    return title_like(text) or (not text and piece.mark is not None)


def _paged(piece: Piece) -> bool:
    return piece.kind == "row" or _PAGE.search(piece.text) is not None


def _page_off(piece: Piece) -> str:
    if piece.kind == "row":
        return " ".join(piece.cells[:-1])
    return _PAGE.sub("", piece.text).strip()


def _listed(piece: Piece) -> Listed:
    text, mark = _page_off(piece), piece.mark
    found = read_mark(text) if mark is None or mark.style == "bullet" else None
    if found is not None:
        mark, text = found
    return Listed(text, mark)


def _same(entry: Listed, piece: Piece) -> bool:
    """Return whether ``piece`` says again what ``entry`` listed (in an endless line: begins with it)."""
    value = piece.mark.value if piece.mark and piece.mark.style != "bullet" else ()
    if entry.value and value and entry.value != value:
        return False
    one, two = plain(entry.title), plain(_page_off(piece))
    if not one:
        return bool(value) and not two
    return one == two or (piece.glued and two.startswith(one) and bool(value))


def strip_loose_pages(entries: Sequence[Listed], titles: set[str]) -> list[Listed]:
    """Return ``entries`` without page numbers that stand right after the title (`概述3`) where the body proves it."""
    cleaned = []
    for entry in entries:
        bare = _PAGE_LOOSE.sub("", entry.title)
        known = bare != entry.title and plain(bare) in titles and plain(entry.title) not in titles
        cleaned.append(Listed(bare, entry.mark) if known else entry)
    return cleaned


def titles_by_number(entries: Sequence[Listed]) -> dict[tuple[int, ...], list[str]]:
    """Return the listed titles by their printed number, the longest first (`（一）` may stand under every chapter)."""
    titles: dict[tuple[int, ...], list[str]] = {}
    for entry in entries:
        if entry.value and entry.title:
            titles.setdefault(entry.value, []).append(entry.title)
    return {value: sorted(names, key=len, reverse=True) for value, names in titles.items()}
