"""What is open at a unit and would go to its successor."""

from __future__ import annotations

from django.db.models import QuerySet

from findings.models import CoUnit, Finding, Notice, Supervision, TransferRequest
from people.models import Unit

S = Finding.State
WAITING = (*Finding.BEFORE_NOTICE, *Finding.OPEN)


def open_findings(unit: Unit) -> QuerySet[Finding]:
    """Findings that are not over: looked into, or to be put right."""
    return Finding.objects.filter(unit=unit, state__in=WAITING)


def unsigned_notices(unit: Unit) -> QuerySet[Notice]:
    """Notices the head has not signed for."""
    return Notice.objects.filter(unit=unit, received_at__isnull=True)


def open_parts(unit: Unit) -> QuerySet[CoUnit]:
    """Parts in the matters of other units."""
    rows = CoUnit.objects.filter(unit=unit).exclude(state=CoUnit.State.RELEASED)
    return rows.filter(finding__state__in=WAITING).select_related("unit", "finding")


def open_requests(unit: Unit) -> QuerySet[TransferRequest]:
    """Matters returned as not the unit's own, on which the office has not decided."""
    return TransferRequest.objects.filter(unit=unit, state=TransferRequest.State.ASKED)


def waiting_drafts(unit: Unit) -> QuerySet[Supervision]:
    """Papers of the ladder nobody has signed."""
    return Supervision.objects.filter(unit=unit, state__in=Supervision.WAITING)


def waiting(unit: Unit) -> dict[str, int]:
    """How many of each kind."""
    return {
        "未办结问题": open_findings(unit).count(),
        "待签收通知书": unsigned_notices(unit).count(),
        "协办事项": open_parts(unit).count(),
        "退回申请": open_requests(unit).count(),
    }
