"""The front of a document: its title, and headings that carry neither number nor style.

Knows the first pieces and the source's own title. Junk that programs write as a title (文档1, Microsoft Word - …) is
not one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from ingest.source import SourceText
from ingest.structure.contents import Listed
from ingest.structure.markers import FIRM, ends_sentence, plain, title_like, width
from ingest.structure.pieces import Piece

_JUNK = re.compile(
    r"(?i)(?:microsoft |新建)?(?:word|excel|powerpoint|wps)?[\s-]*"
    r"(?:未命名|无标题|文档|document|untitled|演示文稿|工作簿|book|幻灯片)\s*\d*"
)
_CAPTION = re.compile(r"[表图]\s?[\d一二三四五六七八九十A-Z]|续表|单位[：:]|注[：:]")
_SUBTITLE = 12.0
_PROSE_WIDTH = 25.0


def front_matter(source: SourceText, pieces: Sequence[Piece]) -> tuple[str, list[Piece]]:
    """Return the document's title and the pieces without it (and without a short subtitle right after it)."""
    rest = list(pieces)
    given = "" if _JUNK.fullmatch(source.title.strip()) else source.title.strip()
    at = next((i for i, piece in enumerate(rest[:4]) if given and _says(piece, given)), None)
    if at is None:
        at = _only_top_heading(rest)
        if at is None and not given:
            at = _title_line(rest)
        if at is not None:
            given = rest[at].text.strip()
    if at is not None:
        del rest[at]
        if _is_subtitle(rest, at):
            del rest[at]
    return given or PurePath(source.name).stem, rest


def _says(piece: Piece, title: str) -> bool:
    return piece.kind in ("text", "heading") and piece.mark is None and plain(piece.text) == plain(title)


def _only_top_heading(pieces: Sequence[Piece]) -> int | None:
    """Return the first heading if it is the only one of its level, unnumbered, and stands above all others."""
    headings = [at for at, piece in enumerate(pieces) if piece.kind == "heading"]
    if not headings or pieces[headings[0]].mark is not None or headings[0] > 3:
        return None
    first = pieces[headings[0]]
    deeper = [pieces[at] for at in headings[1:]]
    if any(piece.kind == "row" or ends_sentence(piece.text) for piece in pieces[: headings[0]]):
        return None
    if deeper:
        return headings[0] if all(piece.level > first.level for piece in deeper) else None
    numbered = any(piece.mark is not None and piece.mark.style != "bullet" for piece in pieces)
    return headings[0] if headings[0] == 0 and numbered and first.level <= 1 else None


def _title_line(pieces: Sequence[Piece]) -> int | None:
    if len(pieces) < 2:
        return None
    first = pieces[0]
    if (
        first.kind != "text"
        or first.mark is not None
        or not title_like(first.text)
        or first.text.rstrip()[-1:] in "：:"
    ):
        return None
    return None if _CAPTION.match(first.text) or re.search(r"[：:]|\d{4}年", first.text) else 0


def _is_subtitle(pieces: Sequence[Piece], at: int) -> bool:
    if at + 1 >= len(pieces) or pieces[at].kind != "text" or pieces[at].mark is not None:
        return False
    text = pieces[at].text
    following = pieces[at + 1]
    heads = following.kind == "heading" or following.mark is not None
    return (
        heads
        and width(text) <= _SUBTITLE
        and title_like(text)
        and not any(char.isdigit() or char in "：:" for char in text)
    )


def promote_titles(pieces: Sequence[Piece], listed: Sequence[Listed]) -> list[Piece]:
    """Return ``pieces`` with bare title lines made headings, where the document has no other headings."""
    if any(piece.kind == "heading" for piece in pieces):
        return list(pieces)
    named = {plain(entry.title) for entry in listed if not entry.value}
    chosen = {at for at, piece in enumerate(pieces) if _bare(piece) and plain(piece.text) in named}
    if not chosen and not _has_headings(pieces):
        chosen = {at for at in range(len(pieces)) if _stands_as_title(pieces, at)}
        chosen |= {at - 1 for at in chosen if at and _bare(pieces[at - 1]) and _short(pieces[at - 1])}
        if len(chosen) < 2:
            return list(pieces)
    # of two titles in a row the second stands below the first
    return [
        replace(piece, kind="heading", level=1 + (at - 1 in chosen)) if at in chosen else piece
        for at, piece in enumerate(pieces)
    ]


def _bare(piece: Piece) -> bool:
    return piece.kind == "text" and piece.mark is None


def _has_headings(pieces: Sequence[Piece]) -> bool:
    """Return whether numbers make headings: 章, `1.1` or `一、` with a title, or two `1.` with a title above prose."""
    plain_ordinals = 0
    for at, piece in enumerate(pieces):
        if piece.mark is None or not title_like(piece.text):
            continue
        if piece.mark.style in FIRM or piece.mark.style in ("dotted", "cn", "roman", "bare", "paren_cn"):
            return True
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        if piece.mark.style in ("dot", "comma") and following is not None and _bare(following):
            plain_ordinals += ends_sentence(following.text) or width(following.text) > _PROSE_WIDTH
    return plain_ordinals >= 2


def _short(piece: Piece) -> bool:
    text = piece.text.strip()
    return (
        title_like(text)
        and width(text) <= 20
        and "，" not in text
        and text[-1] not in "：:"
        and not _CAPTION.match(text)
    )


def _stands_as_title(pieces: Sequence[Piece], at: int) -> bool:
    piece = pieces[at]
    if not _bare(piece) or not _short(piece) or at + 1 >= len(pieces):
        return False
    following = pieces[at + 1]
    opens = (
        following.kind == "row"
        or following.mark is not None
        or ends_sentence(following.text)
        or width(following.text) > _PROSE_WIDTH
    )
    before = pieces[at - 1] if at else None
    closed = before is None or before.kind == "row" or before.mark is not None or ends_sentence(before.text)
    return closed and (opens or following.text.rstrip()[-1:] in "：:")
