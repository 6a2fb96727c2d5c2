"""What a list says of each of its things: the first sentence, whole clauses, without an example. Knows no questions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.quiz.material.listing import Entry, Listing
from assistant.quiz.material.names import bigrams, overlap
from assistant.quiz.material.statement import is_clean

SHORTEST, LONGEST = 8, 62


@dataclass(frozen=True)
class Described:
    """A thing of a list and its first sentence, cut to whole clauses."""

    entry: Entry
    body: str


def described(listing: Listing) -> list[Described]:
    """Return the things of a list that something is said of, each in words unlike the others'."""
    found = [Described(entry, body) for entry in listing.entries if (body := description(entry))]
    return [one for one in found if not any(_same(one, other) for other in found if other is not one)]


def description(entry: Entry) -> str:
    """Return what is said of a thing: its first sentence, without an example, cut at a clause; "" where it says little."""
    first = re.split(r"[。；！？\n]", entry.body.strip(), maxsplit=1)[0]
    first = re.split(r"，?(?:例如|比如)", first)[0].strip("，：: ")
    first = re.sub(r"^如(?!何|果)", "", first)
    while len(first) > LONGEST and "，" in first:
        first = first.rpartition("，")[0]
    if not SHORTEST <= len(first) <= LONGEST or not is_clean(first) or "：" in first:
        return ""
    return first


def _same(one: Described, other: Described) -> bool:
    return overlap(one.body, other.body) > 0.55


def hides_its_name(one: Described, listing: Listing) -> bool:
    """Say whether the description keeps its own name to itself: no pair of its characters that no other name has."""
    shared = bigrams(one.entry.name) & bigrams(one.body)
    others = frozenset[str]().union(*(bigrams(name) for name in listing.names if name != one.entry.name))
    return not shared - others - bigrams(listing.subject)
