"""What a peer's hits are worth: the metrics of ``shouce eval`` for pipelines that know texts and scores only.

Knows cases, hits and the sections they come from; nothing of processes, nothing of how the product answers.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from eval import ranking
from eval.dataset import Case
from eval.gold import Gold
from eval.peers.places import Place, readable
from eval.refusal import auroc

# A peer has no answers of its own: what it would hand to a chat model is its best hits, as the recipes do.
CONTEXT = 4
# So deep that five sections are among them even where one section has many hits.
DEPTH = 20


@dataclass(frozen=True, slots=True)
class Reply:
    """What a pipeline found for one case: texts and their places, best first, and the best score (higher is better).

    ``first`` holds every section that the first text holds at least half of, beside its own.
    """

    texts: tuple[str, ...]
    places: tuple[Place | None, ...]
    first: frozenset[Place]
    best_score: float


@dataclass(frozen=True, slots=True)
class Quality:
    """A pipeline over one dataset; shares in 0..1. ``characters`` is the median length of its best ``CONTEXT`` hits.

    ``within_first`` is the share of cases whose first hit holds half of a right section, whatever else it holds: what is
    left of hit@1 for windows that span several sections.
    """

    hit_at_1: float
    within_first: float
    hit_at_5: float
    mrr: float
    facts_in_context: float
    auroc: float | None
    characters: float


def judge(cases: Sequence[Case], replies: Sequence[Reply], gold: Gold) -> Quality:
    """Return the metrics of ``replies``, one for each case; ranking and facts are over the answerable cases."""
    rankings = {str(at): _ranked(reply) for at, reply in enumerate(replies)}  # ids of a file may recur
    # A right section that the documents do not have cannot be found: the case counts, with 0.
    right = [{(document, section.number) for document, section in gold.sections_of(case)} for case in cases]
    relevance = {
        str(at): {_key(place): 1 for place in right[at]} or {"": 1} for at, case in enumerate(cases) if case.answerable
    }
    measured = ranking.measure(rankings, relevance).values()
    pairs = [(case, reply) for case, reply in zip(cases, replies, strict=True) if case.answerable]
    return Quality(
        hit_at_1=_mean([one["hit@1"] for one in measured]),
        within_first=_mean(
            [
                float(bool(reply.first & places))
                for case, reply, places in zip(cases, replies, right, strict=True)
                if case.answerable
            ]
        ),
        hit_at_5=_mean([one["hit@5"] for one in measured]),
        mrr=_mean([one["mrr@10"] for one in measured]),
        facts_in_context=_mean([facts_in(reply.texts[:CONTEXT], case) for case, reply in pairs]),
        auroc=auroc([reply.best_score for reply in replies], [case.answerable for case in cases]),
        characters=statistics.median(sum(map(len, reply.texts[:CONTEXT])) for reply in replies) if replies else 0.0,
    )


def facts_in(texts: Sequence[str], case: Case) -> float:
    """Return the share of the case's fact groups of which a string stands in ``texts``; 1 where it names none."""
    whole = "\n".join(readable(text) for text in texts)
    held = [any(readable(fact) in whole for fact in group) for group in case.facts]
    return _mean([float(one) for one in held]) if held else 1.0


def _ranked(reply: Reply) -> list[str]:
    """Return the places in order, once each; a hit from nowhere takes a rank of its own."""
    return list(dict.fromkeys(_key(place) if place else f"?{at}" for at, place in enumerate(reply.places)))


def _key(place: Place) -> str:
    return f"{place[0]} {place[1]}"


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else 0.0
