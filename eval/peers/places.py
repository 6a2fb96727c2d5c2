"""Which section a peer's hit comes from: the one that holds most of its characters. Knows texts, no scores.

A peer knows no sections, and cuts a raw text with all its damage. So runs of ``RUN`` characters are compared, folded and
without punctuation and pronunciation glosses on both sides: each run of the hit votes for the sections it stands in,
shared where they are several. What no section holds at least ``SHARE`` of (a table of contents, a site's notice) comes
from none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.fold import fold

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

Place = tuple[str, str]  # document id, section number

RUN = 5
SHARE = 0.1
# A gloss as scraping leaves it: after a Han character, in brackets, lower-case letters with marks: 企業(yè).
_GLOSS = re.compile(r"(?<=[\u3400-\u9fff])[(（][a-z\u00e0-\u01dc]{1,6}[)）]")
_APART = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)
def readable(text: str) -> str:
    """Return ``text`` folded, without glosses and white space: the form in which a fact is looked for in a raw text."""
    return "".join(fold(_GLOSS.sub("", text)).split())


class Places:
    """The sections of a knowledge base, by the runs of characters that stand in them."""

    def __init__(self, sections: Mapping[Place, str]) -> None:
        self._holders: dict[str, set[Place]] = defaultdict(set)
        self._sizes: dict[Place, int] = {}
        for place, text in sections.items():
            runs = set(_runs(text))
            self._sizes[place] = len(runs)
            for run in runs:
                self._holders[run].add(place)

    def of(self, text: str) -> Place | None:
        """Return the section that holds most of ``text``, None where none holds enough."""
        runs = list(_runs(text))
        votes: dict[Place, float] = defaultdict(float)
        for run in runs:
            holders = self._holders.get(run, ())
            for place in holders:
                votes[place] += 1 / len(holders)
        best = max(votes, key=votes.__getitem__, default=None)
        return best if best and votes[best] >= SHARE * len(runs) else None

    def within(self, text: str) -> frozenset[Place]:
        """Return the section that holds most of ``text`` and those that ``text`` holds at least half of."""
        held = Counter(place for run in set(_runs(text)) for place in self._holders.get(run, ()))
        inside = {place for place, count in held.items() if 2 * count >= self._sizes[place]}
        most = self.of(text)
        return frozenset(inside | ({most} if most else set()))


def places_of(knowledge: KnowledgeBase) -> Places:
    """Return the places of every section's own body."""
    return Places(dict(_bodies(knowledge)))


def _bodies(knowledge: KnowledgeBase) -> Iterator[tuple[Place, str]]:
    for document in knowledge.documents():
        for section in knowledge.sections(document.id):
            if section.body:
                yield (document.id, section.number), section.body


def _runs(text: str) -> Iterable[str]:
    whole = _APART.sub("", readable(text))
    return (whole[at : at + RUN] for at in range(max(1, len(whole) - RUN + 1))) if whole else ()
