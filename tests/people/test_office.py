"""The names of the office after its first run: corrected by the system administrator, and printed from then on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conduct.errors import Forbidden, MovedMeanwhile
from conduct.models import AuditEntry, Office
from people.actions import office
from people.models import User
from tests.factories.cast import AT, Cast

pytestmark = pytest.mark.django_db

NAMES = {
    "name": "安平市督查考核办公室",
    "issuer": "安平市督查考核办公室",
    "bulletin_code": "安督考通",
    "notice_code": "安督考整",
    "contact": "督查二科 0000-7654321",
}


def send(user: User, **changes: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(reverse("people:office"), NAMES | {"version": 1} | changes)


def test_the_names_are_corrected_on_their_page_and_that_is_written_down(cast: Cast) -> None:
    answer = send(cast.system_admin)

    house = Office.objects.get()
    assert answer.status_code == 302
    assert {name: getattr(house, name) for name in NAMES} == NAMES
    assert AuditEntry.objects.get(label="修改机关名称").actor_name == "系统管理员甲"


def test_every_page_says_the_new_name_from_then_on(cast: Cast) -> None:
    send(cast.system_admin)

    page = Client().get(reverse("login")).content.decode()

    assert "安平市督查考核办公室" in page
    assert "督查二科 0000-7654321" in page


def test_what_is_missing_is_said_and_nothing_lost(cast: Cast) -> None:
    answer = send(cast.system_admin, issuer=" ")

    assert answer.status_code == 422
    assert "安督考通" in answer.content.decode()
    assert Office.objects.get().bulletin_code == "安督通"


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(cast: Cast) -> None:
    send(cast.system_admin)

    answer = send(cast.system_admin, bulletin_code="安督另通")

    assert (answer.status_code, "安督另通" in answer.content.decode()) == (409, True)
    assert Office.objects.get().bulletin_code == "安督考通"
    with pytest.raises(MovedMeanwhile):
        office.rename(house=Office.objects.get(), expected=1, by=cast.system_admin, at=AT, **NAMES)


@pytest.mark.parametrize("who", ["clerk", "leader", "security_admin", "auditor", "east_head"])
def test_only_the_system_administrator_names_the_office(cast: Cast, who: str) -> None:
    assert send(getattr(cast, who)).status_code == 403
    with pytest.raises(Forbidden):
        office.rename(house=Office.objects.get(), expected=1, by=getattr(cast, who), at=AT, **NAMES)
