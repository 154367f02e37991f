"""Accounts: opened, closed and reset by the system administrator, who gets nothing by it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conduct.errors import Forbidden, MovedMeanwhile, Refused
from conduct.models import AuditEntry
from people import access
from people.actions import accounts
from people.models import User
from tests.factories.cast import AT, Cast, make_user, signed_in
from tests.people.granting import create, give

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"[a-z]{4}-\d{4}-[a-z]{4}")


# Accounts


def test_a_new_account_opens_with_a_temporary_password_to_be_changed(cast: Cast) -> None:
    opened = create(cast)

    assert SECRET.fullmatch(opened.password)
    assert opened.user.check_password(opened.password)
    assert opened.user.must_change_password
    assert opened.user.initials == "xtz"


def test_a_new_account_may_do_nothing(cast: Cast) -> None:
    assert access.roles_of(create(cast).user) == frozenset()


def test_the_audit_of_a_new_account_holds_no_password(cast: Cast) -> None:
    opened = create(cast)

    entry = AuditEntry.objects.get(verb="people.account_created")
    assert opened.password not in f"{entry.details}{entry.reason}{entry.subject_name}"


def test_a_user_name_is_used_once(cast: Cast) -> None:
    with pytest.raises(Refused, match="已经有人使用"):
        create(cast, username="clerk")


@pytest.mark.parametrize("who", ["security_admin", "auditor", "clerk", "leader", "east_head"])
def test_only_the_system_administrator_handles_accounts(cast: Cast, who: str) -> None:
    by = getattr(cast, who)

    with pytest.raises(Forbidden):
        create(cast, by=by)
    with pytest.raises(Forbidden):
        accounts.reset_password(user=cast.inspector, by=by, at=AT)
    with pytest.raises(Forbidden):
        accounts.disable(user=cast.inspector, reason="离职", by=by, at=AT)


def test_a_reset_password_ends_every_session(cast: Cast) -> None:
    client = signed_in(cast.clerk)

    accounts.reset_password(user=cast.clerk, by=cast.system_admin, at=AT)

    assert client.get(reverse("password_change")).url.startswith(reverse("login"))


def test_one_does_not_reset_ones_own_password(cast: Cast) -> None:
    with pytest.raises(Refused, match="修改密码"):
        accounts.reset_password(user=cast.system_admin, by=cast.system_admin, at=AT)


def test_a_closed_account_cannot_sign_in_and_can_be_opened_again(cast: Cast) -> None:
    accounts.disable(user=cast.clerk, reason="借调", by=cast.system_admin, at=AT)
    assert not User.objects.get(pk=cast.clerk.pk).is_active

    accounts.enable(user=cast.clerk, reason="返回", by=cast.system_admin, at=AT)
    assert User.objects.get(pk=cast.clerk.pk).is_active
    assert [e.reason for e in AuditEntry.objects.filter(subject_id=str(cast.clerk.pk)).order_by("id")] == [
        "借调",
        "返回",
    ]


def test_an_account_is_closed_once_and_with_a_reason(cast: Cast) -> None:
    with pytest.raises(Refused, match="须写明理由"):
        accounts.disable(user=cast.clerk, reason=" ", by=cast.system_admin, at=AT)
    accounts.disable(user=cast.clerk, reason="离职", by=cast.system_admin, at=AT)
    with pytest.raises(Refused, match="已经是停用状态"):
        accounts.disable(user=cast.clerk, reason="离职", by=cast.system_admin, at=AT)


def test_one_does_not_close_ones_own_account(cast: Cast) -> None:
    with pytest.raises(Refused, match="不能停用自己的账号"):
        accounts.disable(user=cast.system_admin, reason="离职", by=cast.system_admin, at=AT)


def test_the_last_auditor_cannot_be_shut_out(cast: Cast) -> None:
    with pytest.raises(Refused, match="是唯一的审计员"):
        accounts.disable(user=cast.auditor, reason="离职", by=cast.system_admin, at=AT)


def test_a_person_cannot_answer_to_a_subordinate(cast: Cast) -> None:
    lower = make_user("lower", "科员", superior=cast.clerk)

    with pytest.raises(Refused, match="不能设为直接上级"):
        revise(cast, cast.clerk, superior=lower)


def test_the_second_of_two_editors_is_told(cast: Cast) -> None:
    revise(cast, cast.clerk, phone="1")

    with pytest.raises(MovedMeanwhile):
        revise(cast, cast.clerk, phone="2", expected=1)


def revise(cast: Cast, user: User, **changes) -> User:
    given = {"user": user, "expected": user.version, "name": user.name, "home_unit": cast.bureau}
    return accounts.revise(**given | changes, by=cast.system_admin, at=AT)


# Pages


def test_the_temporary_password_is_shown_once(cast: Cast) -> None:
    client = signed_in(cast.system_admin)
    form = {"username": "new.person", "name": "新同志", "home_unit": "安平市督查办公室"}

    answer = client.post(reverse("people:account_new"), form)

    shown = SECRET.search(answer.content.decode())[0]
    user = User.objects.get(username="new.person")
    assert user.check_password(shown)
    assert "no-store" in answer["Cache-Control"]
    assert shown not in client.get(reverse("people:account_detail", args=[user.pk])).content.decode()


@pytest.mark.parametrize("username", ["1abc", "ab", "张三", "a b c", "a" * 41])
def test_a_user_name_must_be_typeable(cast: Cast, username: str) -> None:
    form = {"username": username, "name": "新同志", "home_unit": "安平市督查办公室"}

    answer = signed_in(cast.system_admin).post(reverse("people:account_new"), form)

    assert answer.status_code == 422
    assert 'value="新同志"' in answer.content.decode()


def test_the_list_of_accounts_is_searched_by_sound(cast: Cast) -> None:
    User.objects.filter(pk=cast.clerk.pk).update(initials="jbj")

    page = signed_in(cast.system_admin).get(reverse("people:accounts"), {"q": "jbj"}).content.decode()

    assert "经办甲" in page
    assert "经办乙" not in page


def test_an_account_is_closed_on_its_page_with_a_reason(cast: Cast) -> None:
    url = reverse("people:account_switch", args=[cast.clerk.pk])
    client = signed_in(cast.system_admin)

    assert "这个字段是必填项" in client.post(url, {"reason": ""}).content.decode()
    assert client.post(url, {"reason": "离职"}).status_code == 302
    assert not User.objects.get(pk=cast.clerk.pk).is_active


def test_a_password_is_reset_on_the_account_page(cast: Cast) -> None:
    answer = signed_in(cast.system_admin).post(reverse("people:account_reset", args=[cast.clerk.pk]))

    shown = SECRET.search(answer.content.decode())[0]
    assert User.objects.get(pk=cast.clerk.pk).check_password(shown)


@pytest.mark.parametrize(
    "name", ["people:accounts", "people:posts", "people:units", "people:jobs", "people:audit"]
)
def test_lists_cost_the_same_number_of_queries_however_many_rows(cast: Cast, name: str) -> None:
    who = {"people:posts": cast.security_admin, "people:audit": cast.auditor}.get(name, cast.system_admin)
    client = signed_in(who)
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as before:
        client.get(reverse(name))
    for number in range(10):
        user = create(cast, username=f"more{number}").user
        give(cast, user=user, unit=cast.east)

    with CaptureQueriesContext(connection) as after:
        client.get(reverse(name))

    assert len(after) == len(before)
    assert len(after) <= 9
