"""Visits as the person asking may see them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from conduct.prepared import Prepared
from inspections.models import Campaign, Evidence, Team, Visit, VisitSignature
from people.access import Asker
from people.models import Unit, User
from people.queries import units

from . import campaigns

MOST_UNITS = 200
OPEN = (Visit.State.PLANNED, Visit.State.DEPARTED, Visit.State.ON_SITE)

FILED = Prepared(lambda key: Visit.objects.filter(client_key=key), key=models.UUIDField())
BEGUN = Prepared(
    lambda campaign, unit, team: Visit.objects.filter(
        campaign=campaign, unit=unit, team=team, state__in=OPEN
    ).order_by("created_at")[:1],
    campaign=models.UUIDField(),
    unit=models.IntegerField(),
    team=models.IntegerField(),
)
KNOWN = Prepared(
    lambda campaign, unit: (
        Visit.objects.filter(campaign=campaign, unit=unit)
        .exclude(state=Visit.State.ABORTED)
        .select_related("team")
        .order_by("-created_at", "pk")[:1]
    ),
    campaign=models.UUIDField(),
    unit=models.IntegerField(),
)


def get_for(user: Asker, pk: Any) -> Visit:
    """One visit the person sees.

    Raises: Http404
    """
    rows = Visit.objects.visible_to(user).select_related(
        "campaign__office", "campaign__taxonomy", "unit", "team__leader", "recorder", "reviewed_by"
    )
    return get_object_or_404(rows, pk=pk)


def listed(
    user: Asker,
    *,
    campaign: str | Campaign = "",
    state: str = "",
    method: str = "",
    result: str = "",
    words: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Visit]:
    """Visits the person sees, narrowed. campaign: one, or its title, or words of it; result: problem | none; words:
    of the unit's name or its initials.
    """
    rows = Visit.objects.visible_to(user)
    if isinstance(campaign, Campaign):
        rows = rows.filter(campaign=campaign)
    elif campaign:
        rows = rows.filter(campaign__in=campaigns.called(user, campaign))
    if state:
        rows = rows.filter(state=state)
    if method:
        rows = rows.filter(method=method)
    if result:
        rows = rows.filter(no_problem=result == "none").exclude(state__in=OPEN)
    if words:
        hits = units.search(words, only_active=False, limit=MOST_UNITS)
        rows = rows.filter(unit__in=[hit.pk for hit in hits])
    if since:
        rows = rows.filter(visited_on__gte=since)
    if until:
        rows = rows.filter(visited_on__lte=until)
    return rows


def filed_with(key: UUID) -> Visit | None:
    """The visit filed with that key, whoever asks."""
    return next(iter(FILED(key=key)), None)


def open_one(*, campaign: Campaign, unit: Unit, team: Team) -> Visit | None:
    """The visit this team has begun at this unit and not completed."""
    return next(iter(BEGUN(campaign=campaign.pk, unit=unit.pk, team=team.pk)), None)


def known_by(*, campaign: Campaign, unit: Unit) -> Visit | None:
    """The latest visit of any team to this unit in this campaign that was not broken off."""
    return next(iter(KNOWN(campaign=campaign.pk, unit=unit.pk)), None)


def with_key(user: Asker, key: UUID) -> Visit:
    """The visit filed with that key.

    Raises: Http404
    """
    return get_object_or_404(Visit.objects.visible_to(user), client_key=key)


def is_member(visit: Visit, user: Asker) -> bool:
    """Whether the person is on the team that makes the visit."""
    return visit.team_id is not None and visit.team.members.filter(user=user.pk).exists()  # type: ignore[union-attr]


def standing_signatures(visit: Visit) -> list[VisitSignature]:
    """The signatures under the record as it stands; those given before it was sent back are void."""
    rows = list(visit.signatures.select_related("user").order_by("signed_at", "pk"))
    if visit.state == Visit.State.RECORDED:
        return [row for row in rows if row.visit_version == visit.version]
    if visit.state in (Visit.State.REVIEWED, Visit.State.LOCKED):
        # Review and filing raise the version, the record stays: the last version signed is the one reviewed.
        signed = max((row.visit_version for row in rows), default=0)
        return [row for row in rows if row.visit_version == signed]
    return []


def members(visit: Visit) -> list[User]:
    """The people on the visit's team, the leader first."""
    if visit.team is None:
        return []
    people = [place.user for place in visit.team.members.select_related("user").order_by("pk")]
    return sorted(people, key=lambda user: user.pk != visit.team.leader_id)  # type: ignore[union-attr]


def photo_for(user: Asker, pk: Any) -> Evidence:
    """One piece of evidence of a visit the person sees.

    Raises: Http404
    """
    seen = Visit.objects.visible_to(user)
    return get_object_or_404(
        Evidence.objects.filter(visit__in=seen).select_related("file", "visit__unit"), pk=pk
    )
