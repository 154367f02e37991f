"""A span of days as whole months and what is left over: months come from roll-ups, the other days from the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Parted:
    """A span of days. Both ends of every pair are part of it.

    months: first days of the first and the last whole month, None without one
    loose:  the other days
    """

    months: Days | None
    loose: tuple[Days, ...] = ()


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    return next_month(day) - timedelta(days=1)


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def edges(first: date, last: date) -> tuple[Days, ...]:
    """The days that the months of the span have outside it: where they hold nothing, the months may count whole."""
    start, end = first_of_month(first), last_of_month(last)
    before = ((start, first - timedelta(days=1)),) if start < first else ()
    after = ((last + timedelta(days=1), end),) if last < end else ()
    return before + after


def in_months(first: date, last: date) -> Parted:
    """The span where its edges hold nothing."""
    return Parted((first_of_month(first), first_of_month(last)))


def parted(first: date, last: date) -> Parted:
    """The span where its edges hold something."""
    start = first if first.day == 1 else next_month(first)
    end = next_month(last) if last == last_of_month(last) else first_of_month(last)
    if start >= end:
        return Parted(None, ((first, last),))
    head = ((first, start - timedelta(days=1)),) if first < start else ()
    tail = ((end, last),) if end <= last else ()
    return Parted((start, first_of_month(end - timedelta(days=1))), head + tail)
