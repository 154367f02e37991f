"""Periods a report speaks about, and when a periodic one is due. Plain Python: no clock, no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from conduct.dates import plain_date

WEEKLY = "weekly"
MONTHLY = "monthly"
AD_HOC = "ad_hoc"
MOST_DAYS = 3 * 366


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the last one included.

    Raises: ValueError when it ends before it begins
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period ends on or after its first day, got {self.first!r} to {self.last!r}")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def words(self) -> str:
        """As papers print it: 2026年11月16日至22日, leaving out what the first day has said already."""
        first, last = self.first, self.last
        begin = plain_date(first)
        if first == last:
            return begin
        if (first.year, first.month) == (last.year, last.month):
            return f"{begin}至{last.day}日"
        year = "" if first.year == last.year else f"{last.year}年"
        return f"{begin}至{year}{last.month}月{last.day}日"

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of every month the period touches."""
        found, month = [], self.first.replace(day=1)
        while month <= self.last:
            found.append(month)
            month = _next_month(month)
        return tuple(found)

    def within(self, other: Period) -> Period:
        """The days both have.

        Raises: ValueError when they share none
        """
        return Period(max(self.first, other.first), min(self.last, other.last))


def week_of(day: date) -> Period:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def month_of(day: date) -> Period:
    """The calendar month around a day."""
    first = day.replace(day=1)
    return Period(first, _next_month(first) - timedelta(days=1))


def year_to(day: date) -> Period:
    """From New Year's Day to the day."""
    return Period(day.replace(month=1, day=1), day)


def before(*, kind: str, day: date) -> Period:
    """The last week or month that was over before the day.

    kind:   weekly | monthly
    Raises: ValueError for another kind
    """
    return _around(kind, _around(kind, day).first - timedelta(days=1))


def fits(*, kind: str, period: Period) -> bool:
    """Whether the period is a whole week or month, as its kind says; an ad hoc one may be any."""
    return kind == AD_HOC or _around(kind, period.first) == period


@dataclass(frozen=True, slots=True)
class DuePeriod:
    """A period whose report fell due at a local wall-clock moment."""

    period: Period
    due_at: datetime


def due_periods(
    *, kind: str, day: int, at_time: time, since: date, now: datetime, most: int
) -> tuple[DuePeriod, ...]:
    """The closed periods whose report fell due from `since` up to now, the latest first.

    day:  weekly 1 Monday to 7 Sunday; monthly the day of the month, 1 to 28
    now:  local wall-clock moment in Asia/Shanghai
    most: how many missed ones are caught up at most
    """
    earlier = (
        DuePeriod(before(kind=kind, day=due.date()), due)
        for due in _due_moments(kind=kind, day=day, at_time=at_time, now=now)
    )
    wanted = []
    for found in islice(earlier, most):
        if found.due_at.date() < since:
            break
        wanted.append(found)
    return tuple(wanted)


def _due_moments(*, kind: str, day: int, at_time: time, now: datetime) -> Iterator[datetime]:
    around = _around(kind, now.date())
    while True:
        moment = datetime.combine(around.first + timedelta(days=day - 1), at_time, tzinfo=now.tzinfo)
        if moment <= now:
            yield moment
        around = _around(kind, around.first - timedelta(days=1))


def _around(kind: str, day: date) -> Period:
    if kind == WEEKLY:
        return week_of(day)
    if kind == MONTHLY:
        return month_of(day)
    raise ValueError(f"a periodic report is weekly or monthly, got {kind!r}")


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
