"""What else the sources say near a question: passages that fit nearly as well as the answer, marked as related.

Knows the lines already said and the ranked passages. A reader forgives a short answer, not one padded with what was not
asked: a passage of another section is related only where search itself found it near.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.lines import Line, clause, length, members
from assistant.passage import Statement
from assistant.question import Question
from assistant.rank import Ranked
from kb.terms import Terms

RELATED_LINE = "相关条款："
# Characters in all; how many; how far down the ranking they are looked for.
RELATED_UNTIL = 400
RELATED_MOST = 3
RELATED_AMONG = 8
# Share of the best passage's score, in its section and elsewhere; and of its search score elsewhere.
RELATED_SHARE = 0.75
RELATED_OTHER_SHARE = 0.85
RELATED_SEARCH_SHARE = 0.75


def related(
    said: Sequence[Line],
    first: Ranked,
    ranked: Sequence[Ranked],
    *,
    question: Question,
    terms: Terms,
    titles: Mapping[str, str],
) -> list[Line]:
    """Return the passages that fit nearly as well as ``first`` and are not said yet, as far as there is room."""
    places = {line.clause for line in said}
    room = RELATED_UNTIL - length(said)
    lines: list[Line] = []
    added = 0
    for candidate in ranked[:RELATED_AMONG]:
        passage = candidate.passage
        if added == RELATED_MOST or not _near(candidate, first):
            continue
        if question.kind == "definition" and passage.shape != "clause":  # what it is, not what is done with it
            continue
        if passage.shape == "clause":
            more = clause(passage, question=question, terms=terms, titles=titles)
        else:
            more = members(passage, question=question, terms=terms)
        own = {line.clause for line in more if line.statement and _says(line.statement)}
        if own & places or length(more) > room:  # half of a list whose other half is said already would mislead
            continue
        places |= own
        room -= length(more)
        added += 1
        lines += more
    return [Line(None, framing=RELATED_LINE), *lines] if lines else []


def _says(statement: Statement) -> bool:
    """Say whether a statement is more than the paragraph that introduces a list."""
    return not statement.lead or statement.block.kind == "item"


def _near(candidate: Ranked, first: Ranked) -> bool:
    passage, best = candidate.passage, first.passage
    if passage.shape in {"procedure", "outline"}:
        return False
    if (passage.document, passage.section.number) == (best.document, best.section.number):
        return candidate.score >= RELATED_SHARE * first.score
    if passage.shape == "sublist" and best.shape == "clause":
        return False
    found, ours = (one.features.get("search", 0.0) for one in (candidate, first))
    return candidate.score >= RELATED_OTHER_SHARE * first.score and found >= RELATED_SEARCH_SHARE * ours
