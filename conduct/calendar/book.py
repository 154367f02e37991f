"""The office's table of days off and make-up days, as the rules want it."""

from __future__ import annotations

from conduct.models import CalendarDay, CalendarYear

from .rules import WorkCalendar


def load() -> WorkCalendar:
    """The whole table: two queries, a few dozen rows a year."""
    years = list(CalendarYear.objects.order_by("year"))
    days = CalendarDay.objects.values_list("day", "kind")
    off, work = set(), set()
    for day, kind in days:
        (off if kind == CalendarDay.Kind.OFF else work).add(day)
    return WorkCalendar(
        off=frozenset(off),
        work=frozenset(work),
        years=frozenset(year.year for year in years),
        version=",".join(f"{year.year}.{year.version}" for year in years),
    )
