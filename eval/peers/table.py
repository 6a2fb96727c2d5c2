"""The comparison as a Markdown table and as JSON. Knows rows, not how they came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from eval.peers.rows import Row, Times

_HEAD = (
    "| | given | hit@1 | right one within the first | hit@5 | MRR@10 | facts in the best 4 | … in the answer | AUROC "
    "| characters read | chunks | ingest | question embedded | search |"
)
ABOUT = """\
Every row has the same documents, questions and embedding model; only Shouce turns a question's vector by the map it
brings. *given*: the file as its owner has it (raw), or the text as Shouce repaired it, headings as lines. A hit's
section is the one that holds most of its characters; for Shouce's own it is known. *right one within the first*: the
first hit holds half of a right section, whatever else it holds, which is fairer to wide windows. *facts*: the share of
what a right answer must say that stands in the four best hits, script folded and pronunciation glosses left out for
everybody; peers have no answers without a chat model. *AUROC*: best score, answerable against not; of Shouce the
decision's, its best score's in brackets. *characters read*: median of the four best hits; of Shouce the answer's, hits
in brackets. *ingest*: seconds, and as a multiple of embedding its own chunks; *search*: without embedding the question,
and as a multiple of that.
"""


def table(name: str, rows: Sequence[Row]) -> str:
    """Return the rows of one dataset as Markdown, the failed ones with their reasons."""
    columns = _HEAD.count("|") - 1
    lines = [f"### {name}", "", _HEAD, "|" + " --- |" * columns]
    lines += [_line(row, columns) for row in rows]
    return "\n".join(lines) + "\n"


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows as JSON values, unrounded."""
    return [asdict(row) for row in rows]


def _line(row: Row, columns: int) -> str:
    if row.quality is None or row.times is None:
        reason = row.reason.replace("|", "/")
        return f"| {row.title} | {row.given} | " + " | ".join(["–"] * (columns - 3)) + f" | {reason} |"
    quality, times = row.quality, row.times
    own = row.decision_auroc is not None
    cells = [
        row.title,
        row.given,
        _share(quality.hit_at_1),
        _share(quality.within_first),
        _share(quality.hit_at_5),
        _share(quality.mrr),
        _share(quality.facts_in_context),
        _share(row.facts_in_answer),
        f"{_share(row.decision_auroc)} ({_share(quality.auroc)})" if own else _share(quality.auroc),
        f"{row.characters_of_answer:.0f} ({quality.characters:.0f})" if own else f"{quality.characters:.0f}",
        str(times.chunks),
        _ingest(times),
        f"{times.question:.1f} ms",
        _search(times),
    ]
    return "| " + " | ".join(cells) + " |"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _ingest(times: Times) -> str:
    if times.ingest is None or not times.passages:
        return "–"
    return f"{times.ingest:.1f} s, {times.ingest / times.passages:.2f} ×"


def _search(times: Times) -> str:
    share = (
        f"{times.search:.1f} ms, {times.search / times.question:.2f} ×" if times.question else f"{times.search:.1f} ms"
    )
    return (
        share if times.answer is None or not times.question else f"{share} (ask {times.answer / times.question:.2f} ×)"
    )
