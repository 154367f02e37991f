"""Second looks at every step, reached through the product's own actions."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from findings.actions import revisits
from findings.actions.revisits import Party
from findings.models import Acceptance, Finding, PhotoPair, Revisit
from inspections.actions import campaigns, signing, visits
from inspections.actions.visits import Seen
from inspections.models import Campaign, Evidence, Method, Visit
from people import access
from people.models import User

from .cast import AT, Cast
from .findings import category
from .inspections import record_of, seen_playing

# In the hundred days from the closing every second look has been made.
LATER = AT + timedelta(days=100)


def scheduled(finding: Finding) -> Revisit:
    """The second look that the closing set."""
    return Revisit.objects.select_related("finding__unit", "finding__route").get(
        finding=finding, state=Revisit.State.SCHEDULED
    )


def party_of(cast: Cast, **changes: object) -> Party:
    """The cast's leader lets a team go that had no part in closing."""
    given = {
        "approver": cast.leader,
        "leader": cast.team_leader,
        "members": [cast.team_leader, cast.outside_inspector],
    }
    return Party(**given | changes)  # type: ignore[arg-type]


def arranged(cast: Cast, finding: Finding) -> Revisit:
    """Its plan is with the approver."""
    revisit = scheduled(finding)
    revisits.arrange(revisit=revisit, party=party_of(cast), by=revisit.keeper, at=AT)
    return revisit


def approved(cast: Cast, finding: Finding) -> Revisit:
    """Its team may set out on its day."""
    revisit = arranged(cast, finding)
    campaigns.approve(campaign=plan_of(revisit), by=cast.leader, at=AT)
    return revisit


def set_out(cast: Cast, finding: Finding) -> Revisit:
    """Its team is on the way."""
    revisit = approved(cast, finding)
    access.forget_posts(cast.team_leader)
    moment = AT + timedelta(days=(revisit.on_day - AT.date()).days)
    visits.depart(campaign=plan_of(revisit), unit=finding.unit, by=cast.team_leader, at=moment)
    return revisit


def looked_again(cast: Cast, finding: Finding, *seen: Seen) -> Revisit:
    """The record of the visit is filed away. seen: what was seen, as a rule the old problem again"""
    revisit = approved(cast, finding)
    day = revisit.on_day - AT.date()
    at = AT + day + timedelta(minutes=90)
    record = record_of(
        *(seen or [seen_playing(category=category(finding.category.code))]),
        method=Method.COVERT,
        visited_on=revisit.on_day,
        arrived_at=AT + day + timedelta(minutes=30),
        left_at=AT + day + timedelta(minutes=75),
    )
    by = cast.team_leader
    visit = visits.file(
        campaign=plan_of(revisit), unit=finding.unit, client_key=uuid4(), record=record, by=by, at=at
    )
    visit = visits.complete(visit=visit, expected=visit.version, by=by, at=at)
    for signer in (cast.team_leader, cast.outside_inspector):
        signing.sign(visit=visit, expected=visit.version, by=signer, at=at)
    file_away(signing.review(visit=visit, by=by, at=at), cast)
    return Revisit.objects.select_related("finding__unit", "finding__route", "finding__category").get(
        pk=revisit.pk
    )


def file_away(visit: Visit, cast: Cast) -> None:
    """The office files the record."""
    signing.lock(visit=visit, by=cast.clerk, at=LATER)


def plan_of(revisit: Revisit) -> Campaign:
    """The covert plan made for it, as it is now."""
    return Campaign.objects.get(pk=revisit.campaign_id)


def kept_by(keeper: User, *, finding: Finding, closed_by: User) -> Revisit:
    """A second look on the desk of this person, its day two weeks away."""
    return Revisit.objects.create(
        finding=finding,
        occurrence=1,
        closed_on=AT.date(),
        closed_by=closed_by,
        on_day=AT.date() + timedelta(days=14),
        keeper=keeper,
        created_at=AT,
    )


def put_side_by_side(cast: Cast, finding: Finding, evidence: Evidence) -> PhotoPair:
    """The photo of the visit beside itself, in a verdict the unit was told at once."""
    verdict = finding.acceptances.create(
        round=9, by=cast.fourth_clerk, at=AT, verdict=Acceptance.Verdict.REFUSE, opinion="仍无人值守。"
    )
    return PhotoPair.objects.create(acceptance=verdict, before=evidence, after=evidence.file)
