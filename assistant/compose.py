"""From the chosen passages to the words of an answer: the source's own sentences, in order, each with its marker.

Knows how long an answer may be and how Chinese is punctuated; not why a passage was chosen. Nothing is said that is not
a slice of a block, save the framing lines, which only name sections and count members.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import sentences
from assistant.passage import Passage, Statement
from assistant.question import Kind, Question
from assistant.rank import Ranked, best_sentence
from kb.fold import fold
from kb.model import Citation, Section
from kb.terms import Terms

# Characters. The median answer stays under 400, the 95th percentile under 900.
WHOLE_LIST = 420
LONG_LIST = 820
LONG_PROCEDURE = 1600
CLAUSE = 260
# Further clauses are said while the answer is short and they fit nearly as well as the best, more readily of its section.
MORE_UNTIL = 150
MORE_CLAUSES = 3
SAME_SECTION_SHARE = 0.8
# Passages that fit nearly as well follow under a line of their own, as far as there is room (characters in all).
RELATED_UNTIL = 400
RELATED_MOST = 3
RELATED_AMONG = 8
RELATED_SHARE = 0.75
RELATED_OTHER_SHARE = 0.85
RELATED_LINE = "相关条款："
MOST_ROWS = 8
MOST_STEPS = 12
OTHER_SECTION_SHARE = 0.93
_ONE_STEP = re.compile(r"第[一二三四五六七八九十\d]+步|最后一步|哪一步")
_TRAILING = re.compile(r"[；;，,、：:\s]+$")
_COUNTED_ROW = re.compile(r"^(?:序号|编号|No\.?)：\d+；")
_NOT_GLUED = re.compile(r"[\W_]|是|指|即|为|应")
_ENDED = re.compile(r"[。！？!?…][”’」』）)]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer: a statement with its number in a list, or a framing line without a source."""

    statement: Statement | None
    document: str = ""
    prefix: str = ""
    framing: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The lines of an answer, before the markers are given out."""

    lines: tuple[Line, ...]

    def __add__(self, other: Draft) -> Draft:
        """Return both drafts, one after the other, nothing said twice."""
        said = {_place(line) for line in self.lines if line.statement}
        fresh = tuple(line for line in other.lines if not line.statement or _place(line) not in said)
        return Draft(self.lines + fresh) if any(line.statement for line in fresh) else self


def _place(line: Line) -> tuple[str, str, int, int] | None:
    statement = line.statement
    if statement is None:
        return None
    return line.document, statement.block.clause, statement.start, statement.end


def draft(
    ranked: Sequence[Ranked], *, question: Question, terms: Terms, titles: Mapping[str, str], alone: bool = True
) -> Draft:
    """Return the answer's lines for ``ranked`` passages, best first; only as many as the question needs are used.

    ``alone`` says that nothing else is asked: passages that fit nearly as well as the best follow, marked as related.
    """
    if ranked[0].passage.shape == "entry":
        return _entry(ranked[0].passage)
    first = _whole_table(ranked) or _whole_procedure(ranked, question) or ranked[0]
    if first.passage.shape == "clause":
        said = _clauses(ranked, question=question, terms=terms, titles=titles)
    else:
        said = _members(first.passage, kind=question.kind)
    if not alone or first.passage.shape in {"procedure", "outline"}:
        return said
    return said + _related(said, first, ranked, question=question, terms=terms, titles=titles)


def _entry(passage: Passage) -> Draft:
    """Return what the owner wrote, as it was written."""
    lines = (
        Line(
            one, passage.document, prefix=f"{'   ' * one.block.level}{one.block.ordinal} " if one.block.ordinal else ""
        )
        for one in passage.statements
    )
    return Draft(tuple(lines))


def _related(
    said: Draft,
    first: Ranked,
    ranked: Sequence[Ranked],
    *,
    question: Question,
    terms: Terms,
    titles: Mapping[str, str],
) -> Draft:
    """Return the passages that fit nearly as well as ``first`` and are not said yet, as far as there is room."""
    places = {_clause(line) for line in said.lines}
    room = RELATED_UNTIL - _length(said.lines)
    lines: list[Line] = []
    added = 0
    for candidate in ranked[:RELATED_AMONG]:
        passage = candidate.passage
        same = (passage.document, passage.section.number) == (first.passage.document, first.passage.section.number)
        enough = (RELATED_SHARE if same else RELATED_OTHER_SHARE) * first.score
        if candidate.score < enough or passage.shape in {"procedure", "outline"} or added == RELATED_MOST:
            continue
        if passage.shape == "clause":
            more = _clause_lines(passage, question=question, terms=terms, titles=titles)
        else:
            more = list(_members(passage, kind=question.kind).lines)
        own = {_clause(line) for line in more if line.statement and not line.statement.lead}
        if own & places or _length(more) > room:  # half of a list whose other half is said already would mislead
            continue
        places |= own
        room -= _length(more)
        added += 1
        lines += more
    return Draft((Line(None, framing=RELATED_LINE), *lines)) if lines else Draft(())


def _length(lines: Sequence[Line]) -> int:
    return sum(len(line.statement.text) for line in lines if line.statement)


def _clause(line: Line) -> tuple[str, str]:
    return line.document, line.statement.block.clause if line.statement else ""


def _whole_procedure(ranked: Sequence[Ranked], question: Question) -> Ranked | None:
    """Return the steps that the best clause is one of, where somebody asks how: a procedure is never torn apart."""
    first = ranked[0].passage
    if question.kind != "procedure" or first.shape not in {"clause", "sublist"} or _ONE_STEP.search(question.text):
        return None
    step = first.statements[0].block.clause
    for one in ranked:
        passage = one.passage
        if (
            passage.shape in {"list", "table"}
            and passage.document == first.document
            and any(member.block.clause == step for member in passage.members)
            and len(passage.members) <= MOST_STEPS
            and passage.procedural
        ):
            return one
    return None


def _whole_table(ranked: Sequence[Ranked]) -> Ranked | None:
    """Return the table of the best clause where several of its rows answer nearly as well: half of it would mislead."""
    first = ranked[0].passage
    if first.shape != "clause" or first.statements[0].block.kind != "row":
        return None
    name = first.statements[0].block.clause.rpartition(".")[0]
    bar = SAME_SECTION_SHARE * ranked[0].score
    rows = [
        one
        for one in ranked
        if one.passage.shape == "clause"
        and one.passage.document == first.document
        and one.passage.statements[0].block.clause.rpartition(".")[0] == name
        and one.score >= bar
    ]
    tables = (
        one
        for one in ranked
        if one.passage.shape == "table"
        and one.passage.document == first.document
        and one.passage.members[0].block.clause.rpartition(".")[0] == name
    )
    table = next(tables, None)
    if table is None or len(rows) < 3 or len(table.passage.members) > MOST_ROWS:
        return None
    return table


def _members(passage: Passage, *, kind: Kind) -> Draft:
    """Return a list, table or procedure whole: every member is said, in full or by its first sentence or its term."""
    leads = [statement for statement in passage.statements if statement.lead]
    members = _shortened(_outer(passage, kind), LONG_PROCEDURE if kind == "procedure" else LONG_LIST)
    lines: list[Line] = []
    if passage.shape == "sublist" and leads:
        lines.append(Line(_lead_sentence(leads[0]), passage.document))
    elif leads:
        lines.append(Line(leads[0], passage.document))
    else:
        lines.append(Line(None, framing=_frame(passage, len(members))))
    section: Section | None = None
    for number, statement in enumerate(members, 1):
        if passage.shape in {"procedure", "outline"} and statement.section not in (section, passage.section):
            section = statement.section
            lines.append(Line(None, framing=f"{section.heading}："))
        lines.append(Line(statement, passage.document, prefix=_prefix(statement, number, passage)))
    return Draft(tuple(lines))


def _outer(passage: Passage, kind: Kind) -> tuple[Statement, ...]:
    """Return the members of a passage; of a long list only its own items, their details left to the clause itself.

    A procedure keeps every step.
    """
    members = passage.members
    if not members:
        return ()
    lowest = min(member.block.level for member in members)
    if kind == "procedure" or passage.shape != "list" or sum(len(member.text) for member in members) <= WHOLE_LIST:
        return members
    return tuple(member for member in members if member.block.level == lowest)


def _prefix(statement: Statement, number: int, passage: Passage) -> str:
    inner = passage.shape == "list" and statement.block.level > min(s.block.level for s in passage.members)
    if inner:
        return "   - "
    outer = [s for s in passage.members if s.block.level == min(m.block.level for m in passage.members)]
    order = next((i for i, s in enumerate(outer, 1) if s.block.clause == statement.block.clause), number)
    return f"{order}. "


def _frame(passage: Passage, count: int) -> str:
    unit = "步" if passage.shape == "procedure" else "条" if passage.shape == "table" else "项"
    return f"{passage.section.title}（共 {count} {unit}）："


def _lead_sentence(statement: Statement) -> Statement:
    """Return the sentence of an item that introduces its nested items: the last one."""
    spans = sentences.split(statement.text)
    if len(statement.text) <= CLAUSE or not spans:
        return statement
    return replace(statement, start=statement.start + spans[-1].start, end=statement.start + spans[-1].end)


def _shortened(members: Sequence[Statement], longest: int) -> tuple[Statement, ...]:
    """Return ``members`` within the length of an answer: in full, else first sentences, else terms. None is left out."""
    if sum(len(member.text) for member in members) <= WHOLE_LIST:
        return tuple(members)
    share = WHOLE_LIST // max(len(members), 1)
    short = tuple(_cut(member, sentences.clip(member.text, share)) for member in members)
    if sum(len(member.text) for member in short) <= longest:
        return short
    if all(member.block.term for member in members):
        return tuple(_cut(member, sentences.Span(0, len(member.block.term))) for member in members)
    return short


def _cut(statement: Statement, span: sentences.Span) -> Statement:
    return replace(statement, start=statement.start + span.start, end=statement.start + span.end)


def _clauses(ranked: Sequence[Ranked], *, question: Question, terms: Terms, titles: Mapping[str, str]) -> Draft:
    """Return the best clause, and the next one where it fits the question nearly as well."""
    lines: list[Line] = []
    used: set[tuple[str, str]] = set()
    length = 0
    for candidate in ranked[:8]:
        passage = candidate.passage
        key = (passage.document, passage.statements[0].block.clause)
        if passage.shape != "clause" or key in used:
            continue
        same = (
            passage.section.number == ranked[0].passage.section.number
            and passage.document == ranked[0].passage.document
        )
        share = SAME_SECTION_SHARE if same else OTHER_SECTION_SHARE
        if lines and (length > MORE_UNTIL or len(used) >= (1 if question.kind == "comparison" else MORE_CLAUSES)):
            break
        if lines and candidate.score < share * ranked[0].score:
            continue
        used.add(key)
        more = _clause_lines(passage, question=question, terms=terms, titles=titles)
        length += _length(more)
        lines += more
    return Draft(tuple(lines))


def _clause_lines(passage: Passage, *, question: Question, terms: Terms, titles: Mapping[str, str]) -> list[Line]:
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


def citation(statement: Statement, *, document: str, marker: int) -> Citation:
    """Return the citation of ``statement``: the quote is the statement itself, without punctuation left over at its end."""
    quote = _TRAILING.sub("", _COUNTED_ROW.sub("", statement.text))
    section = statement.section
    return Citation(
        document=document,
        section=section.number,
        title=section.title,
        path=section.path,
        clause=statement.block.clause,
        quote=quote,
        repaired=statement.block.repaired,
        marker=marker,
    )


def render(answer: Draft, *, first_marker: int = 1) -> tuple[str, tuple[Citation, ...]]:
    """Return the text of a draft and its citations; one marker a place, numbered in the order of the text."""
    citations: list[Citation] = []
    text: list[str] = []
    for line in answer.lines:
        if line.statement is None:
            text.append(line.framing)
            continue
        marker = first_marker + len(citations)
        cited = citation(line.statement, document=line.document, marker=marker)
        citations.append(cited)
        words = _parted(cited.quote, line.statement)
        text.append(f"{line.prefix}{_punctuated(words, lead=line.statement.lead)}[{marker}]")
    return "\n".join(text), tuple(citations)


def _parted(quote: str, statement: Statement) -> str:
    """Return ``quote`` with a colon after a leading term that the source glued to its text."""
    term = statement.block.term
    if statement.start or not term or not quote.startswith(term) or len(quote) == len(term):
        return quote
    return quote if _NOT_GLUED.match(quote[len(term) :]) else f"{term}：{quote[len(term) :]}"


def _punctuated(quote: str, *, lead: bool) -> str:
    """Return ``quote`` closed as a sentence: a list's introduction with a colon, all else with a full stop."""
    if _ENDED.search(quote):
        return quote
    return f"{quote}：" if lead else f"{quote}。"
