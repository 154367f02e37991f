"""Is the house alive, and can it work: for the machine that watches it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from conduct import clock
from conduct.chain import heads
from people.queries import jobs


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers; how long the oldest job has waited, and how far behind the seals of the audit are."""
    at = clock.now()
    try:
        waited = jobs.oldest_waiting_seconds(at=at)
        ages = heads.ages(at=at)
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503)
    return JsonResponse(
        {
            "database": "ok",
            "oldest_waiting_job_seconds": waited,
            "last_seal_seconds": ages.seal,
            "last_anchor_seconds": ages.anchor,
            "unsealed_seconds": ages.unsealed,
        }
    )
