"""What units ask of the office besides their reports: a later deadline, an answer to an objection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import QuerySet
from django.urls import reverse

from findings.models import Extension, Finding, Objection, Supervision
from findings.rules.extension import MOST as LEADERS_TURN
from people import access
from people.models import User
from people.roles import OFFICE_ROLES, UNIT_ROLES, Permission

from . import parties
from .items import MOST, Item

Asked = TypeVar("Asked", Extension, Objection)


def of_office(user: User) -> list[Item]:
    """What this person may decide now, the nearest day first."""
    return [*_extensions(user), *_objections(user), *_papers(user)]


def _papers(user: User) -> Iterable[Item]:
    """Papers of the ladder to be signed or held, since the day they were drafted."""
    reach = access.reach(user, Permission.SUPERVISION_SIGN, roles=OFFICE_ROLES)
    if not reach:
        return
    rows = Supervision.objects.filter(state=Supervision.State.DRAFTED).filter(
        finding__in=Finding.objects.of_branches(reach)
    )
    for row in rows.select_related("finding", "unit").order_by("made_on", "pk")[:MOST]:
        if not access.belongs_to(person=user, unit=row.unit):
            yield Item(
                verb=f"签发{row.get_step_display()}",
                title=row.finding.title,
                unit=row.unit.name,
                url=reverse("findings:supervision", args=[row.pk]),
                due_on=row.made_on,
            )


def of_units(user: User) -> list[Item]:
    """What the person's own unit asked and waits for."""
    own = access.within(user, Permission.FINDING_VIEW, path_field="finding__unit__path", roles=UNIT_ROLES)
    if not access.reach(user, Permission.FINDING_VIEW, roles=UNIT_ROLES):
        return []
    wishes = Extension.objects.filter(own, state=Extension.State.ASKED)
    objections = Objection.objects.filter(own, state=Objection.State.FILED)
    return [
        *(_item("等待批复延期申请", row, "findings:extension") for row in _nearest(wishes)[:MOST]),
        *(_item("等待答复异议", row, "findings:objection") for row in _nearest(objections)[:MOST]),
    ]


def _extensions(user: User) -> Iterable[Item]:
    rows = _waiting(user, Extension.objects.filter(state=Extension.State.ASKED), Permission.EXTENSION_GRANT)
    if not access.holds(user, Permission.EXTENSION_GRANT_AGAIN):
        rows = rows.filter(ordinal__lt=LEADERS_TURN)
    for row in rows[:MOST]:
        if not access.belongs_to(person=user, unit=row.finding.unit):
            yield _item("批复延期申请", row, "findings:extension")


def _objections(user: User) -> Iterable[Item]:
    rows = _waiting(user, Objection.objects.filter(state=Objection.State.FILED), Permission.OBJECTION_DECIDE)
    for row in rows[:MOST]:
        if not parties.objection_to_decider(finding=row.finding, person=user):
            yield _item("答复异议", row, "findings:objection")


def _waiting(user: User, rows: QuerySet[Asked], permission: Permission) -> QuerySet[Asked]:
    """Those over whose findings the person holds the permission, the nearest day first; of nobody else's, none."""
    reach = access.reach(user, permission, roles=OFFICE_ROLES)
    rows = rows.filter(finding__in=Finding.objects.of_branches(reach)) if reach else rows.none()
    return _nearest(rows)


def _nearest(rows: QuerySet[Asked]) -> QuerySet[Asked]:
    return rows.select_related("finding__unit").order_by("decide_by", "id")


def _item(verb: str, row: Extension | Objection, url_name: str) -> Item:
    return Item(
        verb=verb,
        title=row.finding.title,
        unit=row.finding.unit.name,
        url=reverse(url_name, args=[row.pk]),
        due_on=row.decide_by,
        is_estimate=row.decide_by_is_estimate,
    )
