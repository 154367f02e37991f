"""Background work of people: what the doors keep for a while does not stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from conduct import clock, jobs
from conduct.jobs import Slot
from conduct.models import JobRun
from people.actions import held, sign_in, sittings

HOURS = 6


@jobs.job("people.clear_doors", label="清理过期的登录和暂存内容")
def clear_doors(*, run: JobRun) -> None:
    """Remove kept forms, sittings and counts whose time is over."""
    at = clock.now()
    held.clean(at=at)
    sittings.clean(at=at)
    sign_in.clean(at=at)


@jobs.schedule
def clearing_due(at: datetime) -> Iterator[Slot]:
    """Four times a day; a missed time is made up for by the next."""
    local = at.astimezone(clock.SHANGHAI)
    yield Slot(job="people.clear_doors", key=f"{local:%Y-%m-%d}/{local.hour // HOURS}", kwargs={})
