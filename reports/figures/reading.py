"""The counts every figure is made of: read from the floors' roll-ups, once and only when a figure needs them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from conduct.calendar import book, rules
from findings.models import Finding
from findings.queries import tallies
from findings.queries.tallies import OnDesks, Overview, Turned
from findings.rules import light
from inspections.models import Campaign, CampaignUnit, ProblemCategory, Taxonomy
from inspections.queries import tallies as visit_tallies
from inspections.queries.tallies import VisitsMade
from reports.rules.periods import Period

from .scope import Scope


@dataclass(frozen=True, slots=True)
class Campaigns:
    """Campaigns of a period that have started. None: no source says.

    pool: how many units they had to choose from
    seen: how many units those saw whose source states just that
    """

    number: int
    pool: int | None
    seen: int | None


class Reading:
    """What the tables say about one scope and period, as at one day.

    Covert plans are not in it: only visits that have left, and campaigns that have started, are read.
    """

    def __init__(self, *, scope: Scope, period: Period, today: date) -> None:
        self.scope = scope
        self.period = period
        self.today = today

    @property
    def by_month(self) -> dict[tuple[date, str], dict[str, int]]:
        """Problems found in the period: {(month of the visit, top category): counts}."""
        return self._overview.by_category

    @property
    def on_desks(self) -> OnDesks:
        """What is open today, whenever it was found."""
        return self._overview.on_desks

    @cached_property
    def by_unit(self) -> dict[int, dict[str, Any]]:
        """Problems found in the period: {unit: its name and path, counts}."""
        return tallies.by_unit(self._overview.asked)

    @property
    def turned_over(self) -> Turned:
        """What was handed over in the period, and what was closed in it."""
        return self._overview.turned_over

    def crossed(self, units: Collection[int]) -> dict[tuple[int, str], int]:
        """Problems found in the period at a few units: {(unit, top category): problems}."""
        return tallies.crossed(self._overview.asked, units)

    @cached_property
    def visits(self) -> VisitsMade:
        """Visits of the period that were really made, and the units they went to.

        Visits of a campaign whose source states how many units it saw are left to that statement.
        """
        return visit_tallies.visits_made(
            paths=self.scope.paths, first=self.period.first, last=self.period.last
        )

    @cached_property
    def campaigns(self) -> Campaigns:
        """Campaigns of the period that have started, with the units they were to choose from."""
        begun = Q(is_historical=True) | Q(started_at__isnull=False)
        rows = (
            Campaign.objects.filter(self.scope.over("office__path"), begun)
            .filter(starts_on__lte=self.period.last, ends_on__gte=self.period.first)
            .exclude(state=Campaign.State.CANCELLED)
        )
        listed = CampaignUnit.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
        planned = Coalesce(Subquery(listed.annotate(units=Count("pk")).values("units")), 0)
        told = Q(is_historical=True, stated_pool__isnull=False) | Q(is_historical=False, planned__gt=0)
        counts = rows.annotate(planned=planned).aggregate(
            number=Count("pk"),
            told=Count("pk", filter=told),
            stated=Sum("stated_pool", filter=Q(is_historical=True), default=0),
            listed=Sum("planned", filter=Q(is_historical=False), default=0),
            seen=Sum("stated_units_visited"),
        )
        pool = counts["stated"] + counts["listed"] if counts["told"] else None
        return Campaigns(counts["number"], pool, counts["seen"])

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

    @property
    def findings(self) -> QuerySet[Finding]:
        """The problems found in the period whose facts stand, one by one: for the cases a paper prints."""
        return Finding.objects.filter(
            self.scope.over("unit__path"),
            state__in=Finding.STANDING,
            visited_on__range=(self.period.first, self.period.last),
        )

    @cached_property
    def _overview(self) -> Overview:
        return tallies.overview(
            paths=self.scope.paths,
            first=self.period.first,
            last=self.period.last,
            today=self.today,
            soon=self.soon_until,
        )

    @cached_property
    def _book(self) -> rules.WorkCalendar:
        return book.load()
