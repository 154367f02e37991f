"""Wishes for a later deadline as pages show them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404

from conduct.calendar import book as calendar
from conduct.calendar.rules import after_working_days
from findings.models import Extension, Finding
from people.models import User

from . import spells


def get_for(user: User, pk: UUID) -> Extension:
    """A wish about a finding the person sees.

    Raises: Http404
    """
    rows = Extension.objects.select_related("finding__unit", "finding__notice", "asked_by", "decided_by")
    told = spells.told_to(user, since="asked_at")
    row = rows.filter(told, pk=pk, finding__in=Finding.objects.visible_to(user)).first()
    if row is None:
        raise Http404
    return row


def a_week_on(finding: Finding) -> date | None:
    """Five working days after the present deadline: what the form starts from."""
    if finding.due_on is None:
        return None
    return after_working_days(start=finding.due_on, working_days=5, book=calendar.load()).day


def of_finding(finding: Finding, *, for_unit: bool) -> list[Extension]:
    """All of a finding, the latest first; a unit is told of its own."""
    rows = Extension.objects.filter(finding=finding).select_related("asked_by", "decided_by")
    if for_unit and finding.taken_over_at:
        rows = rows.filter(asked_at__gte=finding.taken_over_at)
    return list(rows.order_by("-asked_at", "pk"))
