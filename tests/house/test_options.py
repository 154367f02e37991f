"""No page carries a long list to choose from: units, people and campaigns are looked up while one types."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, reverse

from inspections.models import Campaign
from people import tree
from people.middleware import table
from people.models import Post, Unit, User
from people.roles import Role
from tests.factories.cast import Cast, signed_in
from tests.house import world
from tests.house.world import World

pytestmark = pytest.mark.django_db
MOST_OPTIONS = 200
# A line of a list, a box to tick, one of several to pick.
CHOICE = re.compile(rb"<option|type=\"(?:checkbox|radio)\"")
MANY = 260
# What a search answers with is a choice by itself, and has its own bound.
WHO: dict[Role, str] = {
    Role.OFFICE_CLERK: "clerk",
    Role.OFFICE_LEADER: "leader",
    Role.TEAM_LEADER: "team_leader",
    Role.INSPECTOR: "inspector",
    Role.UNIT_HEAD: "east_head",
    Role.UNIT_LIAISON: "east_liaison",
    Role.READING_LEADER: "reader",
    Role.SYSTEM_ADMIN: "system_admin",
    Role.SECURITY_ADMIN: "security_admin",
    Role.AUDITOR: "auditor",
}


@pytest.fixture
def crowded() -> World:
    """The world with as many units, people and campaigns as a large city has, and more than fit a list."""
    built = world.build()
    cast = built.cast
    for above in (cast.city, cast.east):
        first = Unit.objects.filter(parent=above).count() + 1
        Unit.objects.bulk_create(
            Unit(
                name=f"第{number}所",
                code=f"N{above.pk}-{number}",
                parent=above,
                path=tree.child_path(parent=above.path, number=number),
            )
            for number in range(first, first + MANY)
        )
    people = User.objects.bulk_create(
        User(username=f"n{number}", name=f"某人{number}", home_unit=cast.bureau) for number in range(MANY)
    )
    roles = (Role.INSPECTOR, Role.OFFICE_LEADER, Role.UNIT_LIAISON)
    Post.objects.bulk_create(
        Post(
            user=user,
            unit=cast.east if role is Role.UNIT_LIAISON else cast.city,
            role=role,
            since="2020-01-01",
        )
        for user in people
        for role in roles
    )
    _campaigns(cast)
    return built


def _campaigns(cast: Cast) -> None:
    like = Campaign.objects.first()
    assert like is not None
    kept = {field.attname: getattr(like, field.attname) for field in Campaign._meta.concrete_fields}
    fresh = {"client_key": None} if "client_key" in kept else {}
    Campaign.objects.bulk_create(
        Campaign(**kept | fresh | {"id": uuid4(), "title": f"第{number}批"}) for number in range(MANY)
    )


def pages(built: World) -> list[tuple[str, Role]]:
    """Every page there is, as the first who may read it."""
    found = []
    for name, door in sorted(table().items()):
        readers = sorted(door.get) or ([Role.OFFICE_CLERK] if door.signed_in else [])
        for role in readers:
            try:
                found.append((reverse(name, args=built.arguments.get(name, [])), role))
            except NoReverseMatch:
                break
    return found


def test_no_page_has_more_options_than_can_be_looked_through(crowded: World) -> None:
    clients = {role: signed_in(getattr(crowded.cast, who)) for role, who in WHO.items()}
    looked_at = pages(crowded)

    counted = {}
    for address, role in looked_at:
        answer = clients[role].get(address)
        if not answer.streaming and (choices := len(CHOICE.findall(answer.content))):
            counted[address, str(role)] = choices

    assert len(counted) > 20
    assert {place: number for place, number in counted.items() if number > MOST_OPTIONS} == {}
