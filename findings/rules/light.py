"""When a finding is due soon, and when it is overdue: the one rule behind lists, figures and badges."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from conduct.calendar.rules import WorkCalendar, after_working_days

SOON_WORKING_DAYS = 3


class Light(StrEnum):
    """How a deadline stands."""

    NORMAL = "normal"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


def soon_until(*, today: date, book: WorkCalendar) -> date:
    """The last day that counts as due soon: at most three working days are left until it.

    Source: DOMAIN §2.3, reminder three days before due; house choice: working days
    """
    fourth = after_working_days(start=today, working_days=SOON_WORKING_DAYS + 1, book=book).day
    return fourth - timedelta(days=1)


def light(*, due_on: date, today: date, soon_until: date) -> Light:
    """The light of one open finding; the due day itself is still in time."""
    if due_on < today:
        return Light.OVERDUE
    return Light.DUE_SOON if due_on <= soon_until else Light.NORMAL
