"""No day of the calendar, however far, is a fault: the page says which years it takes."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse

from people.middleware import table
from people.roles import Role
from tests.factories.cast import signed_in
from tests.house.test_options import WHO
from tests.house.world import World

pytestmark = pytest.mark.django_db
FAR = ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"]
ENDS = {"from": ["first", "since", "visited_from", "issued_from", "closed_from", "day", "start", "month"]}
ENDS["to"] = ["last", "until", "visited_to", "issued_to", "closed_to", "day", "end", "month"]
FLOORS = ["people", "inspections", "findings", "accountability", "reports"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("day", FAR)
def test_no_page_fails_on_a_far_day(standing: World, day: str, end: str) -> None:
    built = standing
    typed = "&".join(f"{name}={day[:7] if name == 'month' else day}" for name in ENDS[end])

    found, clients = {}, {role: signed_in(getattr(built.cast, who)) for role, who in WHO.items()}
    for client in clients.values():
        client.raise_request_exception = False
    for name, door in sorted(table().items()):
        role = next(iter(sorted(door.get)), Role.OFFICE_CLERK if door.signed_in else None)
        try:
            address = reverse(name, args=built.arguments.get(name, []))
        except NoReverseMatch:
            continue
        if role:
            found[name] = clients[role].get(f"{address}?{typed}").status_code

    assert len(found) > 60
    assert [name for name, status in found.items() if status >= 500] == []
