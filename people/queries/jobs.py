"""Background runs as the system administrator looks at them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min, QuerySet
from django.shortcuts import get_object_or_404

from conduct.models import WAITING_SINCE, JobRun
from conduct.shapes import JobView

MOST_FAILED = 20
MOST_COUNTED = 99


def runs(*, state: str = "") -> QuerySet[JobRun]:
    """Those in one state; without one, all but those that failed, which stand above them."""
    if state in JobRun.State.values:
        return JobRun.objects.filter(state=state)
    return JobRun.objects.exclude(state=JobRun.State.FAILED)


def failed() -> list[JobRun]:
    """The latest runs that were given up, which people must look at."""
    return list(runs(state=JobRun.State.FAILED).order_by("-created_at", "id")[:MOST_FAILED])


def failed_count() -> int:
    """How many runs were given up, as far as anybody counts."""
    return runs(state=JobRun.State.FAILED).order_by("-created_at")[:MOST_COUNTED].count()


def get(pk: object) -> JobRun:
    """One run. Raises: Http404"""
    return get_object_or_404(JobRun, pk=pk)


def oldest_waiting_seconds(*, at: datetime) -> int:
    """How long the oldest run that is not yet being done has waited; 0 when none waits."""
    waiting = JobRun.objects.filter(state__in=[JobRun.State.WAITING, JobRun.State.SENT])
    oldest = waiting.aggregate(since=Min(WAITING_SINCE))["since"]
    return max(0, int((at - oldest).total_seconds())) if oldest else 0


def waited_words(seconds: int) -> str:
    """A wait as people say it; empty when nothing waits."""
    for unit, length in (("天", 86400), ("小时", 3600), ("分钟", 60), ("秒", 1)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return ""


def states() -> list[tuple[str, str]]:
    """The states a run can be in, with their names."""
    return [(str(value), str(name)) for value, name in JobRun.State.choices]


def seen(run: JobRun, *, poll_url: str) -> JobView:
    """A run as the page part shows it; sent but not begun looks like waiting."""
    state = "waiting" if run.state == JobRun.State.SENT else run.state
    return JobView(
        pk=str(run.pk),
        title=run.label or run.job,
        state=state,
        done=run.done_units,
        total=run.total_units,
        reason=run.problem,
        poll_url=poll_url,
        again_at=run.ready_at if run.state == JobRun.State.WAITING and run.tries else None,
    )
