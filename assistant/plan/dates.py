"""Working days: Monday to Friday without the statutory holidays of the years listed here.

Which weekends are worked in exchange is announced year by year and not known here; plans say so.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from kb.errors import EntryInvalid

_WEEKEND = 5
# First day of the lunar year, Qingming, Dragon Boat and Mid-Autumn (month and day) by year.
_MOVING = {
    2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
}
HOLIDAYS_KNOWN = f"已避开 {min(_MOVING)} 至 {max(_MOVING)} 年的法定节假日，调休以当年通知为准"


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the statutory holidays of a year (全国年节及纪念日放假办法, as amended 2024); none where it is not listed."""
    if year not in _MOVING:
        return frozenset()
    (month, day), *others = _MOVING[year]
    eve = date(year, month, day) - timedelta(days=1)
    spring = {eve + timedelta(days=at) for at in range(4)}
    fixed = {date(year, *one) for one in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3), *others)}
    return frozenset(spring | fixed)


def is_working(day: date) -> bool:
    """Say whether ``day`` is neither at a weekend nor a statutory holiday."""
    return day.weekday() < _WEEKEND and day not in holidays(day.year)


def working_day(day: date) -> date:
    """Return ``day``, or the next day that is worked where it is not."""
    while not is_working(day):
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
        count += is_working(day)
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


def over_long_holiday(start: date, end: date) -> bool:
    """Say whether the spring or the national holiday begins between two days."""
    years = [year for year in range(start.year, end.year + 1) if year in _MOVING]
    begins = [day for year in years for day in (date(year, *_MOVING[year][0]), date(year, 10, 1))]
    return any(start < day <= end for day in begins)
