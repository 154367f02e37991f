"""The counts every figure is made of: each is one grouped query, asked once and only when a figure needs it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet, Sum

from conduct.calendar import book, rules
from findings.models import Finding
from findings.rules import light
from inspections.models import Campaign, ProblemCategory, Taxonomy, Visit
from reports.rules.periods import Period

from .scope import Scope

State = Finding.State
IS_OPEN = Q(state__in=Finding.OPEN)
IS_CLOSED = Q(state=State.CLOSED)


class Reading:
    """What the tables say about one scope and period, as at one day.

    Covert plans are not in it: only visits that have left, and campaigns that have started, are read.
    """

    def __init__(self, *, scope: Scope, period: Period, today: date) -> None:
        self.scope = scope
        self.period = period
        self.today = today

    @cached_property
    def by_month(self) -> list[dict[str, Any]]:
        """Problems found in the period, by month of the visit and top category."""
        return list(_tallied(self.findings.values("month", "top"), self.today).order_by("month", "top"))

    @cached_property
    def by_unit(self) -> list[dict[str, Any]]:
        """Problems found in the period, by unit and top category."""
        columns = ("unit_id", "unit__name", "unit__path", "unit__is_unrecorded", "top")
        return list(_tallied(self.findings.values(*columns), self.today).order_by("unit__path", "top"))

    @cached_property
    def rectification(self) -> dict[str, Any]:
        """What is on the desks today, and what became of the findings handed over in the period."""
        first, last = self.period.first, self.period.last
        issued = Q(issued_on__range=(first, last))
        closed_here = Q(closed_on__range=(first, last))
        late = IS_OPEN & Q(due_on__lt=self.today)
        soon = IS_OPEN & Q(due_on__range=(self.today, self.soon_until))
        return (
            Finding.objects.filter(self.scope.over("unit__path"), is_historical=False)
            .filter(IS_OPEN | issued | closed_here)
            .aggregate(
                open=Count("pk", filter=IS_OPEN),
                soon=Count("pk", filter=soon),
                overdue=Count("pk", filter=late),
                issued=Count("pk", filter=issued),
                issued_closed=Count("pk", filter=issued & IS_CLOSED),
                closed=Count("pk", filter=closed_here),
                days=Avg("days_to_close", filter=closed_here),
            )
        )

    @cached_property
    def visits(self) -> dict[str, int]:
        """Visits of the period that were really made, and the units they went to.

        Visits of a campaign whose source states how many units it saw are left to that statement.
        """
        stated = Q(campaign__stated_units_visited__isnull=False)
        known = ~stated & Q(unit__is_unrecorded=False)
        return (
            Visit.objects.filter(
                self.scope.over("unit__path"), visited_on__range=(self.period.first, self.period.last)
            )
            .filter(Q(departed_at__isnull=False) | Q(is_historical=True))
            .exclude(state=Visit.State.ABORTED)
            .aggregate(
                made=Count("pk", filter=known),
                units=Count("unit", filter=known, distinct=True),
                untold=Count("pk", filter=~known),
            )
        )

    @cached_property
    def campaigns(self) -> list[dict[str, Any]]:
        """Campaigns of the period that have started, with the number of units each was to choose from."""
        begun = Q(is_historical=True) | Q(started_at__isnull=False)
        rows: Any = (
            Campaign.objects.filter(self.scope.over("office__path"), begun)
            .filter(starts_on__lte=self.period.last, ends_on__gte=self.period.first)
            .exclude(state=Campaign.State.CANCELLED)
            .annotate(planned=Count("units"))
            .values("is_historical", "stated_pool", "stated_units_visited", "planned")
        )
        return list(rows)

    @cached_property
    def category_names(self) -> dict[str, dict[str, str]]:
        """{scheme: {code: name}} of the top categories, in their newest published version."""
        rows = ProblemCategory.objects.filter(level=1).order_by("taxonomy__version", "ordinal", "code")
        names: dict[str, dict[str, str]] = {scheme.value: {} for scheme in Taxonomy.Scheme}
        for scheme, code, name in rows.values_list("taxonomy__scheme", "code", "name"):
            names[scheme][code] = name
        return names

    @cached_property
    def soon_until(self) -> date:
        """The last due date that is due soon today."""
        return light.soon_until(today=self.today, book=self._book)

    @cached_property
    def is_estimate(self) -> bool:
        """Whether the calendar of the coming days is not known yet."""
        return not self._book.knows(self.today, self.soon_until)

    @cached_property
    def _book(self) -> rules.WorkCalendar:
        return book.load()

    @property
    def findings(self) -> QuerySet[Finding]:
        """The problems found in the period whose facts stand."""
        return Finding.objects.filter(
            self.scope.over("unit__path"),
            state__in=Finding.STANDING,
            visited_on__range=(self.period.first, self.period.last),
        )


def _tallied(groups: Any, today: date) -> Any:
    return groups.annotate(
        problems=Sum("count"),
        closed=Sum("count", filter=IS_CLOSED, default=0),
        open=Sum("count", filter=IS_OPEN, default=0),
        overdue=Sum("count", filter=IS_OPEN & Q(due_on__lt=today), default=0),
        people=Sum("persons"),
        impersonal=Sum("count", filter=Q(persons=0), default=0),
    )
