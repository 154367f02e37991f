"""Notices the schedule has to do something about."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from findings.models import Notice


def due(*, today: date) -> QuerySet[Notice]:
    """Signed for by nobody, not yet served, and due for a step today."""
    waiting = Notice.objects.filter(received_at__isnull=True, served_at__isnull=True)
    return waiting.filter(
        Q(receipt_due_on__lt=today) | Q(receipt_due_on=today, reminded_at__isnull=True),
        receipt_due_on__lte=today,
    )


def are_due(*, today: date) -> bool:
    """Whether there is any: asked every few seconds, one look at an index."""
    return due(today=today).exists()


def unanswered(*, today: date) -> list[UUID]:
    """All of them, the longest waiting first."""
    return list(due(today=today).order_by("receipt_due_on", "pk").values_list("pk", flat=True))


def as_it_is(pk: UUID) -> Notice:
    """The notice as it is now: somebody may have signed for it since the list was made."""
    return Notice.objects.get(pk=pk)
