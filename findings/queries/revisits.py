"""Second looks, for those who need to know of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from findings.models import Acceptance, Finding, Revisit
from findings.moves import revisit as table
from findings.rules import parting
from findings.rules.parting import Part
from inspections.models import Campaign, Visit
from inspections.queries import campaigns
from people import access
from people.access import Asker
from people.models import Unit, User
from people.roles import Permission

S = Revisit.State
# How long before its day a second look waits on the keeper's desk.
DAYS_AHEAD = 14
MOST = 30
NOT_THIS_ONE = "{}参加过这个问题的验收或销号，不能参加回头看。请另选检查人员。"
OF_THIS_UNIT = "{}是责任单位的人员，不能参加对本单位的回头看。请另选检查人员。"


@dataclass(frozen=True, slots=True)
class Line:
    """A second look as the page of its finding tells of it."""

    state: str
    url: str
    on_day: date
    opinion: str
    decided_by: str
    plan_url: str


def get_for(user: Asker, pk: UUID) -> Revisit:
    """One second look the person needs to know of.

    Raises: Http404
    """
    rows = Revisit.objects.visible_to(user).select_related(
        "finding__unit", "finding__category__taxonomy", "finding__route", "campaign", "keeper", "closed_by"
    )
    return get_object_or_404(rows, pk=pk)


def of(user: Asker, finding: Finding) -> list[Line]:
    """The second looks at a finding the person needs to know of, the latest first; for a unit there are none."""
    if finding.notice_id is None:
        return []
    rows = Revisit.objects.visible_to(user).filter(finding=finding).select_related("decided_by")
    return [
        Line(
            state=row.get_state_display(),
            url=reverse("findings:revisit", args=[row.pk]),
            on_day=row.on_day,
            opinion=row.opinion,
            decided_by=row.decided_by.name if row.decided_by else "",
            plan_url=reverse("inspections:campaign_detail", args=[row.campaign_id])
            if row.campaign_id
            else "",
        )
        for row in rows.order_by("-created_at", "pk")
    ]


def stands(revisit: Revisit) -> bool:
    """Whether the plan made for it goes on."""
    return revisit.campaign is not None and revisit.campaign.state != Campaign.State.CANCELLED


def visit_of(revisit: Revisit) -> Visit | None:
    """The visit of its plan that was not broken off."""
    rows = Visit.objects.filter(campaign=revisit.campaign_id, unit=revisit.finding.unit_id)
    return rows.exclude(state=Visit.State.ABORTED).order_by("created_at").last()


def parts_of(revisit: Revisit, person: User) -> frozenset[Part]:
    """What the person has to do with what is looked at again."""
    finding = revisit.finding
    had = {
        Part.HAS_ACCEPTED: has_accepted(finding, person),
        Part.HAS_CLOSED: person.pk == revisit.closed_by_id,
        Part.OF_UNIT: access.belongs_to(person=person, unit=finding.unit),
    }
    return frozenset(part for part, is_so in had.items() if is_so)


def has_accepted(finding: Finding, person: User) -> bool:
    """Whether the person accepted what the unit did, in any round."""
    verdicts = Acceptance.objects.filter(finding=finding, by=person, verdict=Acceptance.Verdict.ACCEPT)
    return verdicts.exists()


def objection_to_judge(*, revisit: Revisit, person: User) -> str:
    """Why this person may not say what came of it; nothing when they may."""
    return parting.objection(apart=table.HOLDS.apart, parts=parts_of(revisit, person))


def objection_to_looking(*, finding: Finding, person: User) -> str:
    """Why this person may not be on the team; nothing when they may."""
    if person.pk == finding.closed_by_id or has_accepted(finding, person):
        return NOT_THIS_ONE.format(person)
    return OF_THIS_UNIT.format(person) if access.belongs_to(person=person, unit=finding.unit) else ""


def offices_for(user: User) -> list[Unit]:
    """In whose name the person may plan."""
    return campaigns.offices_of(user)


def people_for(user: User, *, day: date) -> tuple[QuerySet[User], QuerySet[User]]:
    """Who may approve the plan of a second look, and who may go: of the office in whose name the person plans."""
    offices = offices_for(user)
    if not offices:
        return User.objects.none(), User.objects.none()
    approvers = campaigns.approvers(office=offices[0], day=day, author=user)
    return approvers, campaigns.inspectors(office=offices[0], day=day)


def keepers_for(revisit: Revisit, *, day: date) -> QuerySet[User]:
    """Who may keep it instead."""
    able = access.holders(permission=Permission.CAMPAIGN_PLAN, unit=revisit.finding.unit, day=day)
    return able.exclude(pk=revisit.keeper_id)


def kept_by(user: User, *, today: date) -> QuerySet[Revisit]:
    """What the keeper has to arrange now."""
    rows = Revisit.objects.filter(
        keeper=user, state=S.SCHEDULED, on_day__lte=today + timedelta(days=DAYS_AHEAD)
    )
    return rows.select_related("finding__unit").order_by("on_day", "pk")[:MOST]


def to_judge(user: User) -> list[Revisit]:
    """Second looks whose record is filed away and which this person may judge."""
    if not access.holds(user, Permission.FINDING_CONFIRM):
        return []
    reach = access.within(user, Permission.FINDING_CONFIRM, path_field="finding__unit__path")
    filed = Visit.objects.filter(state=Visit.State.LOCKED, campaign__is_revisit=True).values("campaign")
    rows = Revisit.objects.filter(reach, state=S.ARRANGED, campaign__in=filed).exclude(closed_by=user)
    found = list(rows.select_related("finding__unit").order_by("created_at", "pk")[:MOST])
    accepted = (
        set(
            Acceptance.objects.filter(
                finding__in=[row.finding_id for row in found], by=user, verdict=Acceptance.Verdict.ACCEPT
            ).values_list("finding", flat=True)
        )
        if found
        else set()
    )
    return [
        row
        for row in found
        if row.finding_id not in accepted and not access.belongs_to(person=user, unit=row.finding.unit)
    ]


def sealed() -> dict[str, list[str]]:
    """{subject type: ids} of second looks of which even the audit shows nothing yet: those whose visit has not set
    out. One that was only scheduled has no line there.
    """
    rows: Any = Revisit.objects.filter(state__in=Revisit.OPEN, version__gt=1)
    unseen = rows.filter(campaign__isnull=True) | rows.filter(campaign__started_at__isnull=True)
    return {"findings.revisit": [str(pk) for pk in unseen.values_list("pk", flat=True)]}
