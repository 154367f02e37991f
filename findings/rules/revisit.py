"""When the second look falls, and what may come of it. Each rule answers with the objection, or with nothing."""

from __future__ import annotations

from datetime import date, timedelta

from conduct.calendar.rules import WorkCalendar

MOST_DAYS_AFTER = 365
# The team may set out on the day drawn or in the two weeks after it.
DAYS_TO_GO = 14
# Doubles what a relapse weighs. Source: DOMAIN §4.3, closed→relapsed.
FACTOR_OF_A_RELAPSE = 2


def objection_to_days(*, first: int, last: int) -> str:
    """Against looking again between these calendar days after closing."""
    if not 1 <= first <= last <= MOST_DAYS_AFTER:
        return f"回头看的天数须是 1 至 {MOST_DAYS_AFTER} 之间，最早不能晚于最晚，请改正后再保存。"
    return ""


def day_of(*, closed_on: date, first: int, last: int, drawn: int, book: WorkCalendar) -> date:
    """The day of the second look: so many calendar days after closing, on a working day where the span has one.

    drawn: a number drawn by lot, at least 0
    """
    span = [closed_on + timedelta(days=days) for days in range(first, last + 1)]
    worked = [day for day in span if book.is_working(day)]
    among = worked or span
    return among[drawn % len(among)]
