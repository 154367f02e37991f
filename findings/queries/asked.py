"""What units ask of the office besides their reports: a later deadline, an answer to an objection."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from findings.models import Extension, Finding, FindingQuerySet, Objection
from findings.rules.extension import MOST as LEADERS_TURN
from people import access
from people.models import User
from people.roles import OFFICE_ROLES, Permission

from . import parties
from .items import Item

MOST = 60


def of_office(user: User) -> list[Item]:
    """What this person may decide now, the nearest day first."""
    return [*_extensions(user), *_objections(user)]


def _extensions(user: User) -> Iterable[Item]:
    if not access.holds(user, Permission.EXTENSION_GRANT):
        return
    is_leader = access.holds(user, Permission.EXTENSION_GRANT_AGAIN)
    rows = Extension.objects.filter(
        state=Extension.State.ASKED, finding__in=_findings(user, Permission.EXTENSION_GRANT)
    )
    if not is_leader:
        rows = rows.filter(ordinal__lt=LEADERS_TURN)
    for row in rows.select_related("finding__unit").order_by("decide_by", "id")[:MOST]:
        if access.belongs_to(person=user, unit=row.finding.unit):
            continue
        yield Item(
            verb="批复延期申请",
            title=row.finding.title,
            unit=row.finding.unit.name,
            url=reverse("findings:extension", args=[row.pk]),
            due_on=row.decide_by,
            is_estimate=row.decide_by_is_estimate,
        )


def _objections(user: User) -> Iterable[Item]:
    if not access.holds(user, Permission.OBJECTION_DECIDE):
        return
    rows = Objection.objects.filter(
        state=Objection.State.FILED, finding__in=_findings(user, Permission.OBJECTION_DECIDE)
    )
    for row in rows.select_related("finding__unit").order_by("decide_by", "id")[:MOST]:
        if parties.objection_to_decider(finding=row.finding, person=user):
            continue
        yield Item(
            verb="答复异议",
            title=row.finding.title,
            unit=row.finding.unit.name,
            url=reverse("findings:objection", args=[row.pk]),
            due_on=row.decide_by,
            is_estimate=row.decide_by_is_estimate,
        )


def _findings(user: User, permission: Permission) -> FindingQuerySet:
    return Finding.objects.of_branches(access.reach(user, permission, roles=OFFICE_ROLES))
