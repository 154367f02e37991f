"""The parts of other units in a matter, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.prepared import Prepared
from conduct.shapes import Standing
from findings.models import CoUnit, CoUnitFile, Finding
from people import access
from people.access import Asker
from people.models import User
from people.roles import UNIT_ROLES, Permission

S = CoUnit.State
OF_FINDING = Prepared(
    lambda finding: CoUnit.objects.filter(finding=finding).select_related("unit").order_by("given_at", "pk"),
    finding=models.UUIDField(),
)
NEXT = {S.OPEN: "协办单位主要负责人答复", S.ANSWERED: "主办单位汇总报告", S.RELEASED: ""}


def of_finding(finding: Finding) -> list[CoUnit]:
    """All parts of a matter."""
    return OF_FINDING(finding=finding.pk) if finding.co_units else []


def get_for(user: Asker, pk: UUID) -> CoUnit:
    """A part the person may read.

    Raises: Http404
    """
    rows = CoUnit.objects.visible_to(user).select_related(
        "unit", "finding__unit", "finding__notice", "given_by", "answered_by"
    )
    return get_object_or_404(rows, pk=pk)


def file_for(user: Asker, pk: UUID) -> CoUnitFile:
    """Material of a part the person may read.

    Raises: Http404
    """
    rows = CoUnitFile.objects.filter(part__in=CoUnit.objects.visible_to(user))
    return get_object_or_404(rows.select_related("file", "part__finding"), pk=pk)


def files_of(part: CoUnit) -> list[CoUnitFile]:
    """What was handed in with the answer."""
    return list(part.files.select_related("file").order_by("added_at", "pk"))


def listed(user: User) -> QuerySet[CoUnit]:
    """The parts given to the person's own units."""
    paths = access.within(user, Permission.FINDING_VIEW, path_field="unit__path", roles=UNIT_ROLES)
    return CoUnit.objects.filter(paths).select_related("unit", "finding__unit")


def sees_matter(user: User, part: CoUnit) -> bool:
    """Whether the person may open the matter itself, and not just this part."""
    return Finding.objects.visible_to(user).filter(pk=part.finding_id).exists()


def standing(part: CoUnit, *, today: date, book: WorkCalendar) -> Standing:
    """Where the part stands."""
    is_open = part.state == S.OPEN
    return Standing(
        state=part.get_state_display(),
        tone="waiting" if is_open else "done",
        desk=part.unit.name if is_open else part.finding.unit.name,
        next=NEXT[S(part.state)],
        due_on=part.due_on,
        remaining=working_days_between(start=today, end=part.due_on, book=book) if is_open else None,
        closed_on=part.first_answered_on if part.state == S.ANSWERED else None,
        estimated=part.due_is_estimate,
        has_deadline=part.state != S.RELEASED,
        due_label="协办期限",
        how_url="#how",
    )


def waiting_for(user: User) -> Iterable[CoUnit]:
    """Parts the person's own answer is due on; not where the head of a unit below answers."""
    if not access.holds(user, Permission.RECTIFICATION_SIGN):
        return []
    own = access.within(user, Permission.RECTIFICATION_SIGN, path_field="unit__path", roles=UNIT_ROLES)
    below: Q = access.answered_below(user, path_field="unit__path")
    rows = CoUnit.objects.filter(own, ~below, state=S.OPEN).select_related("unit", "finding")
    return rows.order_by("due_on", "pk")[:60]
