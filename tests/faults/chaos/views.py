"""What a phone posts to: one visit filed with its job in one transaction, and the same thing done naively."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from conduct import clock, jobs
from conduct.models import JobRun
from inspections.models import Visit
from inspections.views import filing
from tests.faults import tasks

# What the form of the house answers when it has taken a visit: the way to its page.
TAKEN = 302


def file(request: HttpRequest) -> HttpResponse:
    """File a visit through the form of the house, and start what is to follow in the same transaction.

    The same key again is the same visit and the same job. Where the house does not take the form, its own answer.
    """
    with transaction.atomic():
        answer = filing.visit_new(request)
        if answer.status_code != TAKEN:
            return answer
        key = request.POST["client_key"]
        visit = Visit.objects.get(client_key=key)
        if not JobRun.objects.filter(job=tasks.TELL, slot=key).exists():
            at = clock.now()
            jobs.start(tasks.TELL, by=request.user, at=at, slot=key, visit_id=str(visit.pk))
    # A phone shows at once what it is told; here nobody reads it, and it would be carried on and on.
    list(messages.get_messages(request))
    return JsonResponse({"key": str(visit.client_key)}, status=201)


def naive(request: HttpRequest) -> JsonResponse:
    """Write down and publish after commit: no key that is unique, no row that remembers what is to follow."""
    key = str(UUID(request.POST["key"]))
    with transaction.atomic():
        tasks.note_naively(tasks.NAIVE_FILED, key)
        transaction.on_commit(lambda: tasks.publish_naively(key))
    return JsonResponse({"key": key}, status=201)
