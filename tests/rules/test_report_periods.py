"""Which days a report speaks about, and when the next one is due."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from conduct.clock import SHANGHAI
from reports.rules import periods
from reports.rules.periods import Period

MONDAY = date(2026, 11, 23)


def due(kind: str, day: int, now: datetime, *, since: date = date(2026, 1, 1), most: int = 2) -> list[Period]:
    found = periods.due_periods(kind=kind, day=day, at_time=time(9), since=since, now=now, most=most)
    return [one.period for one in found]


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends on or after"):
        Period(date(2026, 3, 2), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), "2026年3月2日"),
        (date(2026, 3, 2), date(2026, 3, 8), "2026年3月2日至8日"),
        (date(2026, 2, 23), date(2026, 3, 1), "2026年2月23日至3月1日"),
        (date(2025, 12, 29), date(2026, 1, 4), "2025年12月29日至2026年1月4日"),
    ],
)
def test_a_period_reads_without_repeating_itself(first: date, last: date, words: str) -> None:
    assert Period(first, last).words == words


def test_a_month_ends_on_its_own_last_day() -> None:
    assert periods.month_of(date(2028, 2, 10)) == Period(date(2028, 2, 1), date(2028, 2, 29))


def test_a_period_touches_each_of_its_months_once() -> None:
    months = Period(date(2025, 12, 31), date(2026, 2, 1)).months

    assert months == (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))


def test_a_week_is_due_for_the_week_before() -> None:
    found = due(periods.WEEKLY, 1, at(MONDAY, 9), most=1)

    assert found == [Period(date(2026, 11, 16), date(2026, 11, 22))]


def test_a_week_is_not_due_before_its_hour() -> None:
    found = due(periods.WEEKLY, 1, at(MONDAY, 8), most=1)

    assert found == [Period(date(2026, 11, 9), date(2026, 11, 15))]


def test_a_late_weekday_still_reports_the_week_that_is_over() -> None:
    found = due(periods.WEEKLY, 5, at(date(2026, 11, 27), 10), most=1)

    assert found == [Period(date(2026, 11, 16), date(2026, 11, 22))]


def test_a_month_is_due_for_the_month_before() -> None:
    found = due(periods.MONTHLY, 3, at(date(2026, 2, 3), 9), most=1)

    assert found == [Period(date(2026, 1, 1), date(2026, 1, 31))]


def test_what_fell_due_before_the_schedule_began_is_not_made_up() -> None:
    assert due(periods.MONTHLY, 3, at(date(2026, 2, 4), 9), since=date(2026, 2, 4)) == []


def test_missed_weeks_are_caught_up_as_far_as_the_schedule_goes_back() -> None:
    found = due(periods.WEEKLY, 1, at(MONDAY, 9), since=date(2026, 11, 16), most=8)

    assert [one.first for one in found] == [date(2026, 11, 16), date(2026, 11, 9)]


def test_no_more_missed_weeks_are_caught_up_than_asked() -> None:
    assert len(due(periods.WEEKLY, 1, at(MONDAY, 9), most=3)) == 3


def test_a_week_from_tuesday_is_no_weekly_period() -> None:
    week = Period(date(2026, 11, 17), date(2026, 11, 23))

    assert not periods.fits(kind=periods.WEEKLY, period=week)
    assert periods.fits(kind=periods.AD_HOC, period=week)


def test_another_kind_has_no_period_of_its_own() -> None:
    with pytest.raises(ValueError, match="weekly or monthly"):
        periods.before(kind=periods.AD_HOC, day=MONDAY)
