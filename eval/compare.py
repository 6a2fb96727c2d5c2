"""Two runs side by side, question by question. Knows judged cases and differences; not how either run came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.intervals import Difference, compare
from eval.judged import Judged
from eval.summary import MEANS
from kb.errors import SourceUnreadable


@dataclass(frozen=True, slots=True)
class Compared:
    """The metrics both runs have, each with its difference (this run minus the other), and who changed sides.

    ``won`` and ``lost`` are ids of cases that failed only there, or only here.
    """

    differences: dict[str, Difference]
    won: tuple[str, ...]
    lost: tuple[str, ...]
    unmatched: int


def compare_runs(ours: Sequence[Judged], theirs: Sequence[Judged]) -> Compared:
    """Return how this run differs from the other on the questions that both asked.

    Raises:
        SourceUnreadable: they have no question in common.
    """
    others = {one.id: one for one in theirs}
    pairs = [(one, others[one.id]) for one in ours if one.id in others and others[one.id].question == one.question]
    if not pairs:
        raise SourceUnreadable("两次评测没有相同的题，无法比较：请用同一份评测集")
    values = paired_values([(one.values, other.values) for one, other in pairs])
    return Compared(
        differences={name: compare(*columns) for name, columns in values.items()},
        won=tuple(one.id for one, other in pairs if other.failed and not one.failed),
        lost=tuple(one.id for one, other in pairs if one.failed and not other.failed),
        unmatched=len(ours) + len(theirs) - 2 * len(pairs),
    )


def paired_values(
    pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]],
) -> dict[str, tuple[list[float], list[float]]]:
    """Return, for each metric, its values in both runs over the cases that have it in both."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    for name in MEANS:
        both = [(ours[name], theirs[name]) for ours, theirs in pairs if name in ours and name in theirs]
        if both:
            found[name] = ([ours for ours, _ in both], [theirs for _, theirs in both])
    return found


def comparison_json(compared: Compared) -> dict[str, Any]:
    """Return the comparison as ``shouce eval --json`` prints it."""
    return {
        "metrics": {
            name: {
                "difference": round(one.mean, 4),
                "interval": [round(one.interval.low, 4), round(one.interval.high, 4)],
                "p": round(one.p, 4),
                "cases": one.cases,
                "better": one.better,
                "worse": one.worse,
                "significant": one.significant,
            }
            for name, one in compared.differences.items()
        },
        "won": list(compared.won),
        "lost": list(compared.lost),
        "unmatched": compared.unmatched,
    }


def comparison_text(compared: Compared) -> str:
    """Return the comparison for a terminal."""
    lines = ["与另一次评测相比（同一批题，正数是这次更好；* 表示不是偶然）："]
    for name, one in compared.differences.items():
        mark = "*" if one.significant else " "
        low, high = one.interval.low, one.interval.high
        lines.append(
            f" {mark} {name:<20} {one.mean:+.4f}  95% [{low:+.4f}, {high:+.4f}]  p={one.p:.3f}"
            f"  {one.cases} 题，好 {one.better}，差 {one.worse}"
        )
    if compared.won:
        lines.append(f"  这次答好的：{' '.join(compared.won)}")
    if compared.lost:
        lines.append(f"  这次答坏的：{' '.join(compared.lost)}")
    if compared.unmatched:
        lines.append(f"  {compared.unmatched} 题只在其中一次里，未计入")
    return "\n".join(lines)
