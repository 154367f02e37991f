"""The one clock: Asia/Shanghai for people, UTC in storage. Only views, tasks and commands read it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, aware."""
    return timezone.now()


def day_of(at: datetime) -> date:
    """The calendar day in Shanghai of an aware moment."""
    return at.astimezone(SHANGHAI).date()


def moment(day: date, clock: time = time(0, 0)) -> datetime:
    """The aware moment of a Shanghai day and wall-clock time."""
    return datetime.combine(day, clock, tzinfo=SHANGHAI)


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """Half-open moments [start of first, start of the day after last) in Shanghai."""
    return moment(first), moment(last + timedelta(days=1))
