"""Which posts one person may hold together, what the refusal says, and when a password is too old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from people.roles import ADMIN_ROLES, Role
from people.rules import clash, is_expired

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_an_administrators_post_wants_a_person_without_others_and_says_which_stand_in_the_way() -> None:
    assert clash(held=[Role.AUDITOR, Role.INSPECTOR, Role.OFFICE_CLERK], wanted=Role.AUDITOR) == (
        "审计员须由专人担任，不能兼任其他岗位；此人现任检查人员、督查办经办。请另选一人，或先终止其现有岗位。"
    )


def test_no_other_post_stands_beside_an_administrators() -> None:
    assert clash(held=[Role.INSPECTOR, Role.SYSTEM_ADMIN], wanted=Role.TEAM_LEADER) == (
        "此人现任系统管理员，三员不能兼任其他岗位。请另选一人，或先终止其现有岗位。"
    )


@pytest.mark.parametrize("wanted", sorted(set(Role) - ADMIN_ROLES))
def test_posts_of_the_business_may_be_held_together(wanted: Role) -> None:
    assert clash(held=sorted(set(Role) - ADMIN_ROLES), wanted=wanted) == ""


@pytest.mark.parametrize("role", list(Role))
def test_the_same_role_over_another_unit_is_no_clash(role: Role) -> None:
    assert clash(held=[role, role], wanted=role) == ""


@pytest.mark.parametrize(
    ("age", "expired"),
    [(timedelta(days=90), True), (timedelta(days=90, seconds=-1), False), (timedelta(days=91), True)],
)
def test_a_password_is_too_old_from_its_ninetieth_day_on(age: timedelta, expired: bool) -> None:
    assert is_expired(changed_at=AT - age, at=AT, most_days=90) is expired


def test_a_limit_of_one_day_is_a_limit() -> None:
    assert is_expired(changed_at=AT - timedelta(days=1), at=AT, most_days=1)


def test_a_password_of_unknown_age_is_too_old_where_passwords_age() -> None:
    assert is_expired(changed_at=None, at=AT, most_days=90) is True
    assert is_expired(changed_at=None, at=AT, most_days=0) is False


def test_where_passwords_do_not_age_none_is_too_old() -> None:
    assert is_expired(changed_at=AT - timedelta(days=5000), at=AT, most_days=0) is False
