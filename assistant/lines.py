"""From a passage to the lines of an answer: its own sentences, in order, as long as an answer may be.

Knows passages and how much of each is said; not which passages are chosen (``assistant/compose.py``). Nothing is said
that is not a slice of a block, save the framing lines, which only name sections and count members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import sentences
from assistant.asked import Place
from assistant.extent import WHOLE_LIST, members_at
from assistant.passage import Passage, Statement
from assistant.question import Kind, Question
from assistant.rank import best_sentence
from kb.fold import fold
from kb.model import Section
from kb.terms import Terms

# Characters. The median answer stays under 400, the 95th percentile under 900.
LONG_LIST = 820
LONG_PROCEDURE = 1600
CLAUSE = 260


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer: a statement with its number in a list, or a framing line without a source."""

    statement: Statement | None
    document: str = ""
    prefix: str = ""
    framing: str = ""

    @property
    def clause(self) -> tuple[str, str]:
        """Document and clause id, ``""`` for a framing line."""
        return self.document, self.statement.block.clause if self.statement else ""

    def within(self, other: Line) -> bool:
        """Say whether ``other`` says all that this line says."""
        mine, theirs = self.statement, other.statement
        if mine is None or theirs is None or self.clause != other.clause:
            return False
        return theirs.start <= mine.start and mine.end <= theirs.end

    @property
    def numbered(self) -> bool:
        """Say whether this is a member of a list."""
        return self.prefix[:1].isdigit()


@dataclass(frozen=True, slots=True)
class Draft:
    """The lines of an answer, before the markers are given out."""

    lines: tuple[Line, ...]

    def __add__(self, other: Draft) -> Draft:
        """Return both drafts, one after the other, nothing said twice.

        A list stays whole: what was said of it before is left to it.
        """
        listed = [line for line in other.lines if line.numbered]
        own = [line for line in self.lines if line.numbered or not any(line.within(member) for member in listed)]
        said = [line for line in own if line.statement]
        again = [line for line in other.lines if line.statement and any(line.within(one) for one in said)]
        if listed and any(line not in again for line in listed):
            again = [line for line in again if not line.numbered and not line.prefix]
        fresh = [line for line in other.lines if line not in again]
        return Draft((*own, *fresh)) if any(line.statement for line in fresh) else Draft(tuple(own))


def length(lines: Sequence[Line]) -> int:
    """Return how many characters of the source the ``lines`` say."""
    return sum(len(line.statement.text) for line in lines if line.statement)


def members(passage: Passage, *, question: Question, terms: Terms) -> list[Line]:
    """Return a list, table or procedure whole: every member is said, in full or by its first sentences or its term."""
    kind = question.kind
    leads = [statement for statement in passage.statements if statement.lead]
    chosen = _shortened(_outer(passage, kind), LONG_PROCEDURE if kind == "procedure" else LONG_LIST, terms=terms)
    lines: list[Line] = []
    if passage.shape == "sublist" and leads:
        lines.append(Line(_lead_sentence(leads[0]), passage.document))
    elif leads:
        lines.append(Line(leads[0], passage.document))
    else:
        lowest = min(statement.block.level for statement in chosen)
        outer = chosen if passage.shape == "outline" else [one for one in chosen if one.block.level == lowest]
        lines.append(Line(None, framing=_frame(passage, len(outer))))
    section: Section | None = None
    for number, statement in enumerate(chosen, 1):
        over_sections = passage.shape in {"procedure", "outline"} and len(chosen) > 1
        if over_sections and statement.section not in (section, passage.section):
            section = statement.section
            lines.append(Line(None, framing=f"{_heading_under(passage.section, section)}："))
        lines.append(Line(statement, passage.document, prefix=_prefix(statement, number, passage)))
    return lines


def member_at(passage: Passage, place: Place, *, question: Question, terms: Terms) -> list[Line]:
    """Return the member of a list at ``place``, said to be it; the whole list where it has no such place."""
    at, count, found = members_at(passage, place)
    unit, name = place.unit, passage.label
    if not found:
        framing = Line(None, framing=f"{name}共 {count} {unit}，没有第 {at} {unit}：")
        listed = members(passage, question=question, terms=terms)
        return [framing, *(line for line in listed if line.statement and not line.statement.lead)]
    framing = Line(None, framing=f"{name}的第 {at} {unit}（共 {count} {unit}）：")
    return [framing, *(Line(one, passage.document, prefix="   - " if one is not found[0] else "") for one in found)]


def _outer(passage: Passage, kind: Kind) -> tuple[Statement, ...]:
    """Return the members of a passage; of a long list only its own items, their details left to the clause itself.

    A procedure keeps every step, and an item that only leads to its details keeps those.
    """
    every = passage.members
    if not every:
        return ()
    if passage.shape != "list" or sum(len(member.text) for member in every) <= WHOLE_LIST:
        return every
    if kind == "procedure" and passage.procedural:
        return every
    lowest = min(member.block.level for member in every)
    kept: list[Statement] = []
    leading = False
    for member in every:
        if member.block.level == lowest:
            leading = leads_on(member)
        if member.block.level == lowest or leading:
            kept.append(member)
    return tuple(kept)


def leads_on(statement: Statement) -> bool:
    """Say whether a statement ends with a colon in the source, so that it says nothing without what follows it."""
    return statement.text.rstrip().endswith(("：", ":"))


def _prefix(statement: Statement, number: int, passage: Passage) -> str:
    if passage.shape == "outline" and statement.section is not passage.section:
        return ""  # its heading stands above it
    lowest = min(member.block.level for member in passage.members)
    if passage.shape in {"list", "procedure"} and statement.block.level > lowest:
        return "   - "
    outer = [member for member in passage.members if member.block.level == lowest]
    order = next((i for i, s in enumerate(outer, 1) if s.block.clause == statement.block.clause), number)
    return f"{order}. "


def _heading_under(above: Section, section: Section) -> str:
    """Return the heading of the part of ``above`` that ``section`` is or stands in."""
    depth = len(above.path)
    if len(section.path) <= depth + 1:
        return section.heading
    printed = section.number if section.number[:1].isdigit() else section.parent
    number = ".".join(printed.split(".")[: depth + 1])
    return f"{number} {section.path[depth]}" if number[:1].isdigit() else section.path[depth]


def _frame(passage: Passage, count: int) -> str:
    if passage.shape == "outline":
        if count == 1:
            return f"{passage.section.heading}："
        unit = "节" if any(one.section is not passage.section for one in passage.statements) else "项"
        return f"{passage.section.heading}（共 {count} {unit}）："
    unit = {"procedure": "步", "table": "条"}.get(passage.shape, "项")
    return f"{passage.section.title}（共 {count} {unit}）："


def _lead_sentence(statement: Statement) -> Statement:
    """Return the sentence of an item that introduces its nested items: the last one."""
    spans = sentences.split(statement.text)
    if len(statement.text) <= CLAUSE or not spans:
        return statement
    return replace(statement, start=statement.start + spans[-1].start, end=statement.start + spans[-1].end)


def _shortened(every: Sequence[Statement], longest: int, *, terms: Terms) -> tuple[Statement, ...]:
    """Return the members within the length of an answer: in full, else first sentences, else terms. None is left out.

    Where they are cut to first sentences, those whose later ones speak of what is asked are said in full.
    """
    if sum(len(member.text) for member in every) <= WHOLE_LIST:
        return tuple(every)
    share = WHOLE_LIST // max(len(every), 1)
    short = [_cut(member, sentences.clip(member.text, share)) for member in every]
    if sum(len(member.text) for member in short) <= longest:
        return tuple(_restored(every, short, longest, terms=terms))
    if all(member.block.term for member in every):
        return tuple(_cut(member, sentences.Span(0, len(member.block.term))) for member in every)
    return tuple(short)


def _restored(every: Sequence[Statement], short: list[Statement], longest: int, *, terms: Terms) -> Sequence[Statement]:
    """Return ``short`` with those members in full that the cut took words of the question from, as far as there is room."""

    def lost(at: int) -> float:
        heading = fold(" ".join(every[at].section.path))
        whole, left = (terms.coverage(f"{heading} {fold(one.text)}") for one in (every[at], short[at]))
        return whole - left

    losses = {at: lost(at) for at in range(len(every)) if len(every[at].text) > len(short[at].text)}
    room = longest - sum(len(one.text) for one in short)
    for at in sorted(losses, key=lambda at: -losses[at]):
        more = len(every[at].text) - len(short[at].text)
        if losses[at] > 0 and more <= room:
            room -= more
            short[at] = every[at]
    return short


def _cut(statement: Statement, span: sentences.Span) -> Statement:
    return replace(statement, start=statement.start + span.start, end=statement.start + span.end)


def clause(passage: Passage, *, question: Question, terms: Terms, titles: Mapping[str, str]) -> list[Line]:
    """Return a clause and what is nested under it, each line as far as it answers."""
    return [
        Line(
            _relevant(statement, passage, question=question, terms=terms, titles=titles),
            passage.document,
            prefix="   - " if statement is not passage.statements[0] else "",
        )
        for statement in passage.statements
    ]


def _relevant(
    statement: Statement, passage: Passage, *, question: Question, terms: Terms, titles: Mapping[str, str]
) -> Statement:
    """Return the part of a long clause that answers: its best sentence with those around it, as far as there is room."""
    if len(statement.text) <= CLAUSE:
        return statement
    heading = fold(" ".join((titles.get(passage.document, ""), *passage.section.path)))
    span = best_sentence(statement, terms=terms, heading=heading, kind=question.kind, question=question.text)
    spans = [
        sentences.Span(statement.start + s.start, statement.start + s.end) for s in sentences.split(statement.text)
    ]
    at = next((i for i, s in enumerate(spans) if s.start == span.start), 0)
    first = last = at
    while True:
        if last + 1 < len(spans) and spans[last + 1].end - spans[first].start <= CLAUSE:
            last += 1
        elif first and spans[last].end - spans[first - 1].start <= CLAUSE:
            first -= 1
        else:
            break
    return replace(statement, start=spans[first].start, end=spans[last].end)


def entry(passage: Passage) -> list[Line]:
    """Return what the owner wrote, as it was written."""
    return [
        Line(
            one, passage.document, prefix=f"{'   ' * one.block.level}{one.block.ordinal} " if one.block.ordinal else ""
        )
        for one in passage.statements
    ]
