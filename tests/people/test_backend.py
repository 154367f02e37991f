"""The person of a request comes with everything each page asks about them, in one question."""

from __future__ import annotations

from datetime import date

import pytest

from people import access
from people.backend import Accounts
from people.models import User
from people.roles import Role
from tests.factories.cast import Cast, give_post

pytestmark = pytest.mark.django_db


def test_account_posts_home_unit_and_office_come_in_one_question(
    cast: Cast, django_assert_num_queries
) -> None:
    give_post(cast.clerk, cast.east, Role.UNIT_LIAISON)

    with django_assert_num_queries(1):
        person = Accounts().get_user(cast.clerk.pk)
        assert person is not None
        posts = [(post.unit.name, post.role, post.user.home_unit) for post in access.posts_of(person)]

    assert posts == [
        ("安平市", Role.OFFICE_CLERK, cast.bureau),
        ("东区", Role.UNIT_LIAISON, cast.bureau),
    ]
    assert person.__dict__["office_name"] == "安平市督查办公室"


@pytest.mark.parametrize("name", ["clerk", "east_head", "auditor"])
def test_the_posts_are_those_access_reads_itself(cast: Cast, name: str) -> None:
    pk = getattr(cast, name).pk
    give_post(getattr(cast, name), cast.west, Role.READING_LEADER, until=date(2020, 2, 1))

    person = Accounts().get_user(pk)

    assert access.posts_of(person) == access.posts_of(User.objects.get(pk=pk))


def test_someone_without_a_post_is_found_as_well(cast: Cast) -> None:
    cast.clerk.posts.all().delete()

    person = Accounts().get_user(cast.clerk.pk)

    assert person == cast.clerk
    assert access.posts_of(person) == []


def test_nobody_is_found_behind_a_closed_account(cast: Cast) -> None:
    User.objects.filter(pk=cast.clerk.pk).update(is_active=False)

    assert Accounts().get_user(cast.clerk.pk) is None


def test_posts_that_changed_are_read_again(cast: Cast) -> None:
    person = Accounts().get_user(cast.clerk.pk)
    assert person is not None
    give_post(person, cast.west, Role.AUDITOR)

    access.forget_posts(person)

    assert Role.AUDITOR in access.roles_of(person)
