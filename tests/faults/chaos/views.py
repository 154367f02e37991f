"""What a phone posts to: one visit filed with its job in one transaction, and the same thing done naively."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, JsonResponse

from conduct import clock, jobs
from conduct.models import JobRun
from inspections.actions import visits
from inspections.models import Campaign, Method
from people.models import Unit
from tests.faults import tasks


def file(request: HttpRequest) -> JsonResponse:
    """File a visit by its key, and start what is to follow; the same key again is the same visit and the same job."""
    key, at = UUID(request.POST["key"]), clock.now()
    day = clock.day_of(at) - timedelta(days=1)
    seen = visits.Record(
        method=Method.OPEN,
        visited_on=day,
        arrived_at=clock.moment(day, time(9, 30)),
        left_at=clock.moment(day, time(10, 30)),
        no_problem=True,
    )
    with transaction.atomic():
        visit = visits.file(
            campaign=Campaign.objects.get(pk=request.POST["campaign"]),
            unit=Unit.objects.get(pk=request.POST["unit"]),
            client_key=key,
            record=seen,
            by=request.user,
            at=at,
        )
        if not JobRun.objects.filter(job=tasks.TELL, slot=str(key)).exists():
            jobs.start(tasks.TELL, by=request.user, at=at, slot=str(key), visit_id=str(visit.pk))
    return JsonResponse({"key": str(visit.client_key)}, status=201)


def naive(request: HttpRequest) -> JsonResponse:
    """Write down and publish after commit: no key that is unique, no row that remembers what is to follow."""
    key = str(UUID(request.POST["key"]))
    with transaction.atomic():
        tasks.note_naively(tasks.NAIVE_FILED, key)
        transaction.on_commit(lambda: tasks.publish_naively(key))
    return JsonResponse({"key": key}, status=201)
