"""What no page of ours sends, sent to every page: it is answered in words, and never by a fault."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from people.middleware import table
from people.roles import Role
from tests.factories.cast import signed_in
from tests.house.sources import ROOT
from tests.house.test_options import WHO
from tests.house.world import World

pytestmark = pytest.mark.django_db
FLOORS = ("people", "inspections", "findings", "accountability", "reports")
READ = re.compile(r"(?:GET|POST|query|data|source|asked)\.get(?:list)?\(\s*\"(\w+)\"")
FIELD = re.compile(r"^    (\w+)(?:: [^=]+)? = [\w.]*Field\(", re.M)
JUNK = ["a\0b", "9" * 25, "-9223372036854775809", "甲\x85乙"]


def names() -> list[str]:
    """Every name a view or a form reads from what was sent."""
    found: set[str] = set()
    for floor in FLOORS:
        for part, pattern in (("views", READ), ("forms", READ), ("forms", FIELD), ("queries", READ)):
            for path in (ROOT / floor / part).glob("*.py"):
                found |= set(pattern.findall(path.read_text()))
    return sorted(found)


def doors(method: str) -> list[tuple[str, Role]]:
    """Every page, as the first who may send that there."""
    found = []
    for name, door in sorted(table().items()):
        allowed = door.get if method == "get" else door.post
        if method.upper() in door.methods and (allowed or door.signed_in):
            found.append((name, sorted(allowed)[0] if allowed else Role.OFFICE_CLERK))
    return found


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("junk", JUNK, ids=ascii)
def test_no_page_fails_on_junk(standing: World, junk: str, method: str) -> None:
    built = standing
    sent = dict.fromkeys(names(), junk)

    found = {}
    for name, role in doors(method):
        try:
            address = reverse(name, args=built.arguments.get(name, []))
        except NoReverseMatch:
            continue
        client: Client = signed_in(getattr(built.cast, WHO[role]))
        client.raise_request_exception = False
        found[name] = getattr(client, method)(address, sent).status_code

    assert len(found) > 30
    assert [name for name, status in found.items() if status >= 500] == []
