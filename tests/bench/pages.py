"""The requests that are measured: who asks for what. Filing gets a fresh unit each time, as in the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.urls import reverse

from conduct import clock, paging
from findings.models import Finding
from findings.queries import listing
from inspections.models import Campaign, CampaignUnit, ProblemCategory, TeamMember
from people import tree
from people.models import Unit, User
from people.roles import ROLE_NAMES, Role

Accounts = list[dict[str, str]]
MOST_FILINGS = 400


class NothingToAsk(LookupError):
    """The demo holds no row or account this request needs."""


@dataclass(frozen=True)
class Scene:
    """One person and the request of each turn; a form makes it a POST."""

    person: User
    address: Callable[[int], str]
    form: Callable[[int], Mapping[str, Any]] | None = None
    status: int = 200


@dataclass(frozen=True)
class Page:
    """A request worth measuring. at_most: the ratio to the floor the house allows, None where it only looks."""

    name: str
    scene: Callable[[Accounts], Scene]
    at_most: float | None = None


def someone(accounts: Accounts, role: Role) -> User:
    """The demo's first account of a role.

    Raises: NothingToAsk
    """
    for account in accounts:
        if ROLE_NAMES[role] in account["role"]:
            return User.objects.get(username=account["username"])
    raise NothingToAsk(f"no demo account is a {role}")


def clerk_at(name: str, query: str = "") -> Callable[[Accounts], Scene]:
    """The office clerk opens a page that needs no row."""

    def scene(accounts: Accounts) -> Scene:
        address = reverse(name) + query
        return Scene(someone(accounts, Role.OFFICE_CLERK), lambda turn: address)

    return scene


def last_page(accounts: Accounts) -> Scene:
    """The office clerk has turned to the oldest findings there are."""
    clerk = someone(accounts, Role.OFFICE_CLERK)
    seen = Finding.objects.visible_to(clerk).order_by("raised_at", "-id")
    row = seen.values("raised_at", "id")[paging.SIZE - 1 : paging.SIZE].first()
    if row is None:
        raise NothingToAsk("the list has one page")
    address = f"{reverse('findings:list')}{paging.address_after(row, Finding, order=listing.NEWEST)}"
    return Scene(clerk, lambda turn: address)


def one_finding(accounts: Accounts) -> Scene:
    """The office clerk opens the finding that has been through the most."""
    clerk = someone(accounts, Role.OFFICE_CLERK)
    finding = Finding.objects.visible_to(clerk).filter(state="closed").order_by("-raised_at").first()
    if finding is None:
        raise NothingToAsk("no closed finding")
    address = reverse("findings:detail", kwargs={"pk": finding.pk})
    return Scene(clerk, lambda turn: address)


def a_filing(accounts: Accounts, *, most: int = MOST_FILINGS) -> Scene:
    """An inspector files a visit with one problem, at another unit each turn."""
    today = clock.day_of(clock.now())
    running = Campaign.objects.filter(
        state=Campaign.State.ACTIVE, is_historical=False, starts_on__lte=today, ends_on__gte=today
    )
    place = (
        TeamMember.objects.filter(team__campaign__in=running).select_related("team__campaign", "user").first()
    )
    if place is None:
        raise NothingToAsk("no team of a running campaign")
    campaign = place.team.campaign
    units = new_units(campaign.office, most)
    CampaignUnit.objects.bulk_create(
        CampaignUnit(campaign=campaign, unit=unit, team=place.team) for unit in units
    )
    leaf = ProblemCategory.objects.filter(taxonomy=campaign.taxonomy, children=None).first()
    if leaf is None:
        raise NothingToAsk("no indicator")

    def address(turn: int) -> str:
        return f"{reverse('inspections:visit_new')}?campaign={campaign.pk}&unit={units[turn].pk}"

    def form(turn: int) -> Mapping[str, Any]:
        return {
            "client_key": str(uuid4()),
            "visited_on": today.isoformat(),
            "arrived": "00:00",
            "method": campaign.method,
            "place": "一楼大厅",
            "seen-TOTAL_FORMS": "1",
            "seen-INITIAL_FORMS": "0",
            "seen-0-kind": "problem",
            "seen-0-category": leaf.code,
            "seen-0-facts": "三号窗口无人值守，未摆放去向牌，群众等候约二十分钟。",
            "seen-0-person_post": "窗口工作人员",
        }

    return Scene(place.user, address, form, status=302)


def new_units(office: Unit, most: int) -> list[Unit]:
    """So many units below the office, written at once."""
    first = Unit.objects.filter(parent=office).count() + 1
    return Unit.objects.bulk_create(
        Unit(
            name=f"测量单位{number}",
            code=f"BENCH{number}",
            parent=office,
            path=tree.child_path(parent=office.path, number=number),
        )
        for number in range(first, first + most)
    )


PAGES = (
    Page("list", clerk_at("findings:list"), at_most=1.0),
    Page("list, last page", last_page, at_most=1.0),
    Page("list by deadline", clerk_at("findings:list", "?order=deadline"), at_most=1.0),
    Page("list, overdue", clerk_at("findings:list", "?state=overdue"), at_most=1.0),
    Page("list, filter and text", clerk_at("findings:list", "?grade=3&words=窗口"), at_most=1.5),
    Page("detail", one_finding, at_most=1.5),
    Page("dashboard", clerk_at("reports:dashboard"), at_most=1.0),
    Page("home", clerk_at("reports:home")),
    Page("visits", clerk_at("inspections:visit_list"), at_most=1.0),
    Page("campaigns", clerk_at("inspections:campaign_list"), at_most=1.0),
    Page("filing", a_filing, at_most=3.0),
)
