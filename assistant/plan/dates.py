"""Working days: Monday to Friday. Public holidays are not known here, and plans say so."""

from __future__ import annotations

from datetime import date, timedelta

from kb.errors import EntryInvalid

_WEEKEND = 5


def working_day(day: date) -> date:
    """Return ``day``, or the next Monday where it is at a weekend."""
    while day.weekday() >= _WEEKEND:
        day += timedelta(days=1)
    return day


def after(day: date) -> date:
    """Return the working day after ``day``."""
    return working_day(day + timedelta(days=1))


def last_of(start: date, days: int) -> date:
    """Return the last of ``days`` (≥ 1) working days that begin on ``start``."""
    day = working_day(start)
    for _ in range(days - 1):
        day = after(day)
    return day


def working_days(start: date, end: date) -> int:
    """Return how many working days lie between two days, both included."""
    count, day = 0, start
    while day <= end:
        count += day.weekday() < _WEEKEND
        day += timedelta(days=1)
    return count


def parse_day(text: str) -> date:
    """Return the day that ``2026-12-01``, ``2026/12/1`` or ``2026年12月1日`` names.

    Raises:
        EntryInvalid: it is none; the message shows the form.
    """
    cleaned = text.strip().replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    parts = cleaned.split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError as error:
        raise EntryInvalid(f"“{text}”不是日期，请写成 2026-12-01 的样子") from error
