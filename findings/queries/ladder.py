"""Findings whose next step of the ladder has come: read by route and step along an index, never the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from conduct.calendar.rules import WorkCalendar
from findings.models import Finding, Route, Supervision
from findings.rules.ladder import Step, latest_start, steps_of

BATCH = 500
NEEDED = ("title", "unit", "rung", "runs_until", "ladder_from")


@dataclass(frozen=True, slots=True)
class Bucket:
    """Findings of one route that stand on one rung, and for each step above the latest day it is counted from."""

    route: str
    rung: int
    starts: tuple[tuple[Step, date], ...]

    def reached(self, finding: Finding) -> list[Step]:
        """The steps whose day has come, from the bottom up."""
        start = finding.ladder_from or finding.runs_until
        return [step for step, latest in self.starts if start is not None and start <= latest]


def buckets(*, today: date, book: WorkCalendar) -> Iterator[Bucket]:
    """Every place a finding may stand from which there is a further step, the highest first.

    today: a working day
    """
    for route in Route.objects.order_by("pk"):
        days = route.ladder
        starts = [
            (step, latest_start(step=step, days=days, today=today, book=book)) for step in steps_of(days)
        ]
        for rung in reversed(range(Step.CASE)):
            above = tuple((step, latest) for step, latest in starts if step > rung)
            if above:
                yield Bucket(route.pk, rung, above)


def due(bucket: Bucket) -> QuerySet[Finding]:
    """Those of the bucket whose next step has come, the longest overdue first."""
    latest = bucket.starts[0][1]
    return Finding.objects.filter(
        Q(ladder_from__isnull=True) | Q(ladder_from__lte=latest),
        rung=bucket.rung,
        route=bucket.route,
        runs_until__lte=latest,
    ).order_by("runs_until", "pk")


def take(bucket: Bucket) -> list[Finding]:
    """A batch of them, held against every other change until the transaction ends."""
    rows = due(bucket).only(*NEEDED)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return list(rows[:BATCH])


def taken_before(findings: list[Finding]) -> set[tuple[UUID, int, date, int]]:
    """Steps already on record for any term: (finding, unit, end of the term, step)."""
    rows = Supervision.objects.filter(finding__in=[row.pk for row in findings])
    return set(
        rows.exclude(state=Supervision.State.MOOT).values_list("finding_id", "unit_id", "due_on", "step")
    )
