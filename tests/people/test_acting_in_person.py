"""What the head of a unit does in person: for which units, and who answers for the units below."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from conduct import clock
from conduct.errors import Forbidden
from people import access
from people.models import Post, Unit, User
from people.roles import IN_PERSON, Permission, Role
from tests.factories.cast import Cast, give_post, make_unit, make_user

pytestmark = pytest.mark.django_db
TODAY = clock.day_of(clock.now())
DAY = timedelta(days=1)
SIGNING = Permission.RECTIFICATION_SIGN


@pytest.fixture
def bureau_head(cast: Cast) -> User:
    """The head of a bureau under the eastern county."""
    user = make_user("bureau_head", "审批局负责人", home=cast.east_bureau)
    give_post(user, cast.east_bureau, Role.UNIT_HEAD)
    return user


@pytest.mark.parametrize("permission", sorted(IN_PERSON))
def test_a_head_does_not_act_for_a_unit_below_with_a_head_of_its_own(
    cast: Cast, bureau_head: User, permission: Permission
) -> None:
    assert access.may(cast.east_head, permission, unit=cast.east)
    assert not access.may(cast.east_head, permission, unit=cast.east_bureau)
    assert access.may(bureau_head, permission, unit=cast.east_bureau)


def test_what_needs_no_presence_the_head_above_does_for_all_below(cast: Cast, bureau_head: User) -> None:
    assert access.may(cast.east_head, Permission.RECTIFICATION_DRAFT, unit=cast.east_bureau)
    assert access.may(cast.east_head, Permission.FINDING_VIEW, unit=cast.east_bureau)


def test_a_head_acts_for_a_unit_below_that_has_none(cast: Cast) -> None:
    assert access.may(cast.east_head, SIGNING, unit=cast.east_bureau)


def test_a_head_between_stands_also_before_what_lies_further_below(cast: Cast, bureau_head: User) -> None:
    counter = make_unit("办事窗口", cast.east_bureau)

    assert not access.may(cast.east_head, SIGNING, unit=counter)
    assert access.may(bureau_head, SIGNING, unit=counter)


def test_a_head_beside_stands_before_nothing_but_their_own(cast: Cast, bureau_head: User) -> None:
    other = make_unit("东区财政局", cast.east)

    assert access.may(cast.east_head, SIGNING, unit=other)


def test_who_heads_the_unit_above_and_the_unit_itself_signs_for_both(cast: Cast, bureau_head: User) -> None:
    give_post(cast.east_head, cast.east_bureau, Role.UNIT_HEAD)

    assert access.may(cast.east_head, SIGNING, unit=cast.east)
    assert access.may(cast.east_head, SIGNING, unit=cast.east_bureau)


def test_what_one_heads_elsewhere_gives_nothing_here(cast: Cast, bureau_head: User) -> None:
    give_post(cast.east_head, make_unit("西区财政局", cast.west), Role.UNIT_HEAD)

    assert not access.may(cast.east_head, SIGNING, unit=cast.east_bureau)


def test_who_heads_a_unit_signs_for_it_though_another_heads_the_one_between(
    cast: Cast, bureau_head: User
) -> None:
    counter = make_unit("办事窗口", cast.east_bureau)
    give_post(cast.east_head, counter, Role.UNIT_HEAD)

    assert access.may(cast.east_head, SIGNING, unit=counter)
    assert not access.may(cast.east_head, SIGNING, unit=cast.east_bureau)


def test_of_two_units_one_heads_the_nearer_counts(cast: Cast, bureau_head: User) -> None:
    """Two heads of a bureau: each signs for it and for what is below it, whatever else they head."""
    counter = make_unit("办事窗口", cast.east_bureau)
    give_post(bureau_head, cast.east, Role.UNIT_HEAD)

    assert access.may(bureau_head, SIGNING, unit=counter)


@pytest.mark.parametrize(
    "change",
    [
        {"since": TODAY + DAY},
        {"until": TODAY - DAY},
        {"is_revoked": True},
        {"role": Role.UNIT_LIAISON},
    ],
)
def test_only_a_head_of_today_stands_between(
    cast: Cast, bureau_head: User, change: dict[str, object]
) -> None:
    Post.objects.filter(user=bureau_head).update(**change)

    assert access.heads_below(cast.east_head) == []
    assert access.may(cast.east_head, SIGNING, unit=cast.east_bureau)


def test_a_head_whose_account_is_closed_does_not_stand_between(cast: Cast, bureau_head: User) -> None:
    User.objects.filter(pk=bureau_head.pk).update(is_active=False)

    assert access.heads_below(cast.east_head) == []


def test_the_heads_below_are_those_below_the_own_unit_and_not_oneself(cast: Cast, bureau_head: User) -> None:
    assert access.heads_below(cast.east_head) == [cast.east_bureau.path]
    assert access.heads_below(cast.west_head) == []
    assert access.heads_below(bureau_head) == []


def test_heads_below_each_unit_one_heads_are_found_in_the_order_of_the_tree(
    cast: Cast, bureau_head: User
) -> None:
    counters = [make_unit(name, cast.west) for name in ("西区财政局", "西区审批局")]
    for counter in reversed(counters):
        give_post(make_user(counter.code, counter.name), counter, Role.UNIT_HEAD)
    give_post(cast.east_head, cast.west, Role.UNIT_HEAD)

    assert access.heads_below(cast.east_head) == [cast.east_bureau.path, *(unit.path for unit in counters)]


def test_who_heads_nothing_has_no_heads_below(cast: Cast, bureau_head: User) -> None:
    assert access.heads_below(cast.clerk) == []
    assert access.heads_below(AnonymousUser()) == []


def test_the_heads_below_are_read_once_a_person_until_posts_change(
    cast: Cast, django_assert_num_queries
) -> None:
    assert access.heads_below(cast.east_head) == []
    give_post(make_user("new_head", "新负责人"), cast.east_bureau, Role.UNIT_HEAD)

    with django_assert_num_queries(0):
        assert access.heads_below(cast.east_head) == []
    access.forget_posts(cast.east_head)

    assert access.heads_below(cast.east_head) == [cast.east_bureau.path]


def test_rows_answered_below_are_those_of_units_with_a_head_of_their_own(
    cast: Cast, bureau_head: User
) -> None:
    counter = make_unit("办事窗口", cast.east_bureau)
    make_unit("东区财政局", cast.east)
    give_post(make_user("west_bureau", "西区局长"), make_unit("西区财政局", cast.west), Role.UNIT_HEAD)

    below = Unit.objects.filter(access.answered_below(cast.east_head, path_field="path"))

    assert set(below) == {cast.east_bureau, counter}


def test_rows_of_every_head_below_are_answered_below(cast: Cast, bureau_head: User) -> None:
    other = make_unit("东区财政局", cast.east)
    give_post(make_user("finance", "财政局长"), other, Role.UNIT_HEAD)

    below = Unit.objects.filter(access.answered_below(cast.east_head, path_field="path"))

    assert set(below) == {cast.east_bureau, other}


def test_without_heads_below_nothing_is_answered_below(cast: Cast) -> None:
    assert not Unit.objects.filter(access.answered_below(cast.east_head, path_field="path")).exists()


def test_the_head_above_is_told_that_the_head_below_does_it(cast: Cast, bureau_head: User) -> None:
    with pytest.raises(Forbidden, match="须由该单位主要负责人本人办理"):
        access.require(cast.east_head, SIGNING, unit=cast.east_bureau)


def test_who_reaches_the_unit_not_at_all_is_told_they_have_no_right(cast: Cast, bureau_head: User) -> None:
    with pytest.raises(Forbidden, match="没有办理这件事的权限"):
        access.require(cast.west_head, SIGNING, unit=cast.east_bureau)
