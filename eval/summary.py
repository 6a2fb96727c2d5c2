"""A run summed up: means with intervals, refusals, lengths, latency. Knows judged cases; not how they were asked."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from eval.intervals import Interval, interval_of_mean
from eval.judged import Judged
from eval.refusal import RiskCoverage, auroc, refusals, risk_coverage

# The metrics that are means over the cases they apply to, in the order they are told.
MEANS = (
    "hit@1",
    "hit@5",
    "recall@5",
    "recall@10",
    "mrr@10",
    "ndcg@10",
    "facts",
    "answered",
    "refused",
    "cited",
    "citation_precision",
    "citation_recall",
    "citation_valid",
    "completeness",
)
# A citation can only be right or wrong where there is one.
_OF_THE_ANSWERED = frozenset({"cited"})


def values_of(name: str, judged: Iterable[Judged]) -> list[float]:
    """Return the values of metric ``name`` over the cases it applies to."""
    return [one.values[name] for one in judged if name in one.values and (name not in _OF_THE_ANSWERED or one.answered)]


def summary(dataset: str, judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the run as ``shouce eval --json`` prints it: metrics, their intervals, and every failure whole."""
    means = {name: values_of(name, judged) for name in MEANS}
    metrics: dict[str, float | None] = {
        name: round(statistics.fmean(values), 4) if values else None for name, values in means.items()
    }
    return {
        "dataset": dataset,
        "cases": len(judged),
        "metrics": {**metrics, **_refusals(judged), **_sizes(judged)},
        "intervals": {name: _pair(interval_of_mean(values)) for name, values in means.items() if values},
        "by_type": by(judged, [one.type for one in judged]),
        "failures": [asdict(one) for one in judged if one.failed],
    }


def by(judged: Sequence[Judged], groups: Sequence[str]) -> dict[str, dict[str, float | int]]:
    """Return, for each group in order of size, how many cases it has and what share of them did not fail."""
    shares: dict[str, list[bool]] = {}
    for one, group in zip(judged, groups, strict=True):
        shares.setdefault(group, []).append(not one.failed)
    ordered = sorted(shares.items(), key=lambda item: (-len(item[1]), item[0]))
    return {group: {"cases": len(good), "good": round(statistics.fmean(good), 4)} for group, good in ordered}


def curve_of(judged: Sequence[Judged]) -> RiskCoverage:
    """Return the risk-coverage curve of the decision over the cases that it decided."""
    decided = [one for one in judged if one.probability is not None and one.status != "missing_in_source"]
    return risk_coverage([one.probability or 0.0 for one in decided], [one.right for one in decided])


def _refusals(judged: Sequence[Judged]) -> dict[str, float | None]:
    decided = [one for one in judged if one.probability is not None and one.status != "missing_in_source"]
    found = refusals([one.answerable for one in judged], [not one.answered for one in judged])
    curve = curve_of(judged)
    values = {
        "refusal_precision": found.precision,
        "refusal_recall": found.recall,
        "decision_auroc": auroc([one.probability or 0.0 for one in decided], [one.answerable for one in decided]),
        "risk_coverage_area": curve.area if decided else None,
    }
    return {name: None if value is None else round(value, 4) for name, value in values.items()}


def _sizes(judged: Sequence[Judged]) -> dict[str, float | None]:
    if not judged:
        return dict.fromkeys(("characters_p50", "characters_p95", "latency_p50_ms", "latency_p95_ms"))
    lengths = [one.characters for one in judged]
    times = [one.milliseconds for one in judged]
    return {
        "characters_p50": float(np.percentile(lengths, 50)),
        "characters_p95": round(float(np.percentile(lengths, 95)), 1),
        "latency_p50_ms": round(float(np.percentile(times, 50)), 2),
        "latency_p95_ms": round(float(np.percentile(times, 95)), 2),
    }


def _pair(found: Interval | None) -> list[float] | None:
    return None if found is None else [round(found.low, 4), round(found.high, 4)]
