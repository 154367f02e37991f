"""Objections as pages show them, and the days within which one may be filed."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from conduct.calendar.rules import WorkCalendar
from findings.models import Finding, Objection, ObjectionFile
from findings.rules.objection import Right, right
from people.models import User

from . import spells


def right_of(finding: Finding, *, book: WorkCalendar) -> Right | None:
    """Until when the unit may object; None before it has received the notice or counts as served with it."""
    notice = finding.notice
    received_at = notice.delivered_at if notice else None
    if received_at is None:
        return None
    # A problem that came back is put to the unit anew.
    return right(received_at=max(received_at, finding.reopened_at or received_at), book=book)


def get_for(user: User, pk: UUID) -> Objection:
    """An objection to a finding the person sees.

    Raises: Http404
    """
    rows = Objection.objects.select_related("finding__unit", "finding__notice", "filed_by", "decided_by")
    told = spells.told_to(user, since="filed_at")
    row = rows.filter(told, pk=pk, finding__in=Finding.objects.visible_to(user)).first()
    if row is None:
        raise Http404
    return row


def file_for(user: User, pk: UUID) -> ObjectionFile:
    """A piece of evidence handed in with such an objection.

    Raises: Http404
    """
    rows = ObjectionFile.objects.select_related("file", "objection__finding")
    told = Objection.objects.filter(spells.told_to(user, since="filed_at"))
    seen = told.filter(finding__in=Finding.objects.visible_to(user))
    row = rows.filter(pk=pk, objection__in=seen).first()
    if row is None:
        raise Http404
    return row


def of_finding(finding: Finding, *, for_unit: bool) -> list[Objection]:
    """All of a finding, the latest first, with their evidence; a unit is told of its own."""
    rows = Objection.objects.filter(finding=finding).select_related("filed_by", "decided_by")
    if for_unit and finding.taken_over_at:
        rows = rows.filter(filed_at__gte=finding.taken_over_at)
    return list(rows.prefetch_related("files__file").order_by("-filed_at", "pk"))
