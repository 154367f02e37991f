"""A deadline and everything it was counted from; stopping the clock and letting it run on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from conduct.calendar.rules import Due, WorkCalendar, after_working_days, working_days_between

WEEKEND, HOLIDAY = "周末", "放假"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Rest days in a row that a term passes over."""

    first: date
    last: date
    why: str


def skipped(*, start: date, due: date, book: WorkCalendar, names: Mapping[date, str]) -> list[Skipped]:
    """The rest days after the start day and before the due day, each run of one reason.

    names: of days off that have one, e.g. 国庆节
    """
    runs: list[Skipped] = []
    for day, why in _rests(start, due, book, names):
        last = runs[-1] if runs else None
        if last and last.why == why and day - last.last == timedelta(days=1):
            runs[-1] = Skipped(last.first, day, why)
        else:
            runs.append(Skipped(day, day, why))
    return runs


def resumed(*, due_on: date, stopped_on: date, resumes_on: date, book: WorkCalendar) -> tuple[Due, int]:
    """The deadline of a clock that stood still, and the working days that were left of it.

    stopped_on: the day it was stopped, which still counted
    resumes_on: the day it is let run again, which does not count

    What was past when it was stopped stays past. Where nothing was left but the day itself, one working day is given,
    for nobody can answer on a day that is already running out.
    Source: ADR 0029
    """
    left = working_days_between(start=stopped_on, end=due_on, book=book)
    if stopped_on > due_on:
        return Due(due_on, not book.knows(due_on, due_on), book.version), 0
    return after_working_days(start=resumes_on, working_days=max(1, left), book=book), max(1, left)


def _rests(
    start: date, due: date, book: WorkCalendar, names: Mapping[date, str]
) -> Iterator[tuple[date, str]]:
    day = start
    while (day := day + timedelta(days=1)) < due:
        if book.is_working(day):
            continue
        is_named = day in book.off
        yield day, (names.get(day) or HOLIDAY) if is_named else WEEKEND
