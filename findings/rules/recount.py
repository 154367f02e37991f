"""Counting a deadline again after the calendar changed. Source: ADR 0042"""

from __future__ import annotations

from datetime import date

from conduct.calendar.rules import (
    Due,
    WorkCalendar,
    after_calendar_days,
    after_working_days,
    working_days_between,
)

# With fewer working days to go, the day a unit was told is not taken back.
NEAR = 3


def recounted(
    *,
    due_on: date,
    counts_from: date | None,
    working_days: int | None,
    calendar_days: int | None = None,
    before: WorkCalendar,
    after: WorkCalendar,
) -> Due:
    """The deadline by the calendar as it is now: never earlier than the day that was told.

    A told day that has become a rest day moves on to the next working day, as the last day of every term does.

    counts_from:   the day that does not count; None for a day that was named and not counted, which only moves on
                   from a rest day
    working_days:  how many were given
    calendar_days: how many were given, for a term that counts every day
    before, after: the calendar by which it was counted, and the one of now
    """
    start, told = counts_from, _moved_on(due_on, before, after)
    if start is None or not (working_days or calendar_days):
        start, due = due_on, told
    elif calendar_days:
        due = after_calendar_days(start=start, days=calendar_days, book=after).day
    else:
        start = first_day(counts_from=start, before=before, after=after)
        due = after_working_days(start=start, working_days=working_days or 1, book=after).day
    day = max(told, due)
    return Due(day, not after.knows(min(start, day), day), after.version)


def first_day(*, counts_from: date, before: WorkCalendar, after: WorkCalendar) -> date:
    """From which day it counts: what was given on a working day that has become a rest day is given on the next."""
    if before.is_working(counts_from) and not after.is_working(counts_from):
        return after_working_days(start=counts_from, working_days=1, book=after).day
    return counts_from


def may_go_back(*, former: date, today: date, book: WorkCalendar) -> bool:
    """Whether an undoing may give a unit its former day again: not when it is near or past."""
    return working_days_between(start=today, end=former, book=book) >= NEAR


def _moved_on(day: date, before: WorkCalendar, after: WorkCalendar) -> date:
    if not before.is_working(day):
        return day
    while not after.is_working(day):
        day = after_working_days(start=day, working_days=1, book=after).day
    return day
