"""Campaigns as the person asking may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.shortcuts import get_object_or_404

from conduct.paging import BOUND, CountOf
from conduct.prepared import Many, Prepared
from conduct.search.text import fold
from inspections.models import Campaign, CampaignUnit, Method, Team, TeamMember, Visit
from inspections.models.visits import seen_whole
from inspections.rules.plans import PlanFacts, TeamFacts
from people import access
from people.access import Asker
from people.models import Unit, User
from people.roles import Permission

MOST_TITLES = 2_000
MOST_SUGGESTED = 20
ENOUGH = BOUND + 1
FIELD_OPEN = (Campaign.State.APPROVED, Campaign.State.ACTIVE)


@dataclass(frozen=True)
class Stop:
    """A unit of a campaign as its page lists it, with the last visit there, if any."""

    unit: Unit
    team: Team | None
    visit: Visit | None


@dataclass(frozen=True)
class Counts:
    """What a list tells of a campaign: its units, the visits the person sees, and whether they lead a team of it.

    units, visits: counted up to BOUND; one more than that stands for more
    """

    units: int
    visits: int
    is_led: bool


def _counted(*, campaigns: Any, user: Any) -> QuerySet[Any, Any]:
    units = CampaignUnit.objects.filter(campaign=OuterRef("pk"))
    made = Visit.objects.filter(campaign=OuterRef("pk")).exclude(state=Visit.State.ABORTED)
    led = Team.objects.filter(campaign=OuterRef("pk"), leader=user)
    # Columns of the index they are counted by, so that no row is opened.
    columns = (
        CountOf(units.values("campaign")[:ENOUGH]),
        CountOf(made.values("state")[:ENOUGH]),
        Exists(led),
    )
    return Campaign.objects.filter(pk__in=campaigns).values_list("pk", *columns)


TEAM = Prepared(
    lambda campaign, user: (
        Team.objects.filter(campaign=campaign, members__user=user).select_related("leader").order_by("pk")[:1]
    ),
    campaign=models.UUIDField(),
    user=models.IntegerField(),
)
COUNTS = Prepared(_counted, campaigns=Many(models.UUIDField()), user=models.IntegerField())


def get_for(user: Asker, pk: Any) -> Campaign:
    """One campaign the person sees.

    Raises: Http404
    """
    rows = Campaign.objects.visible_to(user).select_related(
        "office", "leader", "author", "approver", "taxonomy"
    )
    return get_object_or_404(rows, pk=pk)


def drafted_with(author: User, key: UUID | None) -> Campaign:
    """The campaign the author's form with this key was saved as.

    Raises: Http404
    """
    return get_object_or_404(Campaign.objects.visible_to(author), author=author, client_key=key)


def listed(
    user: Asker, *, state: str = "", method: str = "", words: str = "", day: date | None = None
) -> QuerySet[Campaign]:
    """Campaigns the person sees, narrowed. day: running on that day."""
    rows = Campaign.objects.visible_to(user)
    if state:
        rows = rows.filter(state=state)
    if method:
        rows = rows.filter(method=method)
    if words:
        rows = rows.filter(pk__in=[pk for pk, _ in _titled(rows, words)])
    if day:
        rows = rows.filter(starts_on__lte=day, ends_on__gte=day)
    return rows


def with_key(user: Asker, text: str) -> Campaign | None:
    """The campaign an address names by its key, if the person sees it."""
    try:
        return Campaign.objects.visible_to(user).filter(pk=UUID(text)).first() if text else None
    except ValueError:
        return None


def called(user: Asker, words: str) -> list[UUID]:
    """The campaigns with this very title, however old, or else those whose titles hold the words."""
    rows = Campaign.objects.visible_to(user)
    named = rows.filter(title=words.strip()).order_by("-created_at").values_list("pk", flat=True)
    return list(named[:MOST_TITLES]) or [pk for pk, _ in _titled(rows, words)]


def titles(user: Asker, words: str) -> list[str]:
    """Titles that hold the words, the newest campaign's first, for choosing one."""
    found = _titled(Campaign.objects.visible_to(user), words)
    return list(dict.fromkeys(title for _, title in found))[:MOST_SUGGESTED]


def _titled(rows: QuerySet[Campaign], words: str) -> list[tuple[UUID, str]]:
    """An office has some hundred campaigns: their titles are read; sealed plans, which no index holds, among them."""
    known = rows.order_by("-created_at", "id").values_list("pk", "title")[:MOST_TITLES]
    return [(pk, title) for pk, title in known if fold(words) in fold(title)]


def told_whole(rows: QuerySet[Campaign], user: Asker) -> QuerySet[Campaign]:
    """Each campaign with `is_whole`: whether the person sees all its visits."""
    return rows.annotate(is_whole=Case(When(seen_whole(user), then=Value(True)), default=Value(False)))


def counts_of(campaigns: Mapping[UUID, bool], *, user: Asker) -> dict[UUID, Counts]:
    """What the campaigns of a page count.

    campaigns: whether the person sees all visits of each (told_whole)
    """
    found = {
        pk: Counts(units, visits, is_led)
        for pk, units, visits, is_led in COUNTS(campaigns=list(campaigns), user=user.pk)
    }
    partly = [pk for pk, is_whole in campaigns.items() if not is_whole]
    if partly:
        seen = Visit.objects.visible_to(user).exclude(state=Visit.State.ABORTED)
        made = seen.filter(campaign=OuterRef("pk")).values("pk")[:ENOUGH]
        counted = dict(Campaign.objects.filter(pk__in=partly).values_list("pk", CountOf(made)))
        found |= {pk: replace(found[pk], visits=counted.get(pk) or 0) for pk in partly}
    return found


def knows_plan(user: Asker, campaign: Campaign) -> bool:
    """Whether the person may know units not yet visited: everyone for an open campaign, the few for a covert one."""
    known_to = (campaign.author_id, campaign.approver_id, campaign.leader_id)
    return is_open_plan(method=campaign.method, is_historical=campaign.is_historical) or (
        user.pk in known_to or campaign.teams.filter(leader=user.pk).exists()
    )


def is_open_plan(*, method: str, is_historical: bool) -> bool:
    """Whether everyone who sees the campaign may know its units."""
    return method != Method.COVERT or is_historical


def stops(user: Asker, campaign: Campaign) -> list[Stop]:
    """The units of a campaign; of a covert one only those already set out for, unless the person knows its plan."""
    visits: dict[int, Visit] = {}
    for visit in Visit.objects.visible_to(user).filter(campaign=campaign).order_by("created_at", "pk"):
        visits[visit.unit_id] = visit
    rows = campaign.units.select_related("unit", "team").order_by("unit__path")
    if not knows_plan(user, campaign):
        rows = rows.filter(unit__in=visits)
    return [Stop(row.unit, row.team, visits.get(row.unit_id)) for row in rows]


def teams(campaign: Campaign) -> QuerySet[Team]:
    """The teams with their leaders and members."""
    members = TeamMember.objects.select_related("user").order_by("pk")
    return (
        campaign.teams.select_related("leader").prefetch_related(Prefetch("members", members)).order_by("pk")
    )


def team_of(user: Asker, campaign: Campaign) -> Team | None:
    """The team the person is on in this campaign."""
    team: Team | None = next(iter(TEAM(campaign=campaign.pk, user=user.pk)), None)
    if team is not None:
        team.campaign = campaign
    return team


def plan_facts(campaign: Campaign) -> PlanFacts:
    """The plan as plain values for the rules."""
    return PlanFacts(
        content=campaign.content,
        objects_text=campaign.objects_text,
        scope=campaign.scope,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        has_leader=campaign.leader_id is not None,
        has_approver=campaign.approver_id is not None,
        units=campaign.units.count(),
        teams=tuple(
            TeamFacts(team.name, team.leader_id, tuple(member.user_id for member in team.members.all()))
            for team in teams(campaign)
        ),
    )


def offices_of(user: User) -> list[Unit]:
    """Units in whose name the person may plan: the home unit where a post covers it, then the units of posts."""
    posts = [
        post.unit
        for post in access.posts_of(user)
        if access.may(user, Permission.CAMPAIGN_PLAN, unit=post.unit)
    ]
    home = user.home_unit
    first = [home] if home and access.may(user, Permission.CAMPAIGN_PLAN, unit=home) else []
    return list(dict.fromkeys([*first, *posts]))


def inspectors(*, office: Unit, day: date) -> QuerySet[User]:
    """People who may be put on a team."""
    return access.holders(permission=Permission.VISIT_FILE, unit=office, day=day)


def leaders(*, office: Unit, day: date) -> QuerySet[User]:
    """People who may lead a whole campaign."""
    return access.holders(permission=Permission.CAMPAIGN_VIEW, unit=office, day=day)


def approvers(*, office: Unit, day: date, author: User) -> QuerySet[User]:
    """People who may approve a plan of this author."""
    return access.holders(permission=Permission.CAMPAIGN_APPROVE, unit=office, day=day).exclude(pk=author.pk)


def open_for_field(user: Asker) -> QuerySet[Campaign]:
    """Campaigns in which the person can file a visit now."""
    mine = Exists(TeamMember.objects.filter(team__campaign=OuterRef("pk"), user=user.pk))
    return Campaign.objects.visible_to(user).filter(Q(mine), state__in=FIELD_OPEN)
