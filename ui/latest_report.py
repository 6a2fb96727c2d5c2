"""The latest evaluation of a home: where its report is kept, and its numbers for the dashboard.

Knows a folder of the home and the files of a report. What they say is made by ``eval/report``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path("reports") / "latest"


@dataclass(frozen=True, slots=True)
class LatestReport:
    """One evaluation: its page, when it was made (UTC), on which questions, and its metrics (None: not measured)."""

    page: Path
    made_at: str
    dataset: str
    cases: int
    metrics: dict[str, float | None]


def folder_of(home: Path) -> Path:
    """Return where the latest report of ``home`` is kept."""
    return home / FOLDER


def latest_report(home: Path) -> LatestReport | None:
    """Return the latest evaluation of ``home``; None where there is none that can be read."""
    from eval.report.page import NUMBERS, PAGE

    folder = folder_of(home)
    try:
        file = folder / NUMBERS
        numbers: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        made_at = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
        metrics = {str(name): value for name, value in numbers["metrics"].items()}
        return LatestReport(folder / PAGE, made_at, str(numbers["dataset"]), int(numbers["cases"]), metrics)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
