"""By when a unit must answer."""

from __future__ import annotations

from datetime import datetime

from conduct.calendar.rules import Due, WorkCalendar, after_working_days, counts_from
from conduct.dates import SHANGHAI

STATEMENT_WORKING_DAYS = 3
RECEIPT_WORKING_DAYS = 1
# To return a matter that is not the unit's own, and for the office to answer.
TRANSFER_WORKING_DAYS = 5
TRANSFER_ANSWER_WORKING_DAYS = 5


def deadline(*, given_at: datetime, working_days: int, book: WorkCalendar) -> Due:
    """The last day of a term given to a unit; given after office hours it counts from the next working day."""
    start = counts_from(received=given_at.astimezone(SHANGHAI), book=book)
    return after_working_days(start=start, working_days=working_days, book=book)


def receipt_deadline(*, given_at: datetime, book: WorkCalendar) -> Due:
    """By when the head of the unit signs for a notice."""
    return deadline(given_at=given_at, working_days=RECEIPT_WORKING_DAYS, book=book)
