"""A browser that comes in, leaves a form open, and comes too late."""

from __future__ import annotations

import re
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from conduct import clock
from people.actions import held as acts
from people.models import HeldForm, Sitting, User
from people.posted import Posted, PostedFile
from tests.factories.cast import PASSWORD, Cast
from tests.factories.signing import sitting_key

NEW = "people:unit_new"
TYPED = "东区新设的政务服务大厅"


def browser() -> Client:
    """A browser whose forms carry their secret, and are refused without it."""
    return Client(enforce_csrf_checks=True)


def secret_on(client: Client, address: str) -> str:
    """What a form of the page carries."""
    page = client.get(address).content.decode()
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


def come_in(client: Client, user: User) -> None:
    client.post(
        reverse("login"),
        {
            "username": user.username,
            "password": PASSWORD,
            "csrfmiddlewaretoken": secret_on(client, reverse("login")),
        },
    )


def unit_form(cast: Cast, secret: str, **changes: str) -> dict[str, str]:
    given = {"name": TYPED, "code": "EAST-HALL", "kind": "hall", "parent": cast.east.code}
    return {**given, "csrfmiddlewaretoken": secret, **changes}


def leave_alone(client: Client) -> None:
    """Half an hour passes without a word."""
    Sitting.objects.filter(pk=sitting_key(client)).update(seen_at=clock.now() - timedelta(minutes=31))


def keep(user: User, *, files: list[PostedFile] | None = None) -> HeldForm:
    """A form of the user's, come too late."""
    return acts.keep(
        user=user,
        posted=Posted("POST", "/units/new/", [("name", TYPED)], files or []),
        why=HeldForm.Why.ENDED,
        what="新单位",
        at=clock.now(),
    )
