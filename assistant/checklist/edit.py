"""A drafted checklist as its supervisor wants it: lines left out, the rest numbered anew, and what was left out said.

Knows checklists. A line is only ever taken away: nothing without a source can be added here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from assistant.checklist.model import Checklist
from kb.errors import EntryInvalid

LEFT_OUT = "起草后去掉了"
_TOLD = re.compile(rf"{LEFT_OUT} \d+ 项：")
_BETWEEN = " ／ "  # no clause has it


def without(checklist: Checklist, numbers: Collection[int]) -> Checklist:
    """Return ``checklist`` without the lines of these numbers; completeness counts what is left.

    Raises:
        EntryInvalid: nothing would be left.
    """
    kept = [one for one in checklist.checks if one.number not in numbers]
    if not kept:
        raise EntryInvalid("至少要留下一项")
    gone = [one for one in checklist.checks if one.number in numbers]
    if not gone:
        return checklist
    still = {(one.citation.document, one.citation.clause) for one in kept}
    missed = {(one.citation.document, one.citation.section, one.citation.clause) for one in gone}
    missed = {(document, section, clause) for document, section, clause in missed if (document, clause) not in still}
    completeness = tuple(
        replace(one, listed=max(0, one.listed - sum((d, s) == (one.document, one.section) for d, s, _ in missed)))
        for one in checklist.completeness
    )
    actions = [*left_out(checklist.notes), *(one.action for one in gone)]
    told = f"{LEFT_OUT} {len(actions)} 项：{_BETWEEN.join(actions)}"
    return replace(
        checklist,
        checks=tuple(replace(one, number=number) for number, one in enumerate(kept, start=1)),
        completeness=completeness,
        notes=(*(note for note in checklist.notes if not _TOLD.match(note)), told),
        draft="",
    )


def left_out(notes: Iterable[str]) -> list[str]:
    """Return the lines that were left out of a checklist with these notes, in their words."""
    told = [note[found.end() :] for note in notes if (found := _TOLD.match(note))]
    return [action for note in told for action in note.split(_BETWEEN)]


def as_before(checklist: Checklist, notes: Iterable[str]) -> Checklist:
    """Return a checklist that was compiled anew without the lines that its former version, with ``notes``, left out."""
    unwanted = set(left_out(notes))
    return without(checklist, {one.number for one in checklist.checks if one.action in unwanted})
