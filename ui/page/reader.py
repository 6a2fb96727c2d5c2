"""The reader: one section in full, one clause of it marked, with its path and what stands before and after.

Knows sections and clause ids; draws them. ``locate`` finds the section of a clause that a link names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from kb.errors import NotThere
from ui.page.render import attributes, notice, shown
from ui.page.texts import Words

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.model import Block, Section


def empty_html(words: Words, *, problem: str = "") -> str:
    """Return what the reader shows before anything is opened; ``problem`` is why what was asked for cannot be."""
    told = notice(problem, "hint") if problem else ""
    return told + (
        f'<div class="empty reader-empty"><div class="sheet" aria-hidden="true"><i></i><i></i><i class="mark"></i><i></i></div>'
        f"<p>{words('reader.empty')}</p><small>{words('reader.empty_more')}</small></div>"
    )


def locate(knowledge: KnowledgeBase, document: str, clause: str) -> tuple[str, str, str]:
    """Return (document id, section number, clause id) of what a link names: a clause, or a section number.

    Raises:
        NotThere: there is no such document, clause or section.
        Ambiguous: several documents have that name.
    """
    found = knowledge.find_document(document)
    for section in knowledge.sections(found.id):
        if any(block.clause == clause for block in section.blocks):
            return found.id, section.number, clause
    _, section = knowledge.find_section(clause, found.id)
    return found.id, section.number, ""


def section_html(
    knowledge: KnowledgeBase, document: str, number: str, *, words: Words, clause: str = "", shared: bool = False
) -> str:
    """Return the section ``number`` with all under it as HTML; ``clause`` has the class ``cited``.

    ``shared`` says that a link led here.

    Raises:
        NotThere: there is no such document or section.
    """
    section = knowledge.section(document, number)
    sections = knowledge.sections(document)
    title = next((one.title for one in knowledge.documents() if one.id == document), document)
    inside = _with_descendants(sections, section)
    body = "".join(_part(one, clause, words, top=one is inside[0]) for one in inside)
    path = "".join(f"<span>{shown(step)}</span>" for step in (f"《{title}》", *section.path[:-1]))
    return (
        f'<article class="section"{attributes(document=document, section=number, clause=clause, shared=shared or None)}>'
        f"<header>{_tools(words)}"
        f'<div class="path">{path}</div><h3>{shown(section.heading)}</h3></header>'
        f'<div class="body">{body}</div>{_neighbours(sections, inside, document, words)}</article>'
    )


def problem_html(message: str, words: Words) -> str:
    """Return what stands where a clause cannot be shown, with the way back."""
    return f'<article class="section"><header>{_tools(words)}</header>{notice(message)}</article>'


def _tools(words: Words) -> str:
    return (
        '<div class="reader-tools">'
        f'<span class="stepper"><button type="button" data-step="-1" aria-label="{words("reader.before")}" '
        f'title="{words("reader.before")}">‹</button><span class="position"></span>'
        f'<button type="button" data-step="1" aria-label="{words("reader.after")}" title="{words("reader.after")}">›</button>'
        "</span><span class='spring'></span>"
        f'<button type="button" data-contents>{words("reader.contents")}</button>'
        f'<button type="button" data-share data-said="{words("reader.shared")}">{words("reader.share")}</button>'
        f'<button type="button" data-close aria-label="{words("reader.close")}" title="{words("reader.close")}">×</button>'
        "</div>"
    )


def _with_descendants(sections: Sequence[Section], section: Section) -> list[Section]:
    inside = {section.number}
    found = [section]
    for other in sections:
        if other.parent in inside and other.number not in inside:
            inside.add(other.number)
            found.append(other)
    return found


def _part(section: Section, clause: str, words: Words, *, top: bool) -> str:
    heading = "" if top else f"<h4{attributes(section=section.number)}>{shown(section.heading)}</h4>"
    problem = {"missing_body": "reader.missing_body", "truncated": "reader.truncated"}.get(section.status)
    note = f'<div class="notice hint">{words(problem)}</div>' if problem else ""
    blocks = "".join(_blocks(section.blocks, clause))
    return heading + (note + blocks if section.status == "missing_body" else blocks + note)


def _blocks(blocks: Sequence[Block], clause: str) -> Iterator[str]:
    def table_of(block: Block) -> str:
        return block.clause.rpartition(".")[0] if block.kind == "row" and block.cells else ""

    for table, run in groupby(blocks, key=table_of):
        if table:
            yield _table(list(run), clause)
        else:
            yield from (_block(block, clause) for block in run)


def _class(*names: str) -> str:
    return f' class="{" ".join(filter(None, names))}"'


def _marks(block: Block, clause: str) -> tuple[str, str]:
    return ("cited" if block.clause == clause else ""), ("repaired" if block.repaired else "")


def _block(block: Block, clause: str) -> str:
    kind = f"item level{min(block.level, 3)}" if block.kind == "item" else "paragraph"
    text = block.text
    lead = ""
    if block.term and text.startswith(block.term):
        lead, text = f"<b>{shown(block.term)}</b>", text[len(block.term) :]
    ordinal = f'<span class="ordinal">{shown(block.ordinal)}</span>' if block.ordinal else ""
    return (
        f"<div{_class('words', kind, *_marks(block, clause))}{attributes(clause=block.clause)}>"
        f'{ordinal}<div class="text">{lead}{shown(text)}</div><span class="clause">{shown(block.clause)}</span></div>'
    )


def _table(rows: Sequence[Block], clause: str) -> str:
    header = rows[0].header
    head = f"<thead><tr>{''.join(f'<th>{shown(cell)}</th>' for cell in header)}</tr></thead>" if any(header) else ""
    body = "".join(
        f"<tr{_class(*_marks(row, clause))}{attributes(clause=row.clause)}>"
        f"{''.join(f'<td>{shown(cell)}</td>' for cell in row.cells)}</tr>"
        for row in rows
    )
    return f'<div class="table"><table>{head}<tbody>{body}</tbody></table></div>'


def _neighbours(sections: Sequence[Section], inside: Sequence[Section], document: str, words: Words) -> str:
    numbers = [one.number for one in sections]
    first, last = numbers.index(inside[0].number), numbers.index(inside[-1].number)
    before = sections[first - 1] if first else None
    after = sections[last + 1] if last + 1 < len(sections) else None

    def link(section: Section | None, label: str, css: str) -> str:
        if section is None:
            return "<span></span>"
        named = attributes(document=document, section=section.number)
        return (
            f'<button type="button" class="open-section {css}"{named}><small>{words(label)}</small>'
            f"{shown(section.heading)}</button>"
        )

    ends = link(before, "reader.previous_section", "before") + link(after, "reader.next_section", "after")
    return f'<nav class="neighbours">{ends}</nav>'


def first_section(knowledge: KnowledgeBase, document: str) -> str:
    """Return the number of the first section of a document that has text.

    Raises:
        NotThere: the document has no section.
    """
    sections = knowledge.sections(document)
    for section in sections:
        if section.blocks:
            return section.number
    if not sections:
        raise NotThere("这份文档没有可读的章节")
    return sections[0].number
