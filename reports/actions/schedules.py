"""When periodic bulletins are drafted."""

from __future__ import annotations

from datetime import datetime, time

from django.db import IntegrityError, transaction

from conduct import audit, clock, moves
from conduct.errors import MovedMeanwhile
from people import access
from people.models import Unit, User
from people.roles import Permission
from reports.models import ReportSchedule

LABEL = "设置定期通报"


@transaction.atomic
def arrange(
    *,
    office: Unit,
    kind: str,
    is_on: bool,
    day: int,
    at_time: time,
    expected: int,
    by: User,
    at: datetime,
) -> ReportSchedule:
    """Set when an office's weekly or monthly bulletin is drafted; switched on, it begins with the next date.

    expected: the version on the person's screen, 0 when there was no schedule
    Raises:   Forbidden, MovedMeanwhile
    """
    access.require(by, Permission.BULLETIN_DRAFT, unit=office)
    found = ReportSchedule.objects.filter(office=office, kind=kind).first()
    today = clock.day_of(at)
    if found is None:
        return _first(
            ReportSchedule(office=office, kind=kind, is_on=is_on, day=day, at_time=at_time, since=today),
            by=by,
            at=at,
        )
    moves.revise(
        found,
        expected=expected,
        by=by,
        at=at,
        verb="arrange_schedule",
        label=LABEL,
        is_on=is_on,
        day=day,
        at_time=at_time,
        since=found.since if found.is_on else today,
    )
    return found


def _first(row: ReportSchedule, *, by: User, at: datetime) -> ReportSchedule:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise MovedMeanwhile(moves.MOVED) from taken
    audit.record(at=at, by=by, verb="reports.arrange_schedule", label=LABEL, subject=row)
    return row
