"""A covert plan is known to its few until it starts, and each unit of it until somebody sets out for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from conduct import clock
from conduct.models import JobRun, NumberSeries
from inspections.actions import campaigns, visits
from inspections.actions.campaigns import TeamPlan, UnitPlan
from inspections.models import Campaign, Evidence, Method, Team, Visit
from people import access
from people.doors import Door
from people.models import Unit, User
from people.roles import Role
from tests.factories import inspections as made
from tests.factories.cast import AT, Cast, give_post, make_unit, make_user, signed_in

pytestmark = pytest.mark.django_db

STRANGERS = ("inspector", "second_clerk", "other_leader", "east_head", "reader", "system_admin")
INSIDERS = STRANGERS[:3]
# The list of sign-ins differs by the very sign-in that asks for it, and by nothing else.
NOT_PAGES = {"logout", "people:setup", "people:sittings"}
ASKED = {
    "inspections:campaign_list": "?words=暗访&method=covert",
    "inspections:visit_list": "?words=东区&state=planned",
    "inspections:campaign_units": "?find=东区",
    "inspections:campaign_search": "?campaign=暗访",
    "inspections:indicator_search": "?q=tg",
    "reports:search": "?q=暗访",
}


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: made.AFTER)


@pytest.fixture
def other_leader(cast: Cast) -> User:
    """Another leader of the same office, who does not approve this plan."""
    user = make_user("other_leader", "分管领导乙", home=cast.bureau)
    give_post(user, cast.city, Role.OFFICE_LEADER)
    return user


def addresses(user: User) -> Iterator[str]:
    """Every page open to the person that needs no key in its address, and the searches."""
    doors: dict[str, Door] = import_string(settings.DOORS)
    for name, door in doors.items():
        if name not in NOT_PAGES and "GET" in door.methods and door.admits("GET", access.roles_of(user)):
            with suppress(NoReverseMatch):
                yield reverse(name) + ASKED.get(name, "")


def pages(user: User) -> dict[str, bytes]:
    """What each address shows this person, but for what is drawn by lot for each form."""
    client, seen = signed_in(user), {}
    for url in addresses(user):
        answer = client.get(url)
        if not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html"):
            lots = rb'(X-CSRFToken": "|(?:csrfmiddlewaretoken|made_key|client_key)" value=")[^"]+'
            seen[url] = re.sub(lots, b"", answer.content)
    return seen


def plan_visit(campaign: Campaign, cast: Cast) -> Visit:
    """A visit arranged and not begun."""
    team = campaign.teams.get()
    return visits._planned(campaign, cast.east_bureau, team, uuid4(), Method.COVERT, cast.clerk, AT)


@pytest.mark.parametrize("name", STRANGERS)
def test_every_page_is_the_same_with_and_without_a_covert_plan(
    cast: Cast, other_leader: User, name: str
) -> None:
    user = other_leader if name == "other_leader" else getattr(cast, name)
    made.indicator()
    before = pages(user)

    plan_visit(made.covert_campaign(cast), cast)

    assert pages(User.objects.get(pk=user.pk)) == before
    assert reverse("reports:home") in before


def test_a_covert_plan_takes_no_number_and_starts_no_job(cast: Cast) -> None:
    made.covert_campaign(cast)

    assert not NumberSeries.objects.exists()
    assert not JobRun.objects.exists()


@pytest.mark.parametrize("name", INSIDERS)
def test_no_key_opens_a_covert_plan(cast: Cast, other_leader: User, name: str) -> None:
    user = other_leader if name == "other_leader" else getattr(cast, name)
    campaign = made.covert_campaign(cast)
    visit = plan_visit(campaign, cast)
    client = signed_in(user)
    place = {"campaign": str(campaign.pk), "unit": str(cast.east_bureau.pk)}

    answers = {
        "detail": client.get(reverse("inspections:campaign_detail", args=[campaign.pk])),
        "edit": client.get(reverse("inspections:campaign_edit", args=[campaign.pk])),
        "cancel": client.post(
            reverse("inspections:campaign_move", args=[campaign.pk, "cancel"]), {"reason": "x"}
        ),
        "new": client.get(reverse("inspections:visit_new"), place),
        "depart": client.post(reverse("inspections:visit_depart"), place),
        "indicators": client.get(reverse("inspections:indicator_search"), {"campaign": str(campaign.pk)}),
        "visit": client.get(reverse("inspections:visit_detail", args=[visit.pk])),
        "sheet": client.get(reverse("inspections:visit_sheet", args=[visit.pk])),
        "abort": client.post(reverse("inspections:visit_move", args=[visit.pk, "abort"]), {"reason": "x"}),
        "sign": client.post(reverse("inspections:visit_sign", args=[visit.pk]), {"version": "1"}),
    }

    refused = {key: answer.status_code for key, answer in answers.items() if answer.status_code != 404}
    assert refused == dict.fromkeys(_shut(user), 403)


def _shut(user: User) -> set[str]:
    """Doors that do not open to the role at all, whatever the key."""
    role = Role(user.posts.get().role)
    if role == Role.INSPECTOR:
        return {"edit", "cancel"}
    return {"new", "depart", "sign"} | ({"edit"} if role == Role.OFFICE_LEADER else set())


def two_teams(cast: Cast) -> tuple[Campaign, Unit]:
    """A covert campaign of two teams whose first unit has been set out for, and a unit still sealed."""
    sealed = make_unit("临江档案馆", cast.east)
    second = make_user("second_leader", "组长乙", home=cast.bureau)
    give_post(second, cast.city, Role.TEAM_LEADER)
    campaign = made.covert_campaign(
        cast,
        objects_text="审批局和临江档案馆",
        scope="临江档案馆一带",
        teams=[
            TeamPlan("第一组", cast.team_leader, [cast.team_leader, cast.inspector]),
            TeamPlan("第二组", second, [second, cast.outside_inspector]),
        ],
        units=[UnitPlan(cast.east_bureau, 0), UnitPlan(sealed, 0)],
    )
    visits.depart(campaign=campaign, unit=cast.east_bureau, by=cast.team_leader, at=AT)
    return campaign, sealed


@pytest.mark.parametrize("name", ["inspector", "outside_inspector", "second_clerk", "other_leader"])
def test_a_unit_nobody_set_out_for_stays_sealed_after_the_start(
    cast: Cast, other_leader: User, name: str
) -> None:
    user = other_leader if name == "other_leader" else getattr(cast, name)
    campaign, sealed = two_teams(cast)
    client = signed_in(user)
    urls = [
        reverse("inspections:campaign_detail", args=[campaign.pk]),
        reverse("inspections:campaign_list"),
        reverse("inspections:visit_list"),
        reverse("reports:home"),
    ]

    shown = "".join(client.get(url).content.decode() for url in urls)

    assert campaign.title in shown
    assert sealed.name not in shown


def test_a_reason_that_names_a_sealed_unit_is_read_by_the_few_alone(cast: Cast) -> None:
    campaign = campaigns.submit(
        campaign=made.draft_campaign(cast, method=Method.COVERT), by=cast.clerk, at=AT
    )
    campaigns.send_back(campaign=campaign, by=cast.leader, at=AT, reason="请先查西区，再查别处。")
    campaigns.submit(campaign=campaign, by=cast.clerk, at=AT)
    campaigns.approve(campaign=campaign, by=cast.leader, at=AT)
    visits.depart(campaign=campaign, unit=cast.east_bureau, by=cast.team_leader, at=AT)
    url = reverse("inspections:campaign_detail", args=[campaign.pk])

    assert "请先查西区" in signed_in(cast.team_leader).get(url).content.decode()
    assert "请先查西区" not in signed_in(cast.inspector).get(url).content.decode()


def test_a_photo_of_a_sealed_visit_does_not_open(cast: Cast) -> None:
    campaign = made.covert_campaign(cast)
    made.filed_visit(cast, campaign=campaign, method=Method.COVERT, photos=[made.photo()])
    photo = Evidence.objects.get()

    answers = [
        signed_in(cast.outside_inspector).get(reverse(f"inspections:{name}", args=[photo.pk]))
        for name in ("visit_photo", "visit_thumb")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_planned_visit_leaves_from_its_page(cast: Cast) -> None:
    campaign = made.covert_campaign(cast)
    visit = plan_visit(campaign, cast)
    client = signed_in(cast.team_leader)
    page: Any = client.get(reverse("inspections:visit_detail", args=[visit.pk])).content.decode()

    client.post(
        reverse("inspections:visit_depart"),
        {"campaign": str(campaign.pk), "unit": str(cast.east_bureau.pk)},
    )

    visit.refresh_from_db()
    assert "登记出发" in page and "东区行政审批局：还没有出发" in page
    assert (visit.state, Visit.objects.count()) == (Visit.State.DEPARTED, 1)
    assert Team.objects.get().visits.get() == visit
