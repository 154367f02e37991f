"""The spell in which a finding is in hand: it begins anew with another unit, and when the problem comes back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from findings.models import Finding, TransferRequest
from people.access import Asker

from . import telling


def began_at(finding: Finding) -> datetime | None:
    """Since when the present spell runs; None while it is the first."""
    return max(filter(None, (finding.taken_over_at, finding.reopened_at)), default=None)


def number(finding: Finding) -> int:
    """Which spell it is, from 1."""
    handed_on = TransferRequest.objects.filter(finding=finding, state=TransferRequest.State.HANDED_ON)
    return finding.occurrence + handed_on.count()


def of_now(finding: Finding, *, since: str) -> Q:
    """Rows of the finding that belong to its present spell. since: the column with their moment"""
    start = began_at(finding)
    return Q(**{f"{since}__gte": start}) if start else Q()


def told_to(user: Asker, *, since: str) -> Q:
    """Rows about findings that the person is told of: a unit, those from when it had the matter."""
    if not telling.reads_as_unit(user):
        return Q()
    return Q(finding__taken_over_at__isnull=True) | Q(**{f"{since}__gte": F("finding__taken_over_at")})
