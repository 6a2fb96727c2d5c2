"""All material of some sections, read once: what the drafts choose from."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.quiz.material import listing, rules, table
from assistant.quiz.material.listing import Enumeration, Listing, Steps
from assistant.quiz.material.place import Place
from assistant.quiz.material.roles import Roles, learn
from assistant.quiz.material.rules import Conditional, Forbidden
from assistant.quiz.material.statement import Statement, statements
from assistant.quiz.material.table import Table
from kb.model import Section

# What a document is for is no rule anybody works by.
_PURPOSE = re.compile(r"^(?:目的|前言|引言|序言?|概述|背景|编制说明)$")


@dataclass(frozen=True)
class Material:
    """What ``places`` hold, by kind, in reading order."""

    places: tuple[Place, ...]
    roles: Roles
    listings: tuple[Listing, ...]
    enumerations: tuple[Enumeration, ...]
    steps: tuple[Steps, ...]
    statements: tuple[Statement, ...]
    tables: tuple[Table, ...]
    forbidden: tuple[Forbidden, ...]
    conditionals: tuple[Conditional, ...]
    texts: dict[tuple[str, str], str] = field(repr=False, default_factory=dict)

    def within(self, chosen: Container[tuple[str, str]]) -> Material:
        """Return what stands in the ``chosen`` sections: (document, number) each."""

        def kept(kind: Sequence[Any]) -> tuple[Any, ...]:
            return tuple(one for one in kind if (one.place.document, one.place.section.number) in chosen)

        return replace(
            self,
            places=tuple(place for place in self.places if (place.document, place.section.number) in chosen),
            listings=kept(self.listings),
            enumerations=kept(self.enumerations),
            steps=kept(self.steps),
            statements=kept(self.statements),
            tables=kept(self.tables),
            forbidden=kept(self.forbidden),
            conditionals=kept(self.conditionals),
        )

    def __len__(self) -> int:
        """Return how many pieces there are."""
        return sum(
            len(kind)
            for kind in (
                self.listings,
                self.enumerations,
                self.steps,
                self.statements,
                self.tables,
                self.forbidden,
                self.conditionals,
            )
        )


def read(documents: Iterable[tuple[str, str, Sequence[Section]]], *, alone: bool | None = None) -> Material:
    """Return the material of ``documents``: (id, title, sections) each. Sections without body give nothing.

    ``alone`` says that the knowledge base holds one document only (by default: that one was given).
    """
    every = [(key, title, [one for one in sections if one.blocks]) for key, title, sections in documents]
    only = len(every) == 1 if alone is None else alone
    places = tuple(Place(key, title, section, alone=only) for key, title, sections in every for section in sections)
    roles = learn(place.section for place in places)
    telling = tuple(place for place in places if not _PURPOSE.match(place.title))
    said = tuple(one for place in telling for one in statements(place, roles))
    return Material(
        places=places,
        roles=roles,
        listings=tuple(one for place in places for one in listing.listings(place, roles.names)),
        enumerations=tuple(one for place in telling for one in listing.enumerations(place)),
        steps=tuple(one for place in places for one in listing.steps(place)),
        statements=said,
        tables=tuple(one for place in places for one in table.tables(place)),
        forbidden=tuple(one for place in places for one in rules.forbidden(place)),
        conditionals=tuple(one for statement in said for one in rules.conditionals(statement)),
        texts={(place.document, place.section.number): place.section.body for place in places},
    )
