"""How many visits were made in any span of days, and to how many units: from the roll-up, loose days from the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, Value

from conduct import spans
from conduct.spans import Days
from inspections.models import Visit, VisitTally
from people import tree


@dataclass(frozen=True, slots=True)
class VisitsMade:
    """Visits of a span of days that were really made.

    made:   recorded one by one, at a known unit
    units:  to how many different units these went
    untold: of which the source states only how many there were, or not at which unit
    """

    made: int
    units: int
    untold: int


def visits_made(*, paths: Iterable[str], first: date, last: date) -> VisitsMade:
    """The visits to the units of these branches."""
    branches = Q(pk__in=[])
    for path in paths:
        branches |= tree.below("unit__path", path)
    months = spans.in_months(first, last).months
    outside = Q(pk__in=[])
    for days in spans.edges(first, last):
        outside |= Q(visited_on__range=days)
    # The visits that lie in the months but not in the span come as the line of no unit.
    beyond = Visit.objects.filter(outside).annotate(none=Value(0)).values_list("none")
    rows = list(_kept(branches, months).union(beyond.annotate(a=Count("pk"), b=Value(0)), all=True))
    if any(count for unit, count, _ in rows if unit == 0):
        parted = spans.parted(first, last)
        rows = list(_kept(branches, parted.months)) if parted.months else []
        for days in parted.loose:
            rows += _loose(Visit.objects.filter(branches, visited_on__range=days))
    return VisitsMade(
        made=sum(made for _, made, _ in rows),
        units=len({unit for unit, made, _ in rows if made}),
        untold=sum(untold for _, _, untold in rows),
    )


def _kept(branches: Q, months: Days | None) -> QuerySet[Any]:
    """Unit, visits made, and untold ones."""
    rows = VisitTally.objects.filter(branches, month__range=months).values_list("unit_id")
    return rows.annotate(a=Sum("made"), b=Sum("untold"))


def _loose(visits: QuerySet[Visit]) -> Iterable[tuple[int, int, int]]:
    told = Q(campaign__stated_units_visited__isnull=True, unit__is_unrecorded=False)
    return (
        visits.filter(Q(departed_at__isnull=False) | Q(is_historical=True))
        .exclude(state=Visit.State.ABORTED)
        .values_list("unit_id")
        .annotate(a=Count("pk", filter=told), b=Count("pk", filter=~told))
    )
