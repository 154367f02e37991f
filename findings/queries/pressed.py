"""Steps the ladder took on a day, with whom they concern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from findings.models import Supervision
from findings.rules.ladder import Step

S = Supervision.State


@dataclass(frozen=True, slots=True)
class Taken:
    """One step, as messages tell of it: nothing that anybody typed."""

    step: Step
    path: str
    unit: str
    number: str
    due_on: date


def reminders(*, day: date) -> Iterator[Taken]:
    """What the house reminded of by itself."""
    return _taken(Supervision.objects.filter(made_on=day, state=S.DONE))


def drafts(*, day: date) -> Iterator[Taken]:
    """What waits for a signature since that day."""
    return _taken(Supervision.objects.filter(made_on=day, state=S.DRAFTED))


def _taken(rows: QuerySet[Supervision]) -> Iterator[Taken]:
    columns = ("step", "unit__path", "unit__name", "finding__notice__number", "due_on")
    for step, *rest in rows.order_by("due_on", "pk").values_list(*columns).iterator():
        yield Taken(Step(step), *rest)
