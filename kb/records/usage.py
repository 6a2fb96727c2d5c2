"""How the assistant is used, in numbers: questions a day, what is cited, what is refused, how fast, what people think.

Knows the lines that ``record`` writes: no names and no questions, only a person's id for counting heads. Days are those
of this machine's clock.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from kb.catalogue import now
from kb.rows import storable, to_json
from kb.tables import asked, feedback

if TYPE_CHECKING:
    from sqlalchemy import Row

    from kb.model import Answer
    from kb.records.ledger import Ledger

TOP = 10
ADD_ASKED = insert(asked)


@dataclass(frozen=True, slots=True)
class Day:
    """One day (``2026-11-23``): questions by the status of their answers, and how many known people asked."""

    day: str
    statuses: dict[str, int]
    people: int

    @property
    def questions(self) -> int:
        """All questions of the day."""
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True)
class CitedClause:
    """A clause and in how many answers it was cited."""

    document: str
    section: str
    clause: str
    times: int


@dataclass(frozen=True, slots=True)
class DocumentUse:
    """How often a document was cited, and what people thought of the answers that cite it."""

    document: str
    answers: int
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class UsageSummary:
    """The numbers of some days. Shares in 0..1 (0 where nothing was asked), times in milliseconds."""

    days: tuple[Day, ...]
    questions: int
    people: int
    statuses: dict[str, int]
    engines: dict[str, int]
    up: int
    down: int
    latency_p50: float
    latency_p95: float
    clauses: tuple[CitedClause, ...]
    documents: tuple[DocumentUse, ...]

    @property
    def refused(self) -> float:
        """The share of questions that got no answer at all."""
        nothing = self.statuses.get("not_found", 0) + self.statuses.get("missing_in_source", 0)
        return nothing / self.questions if self.questions else 0.0

    @property
    def satisfied(self) -> float:
        """The share of 👍 among all feedback."""
        return self.up / (self.up + self.down) if self.up + self.down else 0.0


class Usage:
    """The numbers of one catalogue."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def summary(self, *, days: int = 30, today: datetime | None = None) -> UsageSummary:
        """Return the numbers of the last ``days`` days, today included; every day is there, oldest first."""
        end = (today or datetime.now(UTC)).astimezone()
        first = (end - timedelta(days=days - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
        since = first.astimezone(UTC).isoformat(timespec="seconds")
        with self._ledger.read() as connection:
            rows = connection.execute(select(asked).where(asked.c.asked_at >= since)).all()
            given = connection.execute(select(feedback.c.turn, feedback.c.verdict)).all()
        verdicts: dict[int, Counter[str]] = {}
        for turn, verdict in given:
            verdicts.setdefault(turn, Counter())[verdict] += 1
        return _summary(rows, verdicts, [(first + timedelta(days=at)).date().isoformat() for at in range(days)])

    def engine_seconds(self, turns: Collection[int]) -> dict[int, float]:
        """Return how many seconds the engine took for each of ``turns`` (numbers), as far as they were written down."""
        with self._ledger.read() as connection:
            rows = connection.execute(select(asked.c.turn, asked.c.total_ms).where(asked.c.turn.in_(turns))).all()
        return {turn: total_ms / 1000 for turn, total_ms in rows}


def asked_row(answer: Answer) -> dict[str, Any]:
    """Return the line of one question, but for the person and the turn."""
    cited = {(c.document, c.section, c.clause): None for c in answer.citations}
    return {
        "asked_at": now(),
        "status": answer.status,
        "engine": storable(answer.engine),
        "retrieve_ms": round(answer.timings.get("retrieve", 0.0)),
        "total_ms": round(answer.timings.get("total", 0.0)),
        "cited": to_json([list(key) for key in cited]),
    }


def _summary(rows: Sequence[Row[Any]], verdicts: dict[int, Counter[str]], days: Sequence[str]) -> UsageSummary:
    by_day: dict[str, list[Row[Any]]] = {day: [] for day in days}
    clauses: Counter[tuple[str, str, str]] = Counter()
    documents: Counter[str] = Counter()
    liked: dict[str, Counter[str]] = {}
    votes: Counter[str] = Counter()
    for row in rows:
        by_day.setdefault(datetime.fromisoformat(row.asked_at).astimezone().date().isoformat(), []).append(row)
        cited = [tuple(one) for one in json.loads(row.cited)]
        clauses.update(cited)
        own = {document for document, _, _ in cited}
        documents.update(own)
        vote = verdicts.get(row.turn, Counter()) if row.turn else Counter[str]()
        votes.update(vote)
        for document in own:
            liked.setdefault(document, Counter()).update(vote)
    times = sorted(row.total_ms for row in rows)
    return UsageSummary(
        days=tuple(
            Day(day, dict(Counter(row.status for row in some)), len({row.person for row in some} - {""}))
            for day, some in sorted(by_day.items())
        ),
        questions=len(rows),
        people=len({row.person for row in rows} - {""}),
        statuses=dict(Counter(row.status for row in rows)),
        engines=dict(Counter(row.engine for row in rows)),
        up=votes["up"],
        down=votes["down"],
        latency_p50=_percentile(times, 0.5),
        latency_p95=_percentile(times, 0.95),
        clauses=tuple(CitedClause(*key, times=count) for key, count in _top(clauses)),
        documents=tuple(
            DocumentUse(key, count, liked[key]["up"], liked[key]["down"]) for key, count in documents.most_common()
        ),
    )


def _top(counted: Counter[tuple[str, str, str]]) -> list[tuple[tuple[str, str, str], int]]:
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:TOP]


def _percentile(ascending: Sequence[int], share: float) -> float:
    """Return the nearest-rank percentile; 0 of nothing."""
    if not ascending:
        return 0.0
    return float(ascending[max(0, math.ceil(len(ascending) * share) - 1)])
