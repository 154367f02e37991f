"""Whom a bulletin tells that it waits for a signature."""

from __future__ import annotations

import pytest

from conduct.models import Message
from people.models import User
from people.roles import Role
from reports.actions import bulletins
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.reports.test_signing import draft

pytestmark = pytest.mark.django_db


def told() -> set[int]:
    return set(Message.objects.filter(kind="reports.signing").values_list("recipient", flat=True))


@pytest.fixture
def second(cast: Cast) -> User:
    user = make_user("second_leader", "分管领导乙")
    give_post(user, cast.city, Role.OFFICE_LEADER)
    return user


def test_the_leaders_are_told(cast: Cast, second: User) -> None:
    bulletin = bulletins.submit(bulletin=draft(cast), by=cast.clerk, at=AT)

    assert told() == {cast.leader.pk, second.pk}
    assert Message.objects.first().path == f"/bulletins/{bulletin.pk}/"  # type: ignore[union-attr]


def test_neither_author_nor_sender_is_told_to_sign(cast: Cast, second: User) -> None:
    bulletins.submit(bulletin=draft(cast, by=cast.leader), by=second, at=AT)

    assert told() == set()
