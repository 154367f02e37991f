"""When bulletins are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from conduct.clock import SHANGHAI
from people.models import Unit
from reports.models import ReportSchedule
from reports.rules.periods import DuePeriod, due_periods


def due(*, at: datetime, most: int) -> Iterator[tuple[ReportSchedule, DuePeriod]]:
    """Every schedule that is on, with each period that fell due since it was switched on."""
    now = at.astimezone(SHANGHAI)
    for schedule in ReportSchedule.objects.filter(is_on=True):
        found = due_periods(
            kind=schedule.kind,
            day=schedule.day,
            at_time=schedule.at_time,
            since=schedule.since,
            now=now,
            most=most,
        )
        for period in found:
            yield schedule, period


def of_office(office: Unit) -> dict[str, ReportSchedule]:
    """{kind: schedule} of one office."""
    return {schedule.kind: schedule for schedule in ReportSchedule.objects.filter(office=office)}
