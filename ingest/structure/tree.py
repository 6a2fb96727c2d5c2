"""The stack: puts every marked piece where its number continues a sequence or opens one.

Knows numbers, styles and what is open; makes no difference yet between headings and list items (``outline`` does, group
by group), except that a format's own headings and the words 章, 节, 条, 附录 can only be headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from ingest.structure.markers import FIRM, ORDER, Mark, Style, ends_sentence, title_like
from ingest.structure.pieces import Piece

_WIDEST_GAP = 3
_LOOK_BACK = 50
_LONGEST_TITLE = 60
_DEEPEST = 40  # nothing real nests so deep; keeps recursion bounded on hostile input
_SIMPLE: frozenset[Style] = frozenset(
    {"dot", "comma", "bare", "roman", "step", "paren", "parens", "paren_cn", "circle", "alpha", "bullet"}
)


@dataclass(slots=True, eq=False)
class Node:
    """A piece and what stands under it. A leaf (text, table row) has no children."""

    piece: Piece
    children: list[Node] = field(default_factory=list)

    @property
    def mark(self) -> Mark | None:
        """Return the ordinal."""
        return self.piece.mark

    @property
    def style(self) -> Style | None:
        """Return the style of the ordinal."""
        return self.piece.mark.style if self.piece.mark else None

    @property
    def forced(self) -> bool:
        """Return whether the format says that this is a heading."""
        return self.piece.kind == "heading"

    @property
    def leaf(self) -> bool:
        """Return whether this is a paragraph or a table row."""
        return not self.forced and self.piece.mark is None

    @property
    def titled(self) -> bool:
        """Return whether the words can be a title."""
        return title_like(self.piece.text)


def grow(pieces: Sequence[Piece]) -> Node:
    """Return the root of the tree of ``pieces``."""
    tree = _Tree()
    for at, piece in enumerate(pieces):
        tree.add(piece, pieces[at + 1] if at + 1 < len(pieces) else None)
    return tree.root


class _Tree:
    def __init__(self) -> None:
        self.root = Node(Piece(""))
        self.stack = [self.root]

    @property
    def top(self) -> Node:
        return self.stack[-1]

    def add(self, piece: Piece, following: Piece | None) -> None:
        if piece.kind == "heading":
            self._add_heading(piece)
        elif piece.mark is None or piece.kind == "row":
            self._leaf(piece)
        elif piece.mark.style in FIRM:
            self._add_firm(piece, piece.mark)
        elif piece.mark.style == "dotted":
            self._add_dotted(piece, piece.mark)
        elif piece.kind == "item" and piece.mark.style in _SIMPLE:
            self._add_format_item(piece, piece.mark)
        else:
            self._add_listed(piece, piece.mark, following)

    def _leaf(self, piece: Piece) -> None:
        if piece.mark is not None:
            piece = Piece(piece.raw or piece.mark.printed + piece.text, kind="text", glued=piece.glued)
        self.top.children.append(Node(piece))

    def _push(self, piece: Piece, below: int) -> None:
        """Open ``piece`` as a child of ``stack[below]``."""
        del self.stack[min(below, _DEEPEST) + 1 :]
        node = Node(piece)
        self.top.children.append(node)
        self.stack.append(node)

    def _add_heading(self, piece: Piece) -> None:
        mark = piece.mark
        if mark is not None and mark.style == "dotted":
            parent = self._parent_of(mark)
            if parent is not None and (parent == 0 or self.stack[parent].forced or self.stack[parent].style in FIRM):
                self._push(piece, parent)
                return
        level = piece.level or 1
        below = len(self.stack) - 1
        while below and not self._above(self.stack[below], mark, level, below):
            below -= 1
        self._push(piece, below)

    def _above(self, node: Node, mark: Mark | None, level: int, at: int) -> bool:
        """Return whether an open ``node`` stands above a heading of ``level``."""
        if not node.forced:
            return node.style in FIRM and mark is not None and ORDER[node.style] < ORDER[mark.style]
        if node.piece.level != level:
            return (node.piece.level or 1) < level
        if mark is None or node.mark is None or mark.style == node.mark.style:
            return False
        others = [one for one in self.stack[:at] if one.style == mark.style]
        return ORDER[node.mark.style] < ORDER[mark.style] and not others

    def _add_firm(self, piece: Piece, mark: Mark) -> None:
        words = piece.text
        prose = words and not title_like(words) and (ends_sentence(words) or len(words) > _LONGEST_TITLE)
        if prose and mark.style != "article" and not piece.glued:
            self._leaf(piece)
            return
        same = [at for at, node in enumerate(self.stack) if node.style == mark.style]
        if same:
            self._push(piece, same[-1] - 1)
            return
        below = len(self.stack) - 1
        while below and not self._outside(self.stack[below], mark):
            below -= 1
        self._push(piece, below)

    def _outside(self, node: Node, mark: Mark) -> bool:
        style = node.style
        if style is None or (node.forced and style not in FIRM):
            return mark.style != "appendix" or (node.piece.level or 1) < 1
        if style in FIRM:
            return ORDER[style] < ORDER[mark.style]
        return mark.style == "article" and style == "cn" and node.titled

    def _parent_of(self, mark: Mark) -> int | None:
        """Return where in the stack the number stands that ``mark`` goes on from (`2` or `2.3` for `2.3.1`)."""
        loose: list[int] = []
        for at in range(len(self.stack) - 1, 0, -1):
            node = self.stack[at]
            if node.mark is None:
                continue
            if node.style == "dotted" and node.mark.value[:-1] == mark.value[:-1]:
                return at - 1
            if node.mark.value == mark.value[:-1]:
                if node.style in ("chapter", "appendix", "dotted") or node.forced:
                    return at
                if node.style in ("dot", "comma", "bare", "cn"):
                    loose.append(at)
        return loose[0] if loose else None

    def _add_dotted(self, piece: Piece, mark: Mark) -> None:
        parent = self._parent_of(mark)
        titled = title_like(piece.text)
        if parent is None:
            depth = [
                at
                for at, node in enumerate(self.stack)
                if node.style == "dotted" and node.mark and node.mark.depth == mark.depth
            ]
            if not (titled or mark.last == 1 or piece.glued or depth):
                self._leaf(piece)
                return
            if depth and not titled and not piece.glued and mark.last != 1:
                self._leaf(piece)
                return
            below = depth[-1] - 1 if depth else self._nearest_heading()
            self._push(piece, below)
            return
        siblings = self.stack[parent].children
        last = next(
            (n.mark.last for n in reversed(siblings) if n.mark and n.style == "dotted" and n.mark.depth == mark.depth),
            0,
        )
        in_order = last < mark.last <= last + _WIDEST_GAP
        if piece.glued or in_order or (titled and (mark.last > last or len(piece.text) < 20)):
            self._push(piece, parent)
        else:
            self._leaf(piece)

    def _nearest_heading(self) -> int:
        for at in range(len(self.stack) - 1, 0, -1):
            node = self.stack[at]
            if node.forced or node.style in FIRM or (node.style == "cn" and node.titled):
                return at
        return 0

    def _add_format_item(self, piece: Piece, mark: Mark) -> None:
        below = len(self.stack) - 1
        while below:
            node = self.stack[below]
            if node.forced or node.style in FIRM or node.style in ("dotted", "cn"):
                break
            if node.piece.kind == "item":
                if node.piece.level < piece.level:
                    break
            elif node.style is not None and ORDER[node.style] < ORDER[mark.style]:
                break
            below -= 1
        self._push(piece, below)

    def _add_listed(self, piece: Piece, mark: Mark, following: Piece | None) -> None:
        same = [
            at
            for at in range(len(self.stack) - 1, 0, -1)
            if self.stack[at].style == mark.style and not self.stack[at].forced
        ]
        same = same or [at for at in range(len(self.stack) - 1, 0, -1) if self.stack[at].style == mark.style]
        if mark.style == "bullet":
            self._push(piece, same[0] - 1 if same else self._open_below(mark))
            return
        continued = [at for at in same if self._last(at) + 1 == mark.last and not self.stack[at].forced]
        if continued:
            self._push(piece, self._which(continued, piece, following) - 1)
        elif mark.last == 1 or not same:
            self._open_list(piece, mark, same)
        elif mark.style == "bare" or (self.stack[same[0]].forced and not title_like(piece.text)):
            self._leaf(piece)
        else:
            self._push(piece, same[0] - 1)

    def _last(self, at: int) -> int:
        mark = self.stack[at].mark
        return mark.last if mark else 0

    def _which(self, continued: Sequence[int], piece: Piece, following: Piece | None) -> int:
        """Return which of several open lists a number goes on with: the one whose members look like it."""
        if len(continued) == 1:
            return continued[0]
        titled = title_like(piece.text)
        alike = [at for at in continued if self.stack[at].titled == titled] or list(continued)
        if len(alike) == 1 or not titled:
            return alike[0]
        body = following is not None and following.mark is None and not title_like(following.text)
        return alike[-1] if body and not self.stack[alike[0]].children else alike[0]

    def _open_list(self, piece: Piece, mark: Mark, same: Sequence[int]) -> None:
        if mark.style == "bare" and (mark.last != 1 or not title_like(piece.text)):
            self._leaf(piece)
            return
        if same and not self._holds_lists(same[0]):
            self._push(piece, same[0] - 1)
        elif same:
            self._push(piece, len(self.stack) - 1 if self.top.titled or self.top.forced else same[0])
        else:
            self._push(piece, self._open_below(mark))

    def _holds_lists(self, at: int) -> bool:
        """Return whether the open node of the same style looks like a heading, below which numbering starts anew."""
        node = self.stack[at]
        if node.forced:
            return True
        if not node.titled:
            return False
        recent = islice(reversed(self.stack[at - 1].children), _LOOK_BACK)
        before = [one for one in recent if one is not node and one.style == node.style]
        return not before or any(one.children for one in before)

    def _open_below(self, mark: Mark) -> int:
        """Return under which open node a new list begins: inner styles are left, titles and `…：` are not."""
        below = len(self.stack) - 1
        while below:
            node = self.stack[below]
            if node.forced or node.style is None or node.style in FIRM or node.style == "dotted":
                break
            if ORDER[node.style] < ORDER[mark.style]:
                break
            if mark.style != "bullet" and (node.titled or node.piece.text.rstrip()[-1:] in "：:"):
                break
            below -= 1
        return below
