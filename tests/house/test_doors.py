"""Every URL of the house has a row in the table of doors, and the doorkeeper keeps to it, role by role."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from conduct import clock
from conduct import urls as roof
from conduct.models import AuditEntry
from people.doors import Door, reads
from people.middleware import table
from people.models import User
from people.roles import Permission, Role
from tests.factories.cast import AT, Cast, give_post, make_user, stand_up
from tests.house import world
from tests.house.answers import ANSWERS, OF_ONE_ROW, PUBLIC
from tests.house.world import World

EXAMPLES = {
    "int": "999999999",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "str": "x",
    "slug": "x",
    "path": "x",
}
ARGUMENT = re.compile(r"<(?:(\w+):)?\w+>")


def routes() -> Iterator[tuple[str, str]]:
    """Every URL of the house: its name, and its route."""

    def walk(patterns: list[URLPattern | URLResolver], space: str, before: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            place = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern.url_patterns, inner, place)
            else:
                yield space + (pattern.name or ""), place

    yield from walk(get_resolver("conduct.urls").url_patterns, "", "/")


def filled(route: str) -> str:
    """An address of the route, with arguments that lead to nothing."""
    return ARGUMENT.sub(lambda found: EXAMPLES[found[1] or "str"], route)


ROUTES = sorted((name, filled(route)) for name, route in routes())
PLAIN = sorted((name, route) for name, route in routes() if not ARGUMENT.search(route))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_url_has_a_name_and_a_row() -> None:
    assert [address for name, address in ROUTES if name not in table()] == []


def test_every_row_names_a_url() -> None:
    assert sorted(set(table()) - {name for name, _ in ROUTES}) == []


def test_exactly_these_doors_are_public() -> None:
    assert {name for name, door in table().items() if door.public} == PUBLIC


def test_no_administrator_may_enter_a_business_door() -> None:
    """Three administrators see no business data; what they share with everyone is the front page."""
    admins = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}

    assert [
        name
        for name, door in table().items()
        if not name.startswith("people:") and (door.get | door.post) & admins
    ] == []


def test_the_auditor_may_send_nothing_but_the_wish_to_verify() -> None:
    """A verification reads everything and changes nothing of anybody's business."""
    assert [name for name, door in table().items() if Role.AUDITOR in door.post] == ["people:chain_verify"]


@pytest.mark.django_db
def test_what_strangers_units_and_the_office_get_from_each_page() -> None:
    cast = stand_up()
    askers = [Client(), *(signed_in(user) for user in (cast.east_head, cast.west_head, cast.clerk))]

    answers = {name: tuple(client.get(address).status_code for client in askers) for name, address in PLAIN}

    assert answers == ANSWERS


@pytest.mark.django_db
def test_the_world_has_a_row_for_every_url_with_arguments() -> None:
    assert sorted(world.build().arguments) == sorted(
        {name for name, _ in ROUTES} - {name for name, _ in PLAIN}
    )


@pytest.fixture
def built(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """One of everything, on the cast's Monday."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    return world.build()


def office_of_the_west(cast: Cast) -> User:
    """A clerk whose office reaches the West only."""
    user = make_user("west_clerk", "西区经办", home=cast.west)
    give_post(user, cast.west, Role.OFFICE_CLERK)
    return user


def test_what_each_side_gets_from_the_page_of_one_row(built: World) -> None:
    cast = built.cast
    users = (cast.east_head, cast.west_head, office_of_the_west(cast), cast.clerk)
    askers = [Client(), *(signed_in(user) for user in users)]

    answers = {
        name: tuple(client.get(reverse(name, args=args)).status_code for client in askers)
        for name, args in built.arguments.items()
    }

    assert answers == OF_ONE_ROW


@pytest.mark.parametrize("side", ["unit", "office"])
def test_the_west_changes_nothing_of_the_east(built: World, side: str) -> None:
    cast = built.cast
    client = signed_in(cast.west_head if side == "unit" else office_of_the_west(cast))
    before = AuditEntry.objects.count()

    answers = {
        name: client.post(reverse(name, args=args)).status_code
        for name, args in built.arguments.items()
        if not name.startswith(("people:", "inspections:standards"))
    }

    assert {name: code for name, code in answers.items() if code not in (403, 404)} == {}
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "auditor"])
def test_an_administrator_gets_no_row_of_business(built: World, who: str) -> None:
    client = signed_in(getattr(built.cast, who))

    answers = {
        (method, name): getattr(client, method)(reverse(name, args=args)).status_code
        for name, args in built.arguments.items()
        for method in ("get", "post")
        # A public door asks nobody who they are.
        if not name.startswith("people:") and name not in PUBLIC
    }

    assert {what: code for what, code in answers.items() if code not in (403, 404)} == {}


def test_the_auditor_changes_nothing(built: World) -> None:
    client = signed_in(built.cast.auditor)
    before = AuditEntry.objects.count()

    codes = {client.post(reverse(name, args=args)).status_code for name, args in built.arguments.items()}

    assert codes == {403, 404}
    assert AuditEntry.objects.count() == before


def person(role: Role, cast: Cast) -> User:
    user = make_user(f"the_{role.value}", "某人", home=cast.bureau)
    give_post(user, cast.city, role)
    return user


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_the_doorkeeper_keeps_to_the_table(role: Role) -> None:
    client = signed_in(person(role, stand_up()))
    surprises = []

    for name, address in ROUTES:
        door = table()[name]
        for method in ("get", "post"):
            code = getattr(client, method)(address).status_code
            if not fits(door, method.upper(), role, code):
                surprises.append(f"{method} {name}: {code}")
        client.force_login(User.objects.get(username=f"the_{role.value}"))

    assert surprises == []


def fits(door: Door, method: str, role: Role, code: int) -> bool:
    if method not in door.methods:
        return code == 404
    if not door.admits(method, frozenset({role})):
        return code == 403
    return code != 403 and code < 500


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in_from_every_door_that_is_not_public() -> None:
    stand_up()
    client = Client()

    for name, address in ROUTES:
        if name not in PUBLIC and "GET" in table()[name].methods:
            answer = client.get(address)
            assert answer.status_code == 302 and answer.url.startswith(reverse("login")), name


@pytest.mark.django_db
def test_a_page_without_a_row_does_not_exist(settings, monkeypatch) -> None:
    cast = stand_up()
    monkeypatch.setattr(
        roof, "urlpatterns", [*roof.urlpatterns, path("unlisted/", unlisted, name="unlisted")]
    )
    settings.ROOT_URLCONF = tuple(roof.urlpatterns)

    assert signed_in(cast.clerk).get("/unlisted/").status_code == 404


def unlisted(request):
    raise AssertionError("the doorkeeper let a request through to a page without a row")


def test_a_door_for_readers_takes_no_post() -> None:
    door = reads(Permission.JOBS_VIEW)

    assert door.methods == {"GET", "HEAD"}
    assert not door.admits("GET", frozenset({Role.AUDITOR}))
