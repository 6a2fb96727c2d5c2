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
from ingest.structure.titles import lead_term
from ingest.structure.tree import Node
from ingest.structure.wording import STANDARD_TITLES

_ALWAYS_ITEMS: frozenset[Style] = frozenset({"circle", "paren", "bullet", "alpha"})
_LABEL = re.compile(r"\s*(?:【([^】]{1,20})】|[（(]([^）)]{1,20})[）)])\s*(?=\S)")
# what a clause says and a title does not
_STATES = re.compile(
    r"，|[。；;！]$|(?<![供响适反])应(?![急用对答收付聘变])|须(?!知)|不得|禁止|严禁|负责(?!人)|适用于"
    r"|[由经].{1,12}(?:审批|批准|负责|审核|复核|处理|执行|办理)|\d\s*(?:元|小时|分钟|天|日|个|次|%|％|人|倍)"
)
_NAMED: frozenset[Style] = frozenset({"cn", "roman", "dotted", "dot", "comma", "bare"})
_NAME = 12
_JOINED = 400
_FEW = 3


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
    return _Outline(listed, _has_prose(root), _peers(root)).heading(root, Heading(""), 0)


def _peers(root: Node) -> dict[tuple[Style | None, Style], list[Node]]:
    """Return the marked nodes of the whole document by their parent's and their own style."""
    peers: dict[tuple[Style | None, Style], list[Node]] = {}
    pending = [root]
    while pending:
        node = pending.pop()
        for style, nodes in _by_style(node.children).items():
            peers.setdefault((node.style, style), []).extend(nodes)
        pending.extend(node.children)
    return peers


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
    peers: dict[tuple[Style | None, Style], list[Node]]

    def heading(self, node: Node, heading: Heading, depth: int) -> Heading:
        groups = _by_style(node.children)
        own = _with_own_text(groups)
        chosen = {style for style, nodes in groups.items() if self._are_headings(style, nodes, node.style, depth)}
        for child in node.children:
            target = heading.last() if heading.children else heading
            if child.forced or child.style in chosen:
                heading.children.append(self._section(child, depth))
            elif child.leaf:
                target.elements.append(_leaf(child.piece))
            else:
                self._item(child, target.elements, 0, id(child) in own)
        return heading

    def _section(self, node: Node, depth: int) -> Heading:
        title, body = _title_and_body(node)
        heading = Heading(title, node.mark)
        if body:
            heading.elements.append(Text(body, node.piece.glued))
        heading = self.heading(node, heading, depth + 1)
        # a numbered clause of one line, set as a heading like those that have text: its words are its body
        empty = not heading.elements and not heading.children
        if empty and node.mark is not None and plain(title) not in self.listed and _STATES.search(node.piece.text):
            heading.title, heading.elements = "", [Text(node.piece.text.strip())]
        return heading

    def _are_headings(self, style: Style, nodes: Sequence[Node], parent: Style | None, depth: int) -> bool:
        if style in FIRM:
            return True
        if style in _ALWAYS_ITEMS:
            return False
        if len(nodes) < _FEW:
            nodes = self.peers[parent, style]  # two or three say little: all of their kind are asked
        count = len(nodes)
        titled = sum(node.titled for node in nodes)
        bodied = sum(bool(node.children) for node in nodes)
        if style != "bullet" and sum(plain(node.piece.text) in self.listed for node in nodes) * 2 > count:
            return True
        if style in _NAMED and (depth == 0 or style == "dotted") and _standard_names(nodes):
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
        enough = count > 1 or ((depth == 0 or style == "paren_cn") and with_text > 0)
        return titled >= 0.7 * count and with_body >= share * count and enough

    def _item(self, node: Node, elements: list[Element], level: int, joins: bool) -> None:
        mark = node.mark
        if mark is None:
            return
        entry = Entry(mark.printed, node.piece.text.strip(), level, mark.style, node.piece.glued)
        elements.append(entry)
        own = _with_own_text(_by_style(node.children))
        for child in node.children:
            if child.leaf:
                introduces = child is node.children[-1] and child.piece.text.rstrip().endswith(("：", ":"))
                joins = joins and child.piece.kind == "text" and elements[-1] is entry and not introduces
                if joins and width(entry.text + child.piece.text) <= _JOINED:
                    entry.text = _joined(entry.text, child.piece.text)
                else:
                    elements.append(_leaf(child.piece))
            elif child.style is not None:
                self._item(child, elements, level + 1, id(child) in own)


def _by_style(nodes: Sequence[Node]) -> dict[Style, list[Node]]:
    groups: dict[Style, list[Node]] = {}
    for node in nodes:
        if node.style is not None and not node.forced:
            groups.setdefault(node.style, []).append(node)
    return groups


def _with_own_text(groups: dict[Style, list[Node]]) -> set[int]:
    """Return the ids of the nodes whose following paragraph is their own if they are items.

    Between two items it is; after the last one only if the others have text of their own too.
    """
    own: set[int] = set()
    for nodes in groups.values():
        starts = [at for at, node in enumerate(nodes) if at == 0 or (node.mark is not None and node.mark.last == 1)]
        for start, end in zip(starts, [*starts[1:], len(nodes)], strict=True):
            run = nodes[start:end]
            own.update(id(node) for node in run[:-1])
            bodied = sum(bool(node.children) and node.children[0].leaf for node in run[:-1])
            if run[-1].titled and bodied * 2 >= len(run) - 1 + (len(run) == 1):
                own.add(id(run[-1]))
    return own


def _title_and_body(node: Node) -> tuple[str, str]:
    """Return what a heading is called and the text that stands in its line."""
    text = node.piece.text.strip()
    if node.forced:
        return text.rstrip("：: "), ""
    if node.style == "article":
        if title_like(text) and node.children and not text.endswith(("：", ":")):
            return text, ""
        label = _LABEL.match(text)
        return (label[1] or label[2], text[label.end() :]) if label else ("", text)
    if title_like(text):
        return text.rstrip("：: "), ""
    name = lead_term(text)
    return (name, text[len(name) :].lstrip("：: ")) if name and width(name) <= _NAME else ("", text)


def _standard_names(nodes: Sequence[Node]) -> bool:
    """Return whether the lines are named as sections of an SOP are: `一、目的：…`, `二、适用范围：…`."""
    names = [_title_and_body(node)[0] for node in nodes]
    return len(names) > 1 and all(names) and sum(name in STANDARD_TITLES for name in names) * 2 >= len(names)


def _leaf(piece: Piece) -> Element:
    if piece.kind == "row":
        return Row(piece.table, piece.cells, piece.header)
    return Text(piece.text.strip(), piece.glued)


def _joined(one: str, two: str) -> str:
    return f"{one.rstrip()} {two.strip()}"
