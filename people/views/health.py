"""Is the house alive, and can it work: for the machine that watches it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from conduct import clock
from people.queries import jobs


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers, and how long the oldest job has waited."""
    try:
        waited = jobs.oldest_waiting_seconds(at=clock.now())
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503)
    return JsonResponse({"database": "ok", "oldest_waiting_job_seconds": waited})
