"""All drafts of some material, family by family."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.quiz.draft import (
    bans,
    cases,
    conditions,
    demands,
    descriptions,
    exchanged,
    facts,
    groups,
    inline,
    lists,
    orders,
    standards,
    tables,
    topics,
)
from assistant.quiz.draft.workshop import Workshop
from assistant.quiz.model import Question

FAMILIES = (
    lists,
    descriptions,
    inline,
    facts,
    groups,
    tables,
    topics,
    standards,
    orders,
    bans,
    conditions,
    cases,
    exchanged,
    demands,
)


def drafts(workshop: Workshop) -> Iterator[Question]:
    """Yield every item the families make of the workshop's material."""
    for family in FAMILIES:
        yield from family.drafts(workshop)
