"""By when a unit must answer."""

from __future__ import annotations

from datetime import datetime

from conduct.calendar.rules import Due, WorkCalendar, after_working_days, counts_from
from conduct.dates import SHANGHAI

STATEMENT_WORKING_DAYS = 3


def deadline(*, given_at: datetime, working_days: int, book: WorkCalendar) -> Due:
    """The last day of a term given to a unit; given after office hours it counts from the next working day."""
    start = counts_from(received=given_at.astimezone(SHANGHAI), book=book)
    return after_working_days(start=start, working_days=working_days, book=book)
