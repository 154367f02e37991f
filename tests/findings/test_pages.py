"""The pages of the main line: who gets what, and what they say."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from tests.factories import cast as people
from tests.factories.cast import Cast
from tests.factories.findings import (
    Line,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return people.stand_up()


@pytest.fixture
def line(cast: Cast) -> Line:
    return Line(cast)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def get(user: User, name: str, *args: object, **query: object) -> Any:
    return browser(user).get(reverse(f"findings:{name}", args=args), query)


def post(user: User, name: str, *args: object, **data: object) -> Any:
    return browser(user).post(reverse(f"findings:{name}", args=args), data)


STEPS = [
    "new",
    "verifying",
    "confirmed",
    "assigned",
    "received",
    "rectifying",
    "submitted",
    "awaiting",
    "closed",
]


@pytest.mark.parametrize("step", STEPS)
def test_the_office_reads_a_finding_at_every_step(cast: Cast, line: Line, step: str) -> None:
    finding = getattr(line, step)()

    response = get(cast.clerk, "detail", finding.pk)

    assert response.status_code == 200
    assert finding.title in text_of(response)
