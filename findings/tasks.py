"""Background work of findings: the roll-ups are folded when they have grown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from conduct import jobs, rollups
from conduct.jobs import Slot
from conduct.models import JobRun
from findings.queries import tallies

FOLD = "findings.fold_tallies"


@jobs.job(FOLD, label="整理统计表")
def fold_tallies(*, run: JobRun) -> None:
    """Make one row of the many that add up to one count; doing it twice changes nothing."""
    rollups.fold_all()


@jobs.schedule
def folding_due(at: datetime) -> Iterator[Slot]:
    """Once an hour at most, and only after many changes."""
    if tallies.are_long():
        yield Slot(job=FOLD, key=f"{at:%Y-%m-%dT%H}", kwargs={})
