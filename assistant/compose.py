"""From the chosen passages to the words of an answer: the source's own sentences, in order, each with its marker.

Knows which of the ranked passages are said, and how Chinese is punctuated; not why a passage was ranked as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from assistant import extent
from assistant.asked import place_of
from assistant.lines import Draft, Line, clause, entry, leads_on, length, member_at, members
from assistant.passage import Statement
from assistant.question import Question
from assistant.rank import Ranked
from assistant.related import related
from kb.model import Citation
from kb.terms import Terms

# Further clauses are said while the answer is short and they fit nearly as well as the best, more readily of its section.
MORE_UNTIL = 150
MORE_CLAUSES = 3
OTHER_SECTION_SHARE = 0.93
_TRAILING = re.compile(r"[；;，,、：:\s]+$")
_COUNTED_ROW = re.compile(r"^(?:序号|编号|No\.?)：\d+；")
_NOT_GLUED = re.compile(r"[\W_]|是|指|即|为|应")
_ENDED = re.compile(r"[。！？!?…][”’」』）)]*$")


def draft(
    ranked: Sequence[Ranked], *, question: Question, terms: Terms, titles: Mapping[str, str], alone: bool = True
) -> Draft:
    """Return the answer's lines for ``ranked`` passages, best first; only as many as the question needs are used.

    ``alone`` says that nothing else is asked: passages that fit nearly as well as the best follow, marked as related.
    """
    if ranked[0].passage.shape == "entry":
        return Draft(tuple(entry(ranked[0].passage)))
    if (listed := extent.list_with_places(ranked, question)) and (place := place_of(question.text)):
        return Draft(tuple(member_at(listed.passage, place, question=question, terms=terms)))
    first = extent.whole(ranked, question)
    if first.passage.shape == "clause":
        said = _clauses(ranked, question=question, terms=terms, titles=titles)
    else:
        said = members(first.passage, question=question, terms=terms)
    if not alone or first.passage.shape in {"procedure", "outline"}:
        return Draft(tuple(said))
    more = related(said, first, ranked, question=question, terms=terms, titles=titles)
    return Draft((*said, *more))


def _clauses(ranked: Sequence[Ranked], *, question: Question, terms: Terms, titles: Mapping[str, str]) -> list[Line]:
    """Return the best clause, and the next ones where they fit the question nearly as well.

    What something is, is said again only by a clause that defines it too.
    """
    lines: list[Line] = []
    used: set[tuple[str, str]] = set()
    best = ranked[0]
    for candidate in ranked[:8]:
        passage = candidate.passage
        key = (passage.document, passage.statements[0].block.clause)
        if passage.shape != "clause" or key in used:
            continue
        same = (passage.document, passage.section.number) == (best.passage.document, best.passage.section.number)
        share = extent.NEARLY if same else OTHER_SECTION_SHARE
        if lines and (length(lines) > MORE_UNTIL or len(used) >= MORE_CLAUSES):
            break
        if lines and candidate.score < share * best.score:
            continue
        if lines and question.kind == "definition" and candidate.features.get("defined", 0.0) < 1.0:
            continue
        used.add(key)
        lines += clause(passage, question=question, terms=terms, titles=titles)
    return lines


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
    for line, after in zip_longest(answer.lines, answer.lines[1:]):
        if line.statement is None:
            text.append(line.framing)
            continue
        marker = first_marker + len(citations)
        cited = citation(line.statement, document=line.document, marker=marker)
        citations.append(cited)
        words = _parted(cited.quote, line.statement)
        leading = line.statement.lead or (
            leads_on(line.statement) and after is not None and after.statement is not None
        )
        text.append(f"{line.prefix}{_punctuated(words, lead=leading)}[{marker}]")
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
