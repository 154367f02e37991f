"""The list of campaigns counts the visits the person sees, neither more nor fewer."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from inspections.models import Campaign, Visit
from inspections.models.methods import Method
from inspections.queries import campaigns
from tests.factories import reports
from tests.factories.cast import Cast, signed_in

pytestmark = pytest.mark.django_db
DAYS = {"first": date(2026, 1, 1), "last": date(2026, 1, 9)}
WHO = (
    "clerk",
    "second_clerk",
    "leader",
    "inspector",
    "team_leader",
    "outside_inspector",
    "east_head",
    "reader",
)


@pytest.fixture
def made(cast: Cast) -> list[Campaign]:
    """An open and a covert campaign, in each of which a team has left and another has not."""
    found = []
    for method in (Method.OPEN, Method.COVERT):
        campaign = reports.make_campaign(cast, method=method, **DAYS)
        gone = campaign.teams.create(name="甲组", leader=cast.inspector)
        waiting = campaign.teams.create(name="乙组", leader=cast.outside_inspector)
        for team, person in ((gone, cast.team_leader), (waiting, cast.second_inspector)):
            team.members.create(user=person)
        reports.make_visit(campaign, cast.east, day=date(2026, 1, 5), team=gone)
        reports.make_visit(
            campaign, cast.east_bureau, day=date(2026, 1, 6), team=gone, state=Visit.State.ABORTED
        )
        planned = {"state": Visit.State.PLANNED, "departed_at": None}
        reports.make_visit(campaign, cast.west, day=date(2026, 1, 5), team=waiting, **planned)
        found.append(campaign)
    return found


@pytest.mark.parametrize("who", WHO)
def test_the_count_is_that_of_the_visits_the_person_sees(cast: Cast, made: list[Campaign], who: str) -> None:
    person = getattr(cast, who)

    told = dict(campaigns.told_whole(Campaign.objects.all(), person).values_list("pk", "is_whole"))
    counts = campaigns.counts_of(told, user=person)

    seen = Visit.objects.visible_to(person).exclude(state=Visit.State.ABORTED)
    assert {pk: count.visits for pk, count in counts.items()} == {
        row.pk: seen.filter(campaign=row).count() for row in made
    }


def test_the_page_shows_it(cast: Cast, made: list[Campaign]) -> None:
    page = signed_in(cast.second_clerk).get(reverse("inspections:campaign_list"))

    assert sorted(line.visits for line in page.context["lines"]) == ["1", "2"]


def test_a_very_large_campaign_is_counted_to_a_thousand(cast: Cast, made: list[Campaign]) -> None:
    """A list must not grow slower with the years: beyond the thousand it says so."""
    known = Visit.objects.get(campaign=made[0], unit=cast.east)
    columns = {field.attname: getattr(known, field.attname) for field in Visit._meta.concrete_fields}
    columns |= {"state": Visit.State.RECORDED, "arrived_at": known.departed_at, "left_at": known.departed_at}
    Visit.objects.bulk_create(Visit(**columns | {"id": uuid4(), "client_key": uuid4()}) for _ in range(1_000))

    page = signed_in(cast.second_clerk).get(reverse("inspections:campaign_list"))

    assert sorted(line.visits for line in page.context["lines"]) == ["1", "1,000+"]
