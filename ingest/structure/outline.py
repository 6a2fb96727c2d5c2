"""Decides, group by group, which numbered pieces are headings and which are list items.

`1.` with a sentence behind is an item; a run of short numbered lines with text under each is a run of headings; below
an item there are only items. Knows the tree of numbers; gives a tree of headings with paragraphs, entries and rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.structure.markers import FIRM, Mark, Style, ends_sentence, plain, title_like, width
from ingest.structure.pieces import Piece
from ingest.structure.tree import Node

_ALWAYS_ITEMS: frozenset[Style] = frozenset({"circle", "paren", "bullet", "alpha"})
_LABEL = re.compile(r"\s*(?:【([^】]{1,20})】|[（(]([^）)]{1,20})[）)])\s*(?=\S)")
_JOINED = 400


@dataclass(slots=True)
class Text:
    """A paragraph. ``glued``: it came out of an endless line."""

    text: str
    glued: bool = False


@dataclass(slots=True)
class Entry:
    """A list item; ``level`` counts from 0."""

    ordinal: str
    text: str
    level: int
    style: Style
    glued: bool = False
    term: str = ""


@dataclass(slots=True)
class Row:
    """A table row; tables are counted through the document."""

    table: int
    cells: tuple[str, ...]
    header: bool
    text: str = ""


Element = Text | Entry | Row


@dataclass(slots=True, eq=False)
class Heading:
    """A section in the making. ``missing``: only the table of contents knows of it."""

    title: str
    mark: Mark | None = None
    elements: list[Element] = field(default_factory=list)
    children: list[Heading] = field(default_factory=list)
    missing: bool = False

    def last(self) -> Heading:
        """Return the heading that comes last under this one, or itself."""
        heading = self
        while heading.children:
            heading = heading.children[-1]
        return heading


def outline(root: Node, listed: frozenset[str]) -> Heading:
    """Return the headings of the tree. ``listed`` are titles (folded) that a table of contents gives."""
    return _Outline(listed, prose=_has_prose(root)).heading(root, Heading(""), 0)


def _has_prose(node: Node) -> bool:
    pending = [node]
    while pending:
        one = pending.pop()
        if one.piece.kind == "row" or ends_sentence(one.piece.text):
            return True
        pending.extend(one.children)
    return False


@dataclass(slots=True)
class _Outline:
    listed: frozenset[str]
    prose: bool

    def heading(self, node: Node, heading: Heading, depth: int) -> Heading:
        groups: dict[Style, list[Node]] = {}
        for child in node.children:
            if child.style is not None and not child.forced:
                groups.setdefault(child.style, []).append(child)
        chosen = {style for style, nodes in groups.items() if self._are_headings(style, nodes, depth)}
        for child in node.children:
            target = heading.last() if heading.children else heading
            if child.forced or child.style in chosen:
                heading.children.append(self._section(child, depth))
            elif child.leaf:
                target.elements.append(_leaf(child.piece))
            else:
                siblings = groups[child.style] if child.style else []
                self._item(child, target.elements, 0, _joins(child, siblings))
        return heading

    def _section(self, node: Node, depth: int) -> Heading:
        text = node.piece.text.strip()
        heading = Heading(text.rstrip("：: "), node.mark)
        style = node.style
        if (
            not node.forced
            and (style == "article" or not title_like(text))
            and not (style == "article" and _titles(node))
        ):
            label = _LABEL.match(text) if style == "article" else None
            heading.title = (label[1] or label[2]) if label else ""
            body = text[label.end() :] if label else text
            if body:
                heading.elements.append(Text(body, node.piece.glued))
        return self.heading(node, heading, depth + 1)

    def _are_headings(self, style: Style, nodes: Sequence[Node], depth: int) -> bool:
        if style in FIRM:
            return True
        if style in _ALWAYS_ITEMS:
            return False
        count = len(nodes)
        titled = sum(node.titled for node in nodes)
        bodied = sum(bool(node.children) for node in nodes)
        if style != "bullet" and sum(plain(node.piece.text) in self.listed for node in nodes) * 2 > count:
            return True
        if not self.prose:
            return titled == count and (style in ("dotted", "cn", "roman") or bodied > 0 or (depth == 0 and count > 1))
        if style == "dotted" and all(node.piece.glued or node.titled for node in nodes) and bodied > 0:
            return titled * 3 >= count or bodied * 2 >= count
        if style in ("dotted", "cn", "roman"):
            return titled * 2 > count and bodied > 0
        with_text = sum(any(child.leaf for child in node.children) for node in nodes)
        with_body = bodied if depth == 0 or style == "paren_cn" else with_text
        share = 0.5 if style == "paren_cn" else 0.6
        return titled >= 0.7 * count and with_body >= share * count and (count > 1 or (depth == 0 and with_text > 0))

    def _item(self, node: Node, elements: list[Element], level: int, joins: bool) -> None:
        mark = node.mark
        if mark is None:
            return
        entry = Entry(mark.printed, node.piece.text.strip(), level, mark.style, node.piece.glued)
        elements.append(entry)
        groups: dict[Style, list[Node]] = {}
        for child in node.children:
            if child.style is not None:
                groups.setdefault(child.style, []).append(child)
        joining = joins
        for child in node.children:
            if child.leaf:
                joining = joining and child.piece.kind == "text" and elements[-1] is entry
                if joining and width(entry.text + child.piece.text) <= _JOINED:
                    entry.text = _joined(entry.text, child.piece.text)
                else:
                    elements.append(_leaf(child.piece))
            elif child.style is not None:
                self._item(child, elements, level + 1, _joins(child, groups[child.style]))


def _joins(node: Node, siblings: Sequence[Node]) -> bool:
    """Return whether a paragraph right after an item is the item's own.

    Between two items it is; after the last one only if the others have text of their own too.
    """
    if siblings and siblings[-1] is not node:
        return True
    others = [one for one in siblings if one is not node]
    bodied = sum(bool(one.children) and one.children[0].leaf for one in others)
    return node.titled and bodied * 2 >= len(others) + (not others)


def _titles(node: Node) -> bool:
    return title_like(node.piece.text) and bool(node.children) and not node.piece.text.rstrip().endswith(("：", ":"))


def _leaf(piece: Piece) -> Element:
    if piece.kind == "row":
        return Row(piece.table, piece.cells, piece.header)
    return Text(piece.text.strip(), piece.glued)


def _joined(one: str, two: str) -> str:
    return f"{one.rstrip()} {two.strip()}"
