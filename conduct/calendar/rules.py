"""Counting days as the law counts them. Plain Python: no clock, no database.

Source: 民法典 201–203; 行政许可法 82; DOMAIN §6.
"""

from __future__ import annotations

import calendar
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

OFFICE_CLOSES = time(18, 0)


@dataclass(frozen=True)
class WorkCalendar:
    """The plain week, corrected by the official notices that have been entered.

    off:     days off, by notice (weekends need not be listed)
    work:    weekend days that are worked
    years:   years whose notice is known; other years count Monday to Friday and are 估算
    version: names the state of the table, kept with every deadline computed from it
    """

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    version: str = ""

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day."""
        if day in self.work:
            return True
        return day.weekday() < 5 and day not in self.off

    @cached_property
    def free_weekdays(self) -> list[date]:
        """Days off from Monday to Friday, in order."""
        return sorted(day for day in self.off - self.work if day.weekday() < 5)

    @cached_property
    def worked_weekends(self) -> list[date]:
        """Weekend days that are worked, in order."""
        return sorted(day for day in self.work if day.weekday() >= 5)

    def knows(self, first: date, last: date) -> bool:
        """Whether every year touched by the span has its notice."""
        return all(year in self.years for year in range(first.year, last.year + 1))


@dataclass(frozen=True)
class Due:
    """The last day of a term, and whether a missing year made it an estimate."""

    day: date
    is_estimate: bool = False
    calendar_version: str = field(default="", compare=False)


def after_working_days(*, start: date, working_days: int, book: WorkCalendar) -> Due:
    """The last day of a term in working days; the start day does not count.

    working_days: whole days, at least 1
    Raises:       ValueError if working_days < 1
    """
    if working_days < 1:
        raise ValueError(f"working_days must be at least 1, got {working_days!r}")
    day, left = start, working_days
    while left:
        day += timedelta(days=1)
        if book.is_working(day):
            left -= 1
    return _due(start, day, book)


def after_calendar_days(*, start: date, days: int, book: WorkCalendar) -> Due:
    """The last day of a term in calendar days, moved on to a working day when it falls on a rest day.

    days:   whole days, at least 1
    Raises: ValueError if days < 1
    """
    if days < 1:
        raise ValueError(f"days must be at least 1, got {days!r}")
    return _roll(start, start + timedelta(days=days), book)


def after_months(*, start: date, months: int, book: WorkCalendar) -> Due:
    """The last day of a term in months: the corresponding day, else the month's end, moved on from a rest day.

    months: whole months, at least 1
    Raises: ValueError if months < 1
    """
    if months < 1:
        raise ValueError(f"months must be at least 1, got {months!r}")
    return _roll(start, corresponding_day(start=start, months=months), book)


def corresponding_day(*, start: date, months: int) -> date:
    """The same day so many months on, or the last day of that month."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def working_days_between(*, start: date, end: date, book: WorkCalendar) -> int:
    """Working days after `start` up to and with `end`; negative when `end` lies before `start`."""
    if end < start:
        return -working_days_between(start=end, end=start, book=book)
    weeks, rest = divmod((end - start).days, 7)
    plain = 5 * weeks + sum((start.weekday() + n) % 7 < 5 for n in range(1, rest + 1))
    return plain - _among(book.free_weekdays, start, end) + _among(book.worked_weekends, start, end)


def counts_from(*, received: datetime, book: WorkCalendar, closes: time = OFFICE_CLOSES) -> date:
    """The start day of a term: receipt after office hours or on a rest day counts as the next working day's.

    received: local wall-clock moment in Asia/Shanghai
    Source:   house choice, ADR 0006
    """
    day = received.date()
    if received.time() <= closes and book.is_working(day):
        return day
    return after_working_days(start=day, working_days=1, book=book).day


def _among(days: Sequence[date], start: date, end: date) -> int:
    """How many of the days in order lie after `start` up to and with `end`."""
    return bisect_right(days, end) - bisect_right(days, start)


def _roll(start: date, day: date, book: WorkCalendar) -> Due:
    while not book.is_working(day):
        day += timedelta(days=1)
    return _due(start, day, book)


def _due(start: date, day: date, book: WorkCalendar) -> Due:
    return Due(day=day, is_estimate=not book.knows(start, day), calendar_version=book.version)
