"""Working days without statutory holidays."""

from datetime import date

import pytest

from assistant.plan.dates import holidays, last_of, over_long_holiday, working_day, working_days


def test_nothing_is_due_on_a_statutory_holiday() -> None:
    assert working_day(date(2027, 1, 1)) == date(2027, 1, 4)  # New Year's Day is a Friday
    assert last_of(date(2026, 9, 30), 2) == date(2026, 10, 5)  # 1 to 3 October
    assert working_days(date(2027, 2, 4), date(2027, 2, 9)) == 2  # the eve, 5 February, to the third day, 8 February
    assert working_day(date(2035, 1, 1)) == date(2035, 1, 1)  # a year that is not listed


@pytest.mark.parametrize(("year", "count"), [(2026, 13), (2027, 13), (2028, 12), (2029, 13), (2030, 13)])
def test_every_year_has_its_holidays(year: int, count: int) -> None:
    assert len(holidays(year)) == count  # of 2028 Mid-Autumn falls on 3 October
    assert all(day.year == year for day in holidays(year))


def test_a_plan_over_new_year_knows_the_long_holiday() -> None:
    assert over_long_holiday(date(2026, 12, 1), date(2027, 2, 20))
    assert not over_long_holiday(date(2026, 12, 1), date(2027, 1, 20))
