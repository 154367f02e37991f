"""The stage of the demo city: who there is, what day it is, and stories that advance side by side.

A story is a generator. It yields the moment of its next step; all stories together are played in the order of
time, so that numbers, versions and histories come out as if people had worked through those months.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from conduct import clock
from conduct.calendar import book
from conduct.calendar.rules import WorkCalendar
from conduct.chain import sealing
from findings.models import Route
from inspections.models import Cause, ProblemCategory, Taxonomy

from .city import City

Story = Iterator[datetime]
STEPS_A_SEAL = 40


@dataclass
class Stage:
    """Everything a story needs to go on."""

    city: City
    rng: Random
    now: datetime
    calendar: WorkCalendar = field(init=False)
    taxonomies: dict[str, Taxonomy] = field(init=False)
    indicators: dict[str, list[ProblemCategory]] = field(init=False)
    causes: list[Cause] = field(init=False)
    routes: dict[str, Route] = field(init=False)
    # What is decided about the matters that are closed, one after the other.
    measures: Iterator[Any] = field(default_factory=lambda: iter(()))

    def __post_init__(self) -> None:
        self.calendar = book.load()
        newest = {row.scheme: row for row in Taxonomy.objects.order_by("version")}
        self.taxonomies = newest
        leaves = ProblemCategory.objects.filter(is_leaf=True).select_related("taxonomy").order_by("code")
        self.indicators = {scheme: list(leaves.filter(taxonomy=row)) for scheme, row in newest.items()}
        self.causes = list(Cause.objects.order_by("pk"))
        self.routes = {route.code: route for route in Route.objects.all()}
        self._order = 0
        self._places: list[tuple[datetime, int, Story]] = []
        self._days = self._working_days_back(clock.day_of(self.now))

    def day(self, back: int) -> date:
        """The working day so many working days before today; 0 is the last one before today.

        Raises: ValueError for a day that has not come
        """
        if back < 0:
            raise ValueError(f"a story cannot reach into the future, got {back!r}")
        return self._days[back]

    def at(self, back: int, hour: int = 9, minute: int | None = None) -> datetime:
        """A moment of office hours on that day."""
        clock_face = time(hour, self.rng.randint(3, 56) if minute is None else minute)
        return clock.moment(self.day(back), clock_face)

    def add(self, story: Story) -> None:
        """Let a story take part from its first step on."""
        self._advance(story)

    def play(self) -> None:
        """Play all stories to their end, sealed on the way as the sealer of a running office would."""
        steps = 0
        while self._places:
            moment, _, story = heapq.heappop(self._places)
            self._advance(story)
            steps += 1
            if steps % STEPS_A_SEAL == 0:
                sealing.keep_up(at=moment)

    def _advance(self, story: Story) -> None:
        try:
            moment = next(story)
        except StopIteration:
            return
        self._order += 1
        heapq.heappush(self._places, (moment, self._order, story))

    def _working_days_back(self, today: date) -> list[date]:
        days = (today - timedelta(days=n) for n in range(1, 500))
        return [day for day in days if self.calendar.is_working(day)]
