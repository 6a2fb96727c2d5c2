"""How much of the source answers: one clause, the list or table it is one of, one step of it, or a whole procedure.

Knows ranked passages and one question part; not how they are worded. Half of a list or a procedure would mislead, so what
several of its members answer is given whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.asked import Place, place_of
from assistant.features import WHY
from assistant.passage import Passage, Statement
from assistant.question import Question
from assistant.rank import Ranked
from kb.fold import fold

# Characters: a list that is no longer is given in full, and so are its siblings where several of them answer.
WHOLE_LIST = 560
# A member answers nearly as well as the best from this share of its score on.
NEARLY = 0.8
NEARLY_AS_GOOD = 3
MOST_ROWS = 8
# From here on a clause is the very case asked about, and a sentence enumerates what is asked for.
ITS_CASE = 0.6
ENUMERATED = 0.6
MOST_STEPS = 12
# How far down the ranking other parts of a procedure are looked for.
LOOKED_AT = 8
_STEPS = re.compile(r"哪一步|第几步")
_LISTS = frozenset({"list", "sublist", "table", "procedure"})


def list_with_places(ranked: Sequence[Ranked], question: Question) -> Ranked | None:
    """Return the list in which ``question`` asks for a place, None where it asks for none; only a procedure has steps."""
    place = place_of(question.text)
    if place is None or _STEPS.search(question.text):
        return None
    bar = NEARLY * ranked[0].score
    listed = [one for one in ranked if one.score >= bar]
    return next((one for one in (*listed, whole(ranked, question)) if _has_places(one.passage, place)), None)


def _has_places(passage: Passage, place: Place) -> bool:
    return passage.shape in _LISTS and (place.unit != "步" or passage.procedural)


def members_at(passage: Passage, place: Place) -> tuple[int, int, tuple[Statement, ...]]:
    """Return the place asked for, how many there are, and the member there with what is nested in it; none if there is none."""
    lowest = min(member.block.level for member in passage.members)
    groups: list[list[Statement]] = []
    for member in passage.members:
        if member.block.level == lowest or not groups:
            groups.append([member])
        else:
            groups[-1].append(member)
    at = place.at or len(groups)
    return at, len(groups), tuple(groups[at - 1]) if 0 < at <= len(groups) else ()


def whole(ranked: Sequence[Ranked], question: Question) -> Ranked:
    """Return the best passage, or the list, table or procedure that it is part of and that answers as a whole.

    A reason is one clause's.
    """
    first = ranked[0]
    if WHY.search(fold(question.text)) or _answers_alone(first):
        return first
    return _whole_siblings(ranked) or _whole_procedure(ranked, question) or ranked[0]


def _answers_alone(first: Ranked) -> bool:
    """Say whether a clause is the case that is asked about (停电的，…), or names and enumerates what is asked for."""
    known = first.features
    return known.get("case", 0.0) >= ITS_CASE or (
        known.get("enumerates", 0.0) >= ENUMERATED and known.get("called", 0.0) > 0
    )


def _whole_siblings(ranked: Sequence[Ranked]) -> Ranked | None:
    """Return the table or list of the best clause where several of its members answer nearly as well."""
    first = ranked[0]
    if first.passage.shape != "clause" or first.passage.statements[0].block.kind == "paragraph":
        return None
    bar = NEARLY * first.score
    near = {
        (one.passage.document, one.passage.statements[0].block.clause)
        for one in ranked
        if one.passage.shape == "clause" and one.score >= bar
    }
    for one in ranked:
        passage = one.passage
        if passage.shape not in {"list", "table"} or not _holds(passage, first.passage):
            continue
        answering = sum((passage.document, member.block.clause) in near for member in passage.members)
        return one if answering >= NEARLY_AS_GOOD and _short_enough(passage, answering) else None
    return None


def _short_enough(passage: Passage, answering: int) -> bool:
    """Say whether a list, ``answering`` members of which answer, is short enough to be given for them."""
    if passage.shape == "table":
        return len(passage.members) <= MOST_ROWS
    return 2 * answering >= len(passage.members) and sum(len(one.text) for one in passage.members) <= WHOLE_LIST


def _holds(passage: Passage, clause: Passage) -> bool:
    first = clause.statements[0]
    return passage.document == clause.document and any(
        member.block.clause == first.block.clause for member in passage.members
    )


def _whole_procedure(ranked: Sequence[Ranked], question: Question) -> Ranked | None:
    """Return the steps that the best passage is part of, where somebody asks how: a procedure is never torn apart."""
    if question.kind != "procedure" or _STEPS.search(question.text):
        return None
    first = ranked[0]
    return _across_sections(ranked, first) or _own_steps(ranked, first.passage)


def _own_steps(ranked: Sequence[Ranked], first: Passage) -> Ranked | None:
    if first.shape not in {"clause", "sublist"}:
        return None
    for one in ranked:
        passage = one.passage
        if (
            passage.shape in {"list", "table"}
            and _holds(passage, first)
            and len(passage.members) <= MOST_STEPS
            and passage.procedural
        ):
            return one
    return None


def _across_sections(ranked: Sequence[Ranked], first: Ranked) -> Ranked | None:
    """Return the procedure over several sections where more than one of them answers, and none of them is asked for by name."""
    if first.passage.shape == "procedure" or first.features.get("label", 0.0) >= 0.5:
        return None
    near = [one for one in ranked[:LOOKED_AT] if one.score >= NEARLY * first.score]
    for one in ranked:
        if one.passage.shape != "procedure" or one.passage.document != first.passage.document:
            continue
        parts = {member.section.number for member in one.passage.members}
        answering = {
            other.passage.section.number
            for other in near
            if other.passage.document == one.passage.document and other.passage.section.number in parts
        }
        if first.passage.section.number in answering and len(answering) >= 2:
            return one
    return None
