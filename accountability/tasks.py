"""Background work of accountability: periods that are over are ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accountability.actions import measures as actions
from accountability.queries import measures
from conduct import clock, jobs
from conduct.audit import SystemActor
from conduct.jobs import Slot
from conduct.models import JobRun

END_EFFECTS = "accountability.end_effects"


@jobs.job(END_EFFECTS, label="影响期届满")
def end_effects(*, run: JobRun) -> None:
    """End every measure whose period is over; doing it twice changes nothing."""
    while actions.end_due(by=SystemActor(), at=clock.now()):
        pass


@jobs.schedule
def endings_due(at: datetime) -> Iterator[Slot]:
    """As soon as a day has begun on which a period is over, once an hour at most; days missed are made up for."""
    if measures.to_end(today=clock.day_of(at)).exists():
        yield Slot(job=END_EFFECTS, key=f"{at.astimezone(clock.SHANGHAI):%Y-%m-%dT%H}", kwargs={})
