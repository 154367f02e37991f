"""The same indicator at the same unit within twelve months: found here, shown to the office before it grades."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from conduct.calendar.rules import corresponding_day
from findings.models import Finding
from people import tree
from people.access import Asker

MONTHS = 12
MOST = 10
# Settled: what came before changes nothing here any more.
SETTLED = frozenset(
    {Finding.State.DISMISSED, Finding.State.MERGED, Finding.State.CLOSED, Finding.State.ON_RECORD}
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A problem like this one: where, when, and how it stands."""

    title: str
    url: str
    unit: str
    visited_on: date
    state: str
    grade: str


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The latest of them first. is_more: there are others besides"""

    rows: list[Earlier]
    is_more: bool

    @property
    def count(self) -> str:
        """How many, as it is told."""
        return f"{MOST} 个以上" if self.is_more else f"{len(self.rows)} 个"


def before(user: Asker, finding: Finding) -> Recurrence | None:
    """Standing problems of the unit and all below it with the same indicator, found in the twelve months up to the
    day of this one; nothing where there are none, or where the matter is settled.
    """
    if finding.state in SETTLED:
        return None
    since = corresponding_day(start=finding.visited_on, months=-MONTHS)
    rows = (
        Finding.objects.visible_to(user)
        .filter(
            tree.below("unit__path", finding.unit.path),
            category__code=finding.category.code,
            visited_on__range=(since, finding.visited_on),
            state__in=Finding.STANDING,
        )
        .exclude(pk=finding.pk)
        .select_related("unit")
        .only("title", "visited_on", "state", "grade", "unit__name", "unit__short_name", "unit__path")
        .order_by("-visited_on", "pk")[: MOST + 1]
    )
    found = [_earlier(row) for row in rows]
    return Recurrence(found[:MOST], len(found) > MOST) if found else None


def _earlier(row: Finding) -> Earlier:
    return Earlier(
        title=row.title,
        url=reverse("findings:detail", args=[row.pk]),
        unit=row.unit.short_name or row.unit.name,
        visited_on=row.visited_on,
        state=row.get_state_display(),
        grade=row.get_grade_display() if row.grade else "",
    )
