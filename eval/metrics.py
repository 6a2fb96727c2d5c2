"""Metrics of single cases, each a number in 0..1. Knows ranks, answers and facts; not how they were produced."""

from __future__ import annotations

import math
from collections.abc import Sequence

from eval.dataset import Case
from kb.fold import fold
from kb.model import Answer


def is_gold(lineage: Sequence[str], case: Case) -> bool:
    """Say whether a section is one of the case's gold sections, or stands under one.

    Args:
        lineage: the section's number and those of the sections above it; positional signs (``§``) do not count.
        case: the case.
    """
    gold = {number.lstrip("§") for number in case.gold_sections}
    return any(number.lstrip("§") in gold for number in lineage)


def first_rank(ranked: Sequence[bool]) -> int:
    """Return the rank (from 1) of the first relevant section, 0 if there is none."""
    return next((rank for rank, relevant in enumerate(ranked, 1) if relevant), 0)


def hit_at(ranked: Sequence[bool], k: int) -> float:
    """Return 1 if one of the first ``k`` is relevant."""
    return float(any(ranked[:k]))


def reciprocal_rank(ranked: Sequence[bool], k: int = 10) -> float:
    """Return 1/rank of the first relevant section within ``k``, else 0 (MRR's term)."""
    rank = first_rank(ranked[:k])
    return 1.0 / rank if rank else 0.0


def ndcg(ranked: Sequence[bool], relevant: int, k: int = 10) -> float:
    """Return nDCG@k with binary gains (Järvelin & Kekäläinen 2002); ``relevant`` is how many sections are relevant."""
    gained = sum(1 / math.log2(rank + 1) for rank, hit in enumerate(ranked[:k], 1) if hit)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, k) + 1))
    return min(gained / ideal, 1.0) if ideal else 0.0


def facts(answer: Answer, case: Case) -> float:
    """Return the share of fact groups of which the answer's text holds one string, script and width folded."""
    text = fold(answer.text)
    return (
        sum(any(fold(fact) in text for fact in group) for group in case.facts) / len(case.facts) if case.facts else 1.0
    )


def answered(answer: Answer) -> bool:
    """Say whether the answer answers, in whole or in part."""
    return answer.status in {"answered", "partial"}
