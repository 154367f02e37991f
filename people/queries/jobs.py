"""Background runs as the system administrator looks at them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from conduct.models import JobRun

OPEN = (JobRun.State.WAITING, JobRun.State.SENT, JobRun.State.RUNNING)


def runs(*, state: str = "") -> QuerySet[JobRun]:
    """All runs, or those in one state."""
    found = JobRun.objects.all()
    return found.filter(state=state) if state in JobRun.State.values else found


def get(pk: object) -> JobRun:
    """One run. Raises: Http404"""
    return get_object_or_404(JobRun, pk=pk)


def oldest_waiting_seconds(*, at: datetime) -> int:
    """How long the oldest run that is not yet being done has waited; 0 when none waits."""
    waiting = JobRun.objects.filter(state__in=[JobRun.State.WAITING, JobRun.State.SENT])
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    return max(0, int((at - oldest).total_seconds())) if oldest else 0
