"""The counts every figure is made of: read from the floors' roll-ups, once and only when a figure needs them."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from datetime import date
from functools import cached_property
from typing import Any

from conduct.calendar import book, rules
from findings.models import Finding, FindingQuerySet
from findings.queries import tallies
from findings.queries.tallies import OnDesks, Overview, Turned
from findings.rules import light
from inspections.queries import tallies as visit_tallies
from inspections.queries.tallies import CampaignsRun, VisitsMade
from reports.rules.periods import Period

from .lists import Lists, lists
from .scope import Scope


class Reading:
    """What the tables say about one scope and period, as at one day.

    Covert plans are not in it: only visits that have left, and campaigns that have started, are read.
    """

    def __init__(self, *, scope: Scope, period: Period, today: date) -> None:
        self.scope = scope
        self.period = period
        self.today = today
        self._crossed: dict[tuple[int, ...], dict[tuple[int, str], int]] = {}

    @cached_property
    def lists(self) -> Lists:
        """The addresses of the lists behind the numbers."""
        return lists(office=self.scope.office)

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
        key = tuple(units)
        if key not in self._crossed:
            self._crossed[key] = tallies.crossed(self._overview.asked, units)
        return self._crossed[key]

    @cached_property
    def visits(self) -> VisitsMade:
        """Visits of the period that were really made, and the units they went to.

        Visits of a campaign whose source states how many units it saw are left to that statement.
        """
        return visit_tallies.visits_made(
            paths=self.scope.paths, first=self.period.first, last=self.period.last
        )

    @cached_property
    def campaigns(self) -> CampaignsRun:
        """Campaigns of the period that have started, with the units they were to choose from."""
        return visit_tallies.campaigns_run(
            paths=self.scope.paths, first=self.period.first, last=self.period.last
        )

    @cached_property
    def category_names(self) -> dict[str, dict[str, str]]:
        """{scheme: {code: name}} of the top categories, in their newest published version."""
        return visit_tallies.top_names()

    @cached_property
    def soon_until(self) -> date:
        """The last due date that is due soon today."""
        return light.soon_until(today=self.today, book=self.book)

    @cached_property
    def is_estimate(self) -> bool:
        """Whether the calendar of the coming days is not known yet."""
        return not self.book.knows(self.today, self.soon_until)

    def facts(self, *, crossed: int) -> Hashable:
        """All that was read, as one value: of the same facts the same page is made.

        crossed: of how many units, in the order of the tables, the categories are read
        """
        units = [unit for unit, _ in self.units[:crossed]]
        return (
            self.period,
            self.today,
            self.lists,
            self.is_estimate,
            self.on_desks,
            self.turned_over,
            self.visits,
            self.campaigns,
            tuple((scheme, *names.items()) for scheme, names in self.category_names.items()),
            tuple((key, *counts.values()) for key, counts in self.by_month.items()),
            tuple((unit, *counts.values()) for unit, counts in self.units),
            tuple(self.crossed(units).items()),
        )

    @cached_property
    def units(self) -> list[tuple[int, dict[str, Any]]]:
        """The units with problems as tables print them: the most overdue first, then the most problems."""
        return sorted(
            self.by_unit.items(), key=lambda one: (-one[1]["overdue"], -one[1]["problems"], one[1]["path"])
        )

    @property
    def findings(self) -> FindingQuerySet:
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
    def book(self) -> rules.WorkCalendar:
        """The working days, as they are known today."""
        return book.load()
