"""Passages: the shapes in which a section can answer (a clause, a list, a procedure, a table). No scores, no questions.

A passage is made of statements, each a verbatim slice of one block. Lists, procedures and tables are whole: a passage
never leaves a member out, it only says each member shorter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant import sentences
from kb.model import Block, Section

_PROCEDURAL = re.compile(r"(流程|步骤|程序|规程|办理|处理|操作|作业|响应|处置|过程|日程)(与[^与]{2,6})?$")
SHORT_INTRODUCTION = 60
_TERMS = re.compile(r"术语|定义|名词|含义|常用说法|下列(?:用语|词语)|本(?:规定|文件|制度|手册)所称")
_LEADING_ON = re.compile(r"[：:]\s*$|(以下|如下|包括|分为|有)[^。]{0,20}[：:。]?\s*$")

# A table's number before its name, and what ends a sentence or parts it; words without any of it are a heading left over.
_CAPTION = re.compile(r"^附?[表图]\s*[\d一二三四五六七八九十]+(?:[-.]\d+)*[：:\s]*")
_SENTENCE = re.compile(r"[。！？!?；;：:，,、\d]")
LONGEST_HEADING = 20
# A section that goes on where the one before it stopped (七天日程：第5天至第7天) shares the words before this.
_PART = re.compile(r"[：:（(]|[-—–]|续")

Shape = Literal["clause", "list", "sublist", "table", "procedure", "outline", "entry"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A verbatim slice of a block of a section; ``lead`` marks the sentence that introduces a list."""

    section: Section
    block: Block
    start: int
    end: int
    lead: bool = False

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.block.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Passage:
    """Statements that belong together, from one section or (a procedure) from a section and those under it."""

    document: str
    section: Section
    shape: Shape
    statements: tuple[Statement, ...]

    @property
    def members(self) -> tuple[Statement, ...]:
        """The statements without the introducing sentence."""
        return tuple(statement for statement in self.statements if not statement.lead)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of a table's columns, none of what is no table."""
        return self.members[0].block.header if self.members else ()

    @property
    def procedural(self) -> bool:
        """Say whether these are steps: the section, or the one above, calls itself a procedure, or the items name no terms."""
        if any(_PROCEDURAL.search(title) for title in self.section.path[-2:]):
            return True
        items = [statement.block for statement in self.members if statement.block.kind == "item"]
        return len(items) >= 3 and sum(bool(block.term) for block in items) * 2 < len(items)

    @property
    def defines(self) -> bool:
        """Say whether this is one of several defined terms or all of them: of a section of terms, or of a list of them."""
        first = self.members[0].block if self.members else self.statements[0].block
        if self.shape not in {"clause", "list", "table"} or (self.shape != "table" and not first.term):
            return False
        siblings = [block for block in self.section.blocks if block.kind == "item" and block.level == first.level]
        told = "".join(self.section.path[-1:]) + "".join(b.text for b in self.section.blocks if b.kind == "paragraph")
        return bool(siblings) and bool(_TERMS.search(told))

    @property
    def label(self) -> str:
        """What the passage calls itself: an item's term, a row's first cell that says something, else the section's title."""
        first = self.statements[0].block
        if self.shape in {"clause", "sublist"}:
            if first.term:
                return first.term
            if first.kind == "row":
                return next((cell for cell in first.cells if re.search(r"[^\W\d]", cell)), "")
        title, number = self.section.title, self.section.number
        return title if title != number else "".join(self.section.path[-2:-1])

    @property
    def introduces(self) -> bool:
        """Say whether this is only what a paragraph says before it introduces a list."""
        first = self.statements[0]
        return self.shape == "clause" and first.block.kind == "paragraph" and first.end < len(first.block.text)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clause ids, once each, in order."""
        return tuple(dict.fromkeys(statement.block.clause for statement in self.statements))

    @property
    def text(self) -> str:
        """All words, one statement a line."""
        return "\n".join(statement.text for statement in self.statements)


def whole(section: Section, block: Block, *, lead: bool = False) -> Statement:
    """Return all of ``block`` as one statement."""
    return Statement(section, block, 0, len(block.text), lead)


def passages(document: str, section: Section) -> Iterator[Passage]:
    """Yield every passage of one section's own blocks: each clause, each list with its introduction, each table."""
    blocks = section.blocks
    for index, block in enumerate(blocks):
        nested = _nested(blocks, index)
        if is_heading(block):
            continue
        if block.kind == "item" and len(nested) >= 2:
            members = (whole(section, block, lead=True), *(whole(section, inner) for inner in nested))
            yield Passage(document, section, "sublist", members)
        elif block.kind == "paragraph" and _introduces(blocks, index):
            if before := _before_introduction(section, block):
                yield Passage(document, section, "clause", (before,))
        elif block.kind != "item" or block.level == 0 or not _has_parent(blocks, index):
            yield Passage(document, section, "clause", (whole(section, block), *(whole(section, b) for b in nested)))
        if block.kind == "item" and block.level > 0:
            yield Passage(document, section, "clause", (whole(section, block),))
    yield from _runs(document, section)


def is_heading(block: Block) -> bool:
    """Say whether a paragraph is only a heading, a table's name or a letterhead, which states nothing."""
    if block.kind != "paragraph":
        return False
    words = _CAPTION.sub("", block.text.strip())
    return len(words) <= LONGEST_HEADING and not _SENTENCE.search(words)


def _nested(blocks: Sequence[Block], index: int) -> list[Block]:
    """Return the items nested under item ``index``."""
    if blocks[index].kind != "item":
        return []
    nested: list[Block] = []
    for block in blocks[index + 1 :]:
        if block.kind != "item" or block.level <= blocks[index].level:
            break
        nested.append(block)
    return nested


def _introduces(blocks: Sequence[Block], index: int) -> bool:
    """Say whether paragraph ``index`` only leads to the list or table after it."""
    follows = index + 1 < len(blocks) and blocks[index + 1].kind != "paragraph"
    return follows and bool(_LEADING_ON.search(blocks[index].text))


def _before_introduction(section: Section, block: Block) -> Statement | None:
    """Return what a paragraph says before its last, introducing sentence."""
    spans = sentences.split(block.text)
    return Statement(section, block, spans[0].start, spans[-2].end) if len(spans) > 1 else None


def _has_parent(blocks: Sequence[Block], index: int) -> bool:
    return any(b.kind == "item" and b.level < blocks[index].level for b in blocks[:index])


def _runs(document: str, section: Section) -> Iterator[Passage]:
    """Yield each run of items as a list (with the paragraph before it) and each run of rows as a table."""
    blocks = section.blocks
    start = 0
    while start < len(blocks):
        kind = blocks[start].kind
        end = start + 1
        while end < len(blocks) and _continues(blocks[end - 1], blocks[end]):
            end += 1
        run = blocks[start:end]
        if kind != "paragraph" and len([block for block in run if block.level == run[0].level]) >= 2:
            lead = _introduction(section, blocks[start - 1]) if start and blocks[start - 1].kind == "paragraph" else ()
            yield Passage(
                document,
                section,
                "list" if kind == "item" else "table",
                (*lead, *(whole(section, block) for block in run)),
            )
        start = end


def _continues(before: Block, after: Block) -> bool:
    if before.kind != after.kind or after.kind == "paragraph":
        return False
    return after.kind == "item" or before.clause.rpartition(".")[0] == after.clause.rpartition(".")[0]


def _introduction(section: Section, block: Block) -> tuple[Statement, ...]:
    """Return the paragraph before a list as its introduction: whole where it is short, else its last sentence."""
    if len(block.text) <= SHORT_INTRODUCTION:
        caption = _CAPTION.match(block.text)
        start = caption.end() if caption else 0
        return (Statement(section, block, start, len(block.text), lead=True),) if start < len(block.text) else ()
    spans = sentences.split(block.text)
    return (Statement(section, block, spans[-1].start, spans[-1].end, lead=True),) if spans else ()


def continued(document: str, sections: Sequence[Section]) -> Iterator[Passage]:
    """Yield the tables and lists that go on over several of the neighbouring ``sections``, each as one.

    Slides and pages break a table where they end; what goes on has the title of the first and the same header.
    """
    for run in _runs_of_parts(sections):
        rows = [[block for block in section.blocks if block.kind == "row"] for section in run]
        if not all(rows) or len({one[0].header for one in rows}) > 1:
            continue
        title = _stem(run[0])
        whole_of = replace(run[0], title=title, path=(*run[0].path[:-1], title))
        statements = (whole(section, block) for section, blocks in zip(run, rows, strict=True) for block in blocks)
        yield Passage(document, whole_of, "table", tuple(statements))


def _runs_of_parts(sections: Sequence[Section]) -> Iterator[list[Section]]:
    run: list[Section] = []
    for section in sections:
        if run and (len(_stem(section)) < 2 or _stem(section) != _stem(run[0])):
            if len(run) > 1:
                yield run
            run = []
        run.append(section)
    if len(run) > 1:
        yield run


def _stem(section: Section) -> str:
    return _PART.split(section.title)[0].strip()


def procedure(document: str, section: Section, children: Sequence[Section]) -> Passage | None:
    """Return the steps of ``children`` (sections under ``section``, in order) as one procedure; None where there is none.

    Only a section that calls itself a procedure is one; a chapter of principles and methods is not.
    """
    if not _PROCEDURAL.search(section.title):
        return None
    statements: list[Statement] = []
    with_items = 0
    for child in children:
        items = [block for block in child.blocks if block.kind == "item"]
        chosen = items or [block for block in child.blocks if block.kind == "paragraph"][:1]
        with_items += bool(items)
        statements.extend(whole(child, block) for block in chosen)
    if with_items < 2:
        return None
    return Passage(document, section, "procedure", tuple(statements))


def outline(document: str, section: Section, below: Iterable[Statement] = ()) -> Passage | None:
    """Return what a section is about: its first sentence and its items, and of a chapter ``below``, what its parts say first."""
    statements: list[Statement] = []
    for block in section.blocks:
        if block.kind == "paragraph" and not statements:
            span = sentences.clip(block.text, 120)
            statements.append(Statement(section, block, span.start, span.end, lead=True))
        elif block.kind != "paragraph" and block.level == 0:
            statements.append(Statement(section, block, 0, sentences.clip(block.text, 60).end))
    statements.extend(below)
    return Passage(document, section, "outline", tuple(statements)) if statements else None
