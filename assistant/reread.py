"""The best passages of the first sections read together with the question (``kb/cross_encoder.py``), and ranked anew.

Knows one question part and its ranked passages; the cross-encoder is handed in, and without one nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.rank import Ranked

Read = Callable[[str, Sequence[str]], Sequence[float]]
"""From a question and passages with their headings to log-odds that each answers it."""

SECTIONS, REACH = 3, 0.4
"""Of so many sections the best passage is read, if its rank score is so near the best: what is further behind hardly ever
comes first. Each costs about half of what embedding a question does."""

WEIGHT = 0.08
"""What its log-odds counts beside the rank score (0 to about 3)."""


def reread(question: str, ranked: Sequence[Ranked], read: Read, *, titles: Mapping[str, str]) -> list[Ranked]:
    """Return ``ranked`` best first once its first sections are read; ``titles`` are of documents, empty if there is one.

    A section's passages move together, by what its best one is worth to it (feature ``read``); those of sections
    that were not read move as the least of the others.
    """
    first: dict[tuple[str, str], Ranked] = {}
    for one in ranked:
        if len(first) < SECTIONS and one.score > ranked[0].score - REACH:
            first.setdefault(one.place, one)
    if not first:
        return []
    odds = dict(zip(first, read(question, [shown(one, titles) for one in first.values()]), strict=True))
    least = min(odds.values())
    moved = []
    for one in ranked:
        value = odds.get(one.place, least)
        moved.append(replace(one, score=one.score + WEIGHT * value, features={**one.features, "read": value}))
    return sorted(moved, key=lambda one: -one.score)


def shown(one: Ranked, titles: Mapping[str, str]) -> str:
    """Return a passage as the cross-encoder is given it: its document where there are several, its headings, its text."""
    path = " ".join(one.passage.section.path)
    return f"{titles.get(one.passage.document, '')} {path}：\n{one.passage.text}".lstrip()
