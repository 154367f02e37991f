"""Accounts and posts: three administrators, each with a part of the power and none with all of it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conduct import clock
from conduct.errors import Forbidden, MovedMeanwhile, Refused
from conduct.models import AuditEntry
from people import access
from people.actions import accounts, posts
from people.models import Post, User
from people.queries import persons
from people.roles import Permission, Role
from people.rules import clash
from tests.factories.cast import AT, Cast, give_post, make_user, stand_up

pytestmark = pytest.mark.django_db
TODAY = clock.day_of(AT)
SECRET = re.compile(r"[a-z]{4}-\d{4}-[a-z]{4}")


@pytest.fixture
def cast() -> Cast:
    return stand_up()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def create(cast: Cast, **changes) -> accounts.Opened:
    given = {"username": "new", "name": "新同志", "home_unit": cast.bureau, "by": cast.system_admin, "at": AT}
    return accounts.create(**given | changes)


def give(cast: Cast, **changes) -> Post:
    given = {"unit": cast.city, "role": Role.INSPECTOR, "since": TODAY, "by": cast.security_admin, "at": AT}
    return posts.give(**given | changes)


def end(cast: Cast, post: Post, **changes) -> Post:
    return posts.end(**{"post": post, "reason": "调离", "by": cast.security_admin, "at": AT} | changes)


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


# Posts


def test_a_post_holds_from_the_next_request_on(cast: Cast) -> None:
    user = make_user("fresh", "新人", home=cast.bureau)
    client = signed_in(user)
    assert client.get(reverse("people:calendar")).status_code == 403

    give(cast, user=user, role=Role.OFFICE_CLERK)

    assert client.get(reverse("people:calendar")).status_code == 200


def test_an_ended_post_is_gone_from_the_next_request_on(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    assert client.get(reverse("people:calendar")).status_code == 200

    end(cast, cast.clerk.posts.get(), at=clock.now())

    assert client.get(reverse("people:calendar")).status_code == 403


def test_a_post_ended_on_its_first_day_was_never_held(cast: Cast) -> None:
    post = give(cast, user=make_user("fresh", "新人"))

    end(cast, post)

    assert not Post.objects.held_on(TODAY).filter(pk=post.pk).exists()


def test_a_post_ended_later_was_held_until_the_day_before(cast: Cast) -> None:
    post = give(cast, user=make_user("fresh", "新人"), since=TODAY - timedelta(days=3))

    end(cast, post)

    assert post.until == TODAY - timedelta(days=1)
    assert Post.objects.held_on(TODAY - timedelta(days=1)).filter(pk=post.pk).exists()


def test_giving_and_ending_are_written_down(cast: Cast) -> None:
    end(cast, give(cast, user=make_user("fresh", "新人")))

    verbs = [e.verb for e in AuditEntry.objects.filter(actor_name="安全管理员甲").order_by("id")]
    assert verbs == ["people.post_given", "people.post_ended"]


@pytest.mark.parametrize("who", ["system_admin", "auditor", "clerk", "leader"])
def test_only_the_security_administrator_handles_posts(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        give(cast, user=cast.inspector, by=getattr(cast, who))
    with pytest.raises(Forbidden):
        end(cast, cast.inspector.posts.get(), by=getattr(cast, who))


def test_nobody_gives_or_ends_a_post_of_their_own(cast: Cast) -> None:
    with pytest.raises(Refused, match="不能给自己授予岗位"):
        give(cast, user=cast.security_admin)
    with pytest.raises(Refused, match="不能终止自己的岗位"):
        end(cast, cast.security_admin.posts.get())


def test_a_closed_account_gets_no_post(cast: Cast) -> None:
    with pytest.raises(Refused, match="账号已停用"):
        give(cast, user=make_user("gone", "离职", is_active=False))


def test_a_post_held_already_is_not_given_twice(cast: Cast) -> None:
    with pytest.raises(Refused, match="已经担任安平市的检查人员"):
        give(cast, user=cast.inspector)


def test_a_post_does_not_end_before_it_begins(cast: Cast) -> None:
    with pytest.raises(Refused, match="终止日早于起始日"):
        give(cast, user=cast.inspector, unit=cast.west, until=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("held", "wanted", "problem"),
    [
        ([Role.OFFICE_CLERK], Role.AUDITOR, "审计员须由专人担任，不能兼任其他岗位；此人现任督查办经办"),
        ([Role.SYSTEM_ADMIN], Role.SECURITY_ADMIN, "安全管理员须由专人担任"),
        ([Role.SYSTEM_ADMIN], Role.INSPECTOR, "此人现任系统管理员，三员不能兼任其他岗位"),
        ([Role.AUDITOR], Role.AUDITOR, ""),
        ([Role.INSPECTOR], Role.TEAM_LEADER, ""),
        ([], Role.SYSTEM_ADMIN, ""),
    ],
)
def test_roles_that_exclude_each_other(held: list[Role], wanted: Role, problem: str) -> None:
    answer = clash(held=held, wanted=wanted)

    assert (problem in answer) if problem else answer == ""


def test_an_administrator_gets_no_business_post(cast: Cast) -> None:
    with pytest.raises(Refused, match="三员不能兼任其他岗位"):
        give(cast, user=cast.auditor)


def test_a_post_that_is_over_excludes_nothing(cast: Cast) -> None:
    user = make_user("former", "前经办")
    give_post(user, cast.city, Role.OFFICE_CLERK, until=TODAY - timedelta(days=1))

    assert give(cast, user=user, role=Role.AUDITOR).role == Role.AUDITOR


def test_posts_that_do_not_meet_in_time_do_not_exclude_each_other(cast: Cast) -> None:
    user = make_user("future", "将任")
    give_post(user, cast.city, Role.OFFICE_CLERK, since=TODAY + timedelta(days=30))

    assert give(cast, user=user, role=Role.AUDITOR, until=TODAY + timedelta(days=29)).pk


def test_ending_needs_a_reason_and_happens_once(cast: Cast) -> None:
    post = cast.inspector.posts.get()
    with pytest.raises(Refused, match="须写明理由"):
        end(cast, post, reason="")
    end(cast, post)
    with pytest.raises(Refused, match="已经终止"):
        end(cast, post)


def test_the_last_administrator_of_a_kind_stays(cast: Cast) -> None:
    with pytest.raises(Refused, match="是唯一的系统管理员"):
        end(cast, cast.system_admin.posts.get())


def test_the_last_but_one_may_go(cast: Cast) -> None:
    give_post(make_user("auditor2", "审计员乙"), cast.city, Role.AUDITOR)

    end(cast, cast.auditor.posts.get())

    assert not access.holds(User.objects.get(pk=cast.auditor.pk), Permission.AUDIT_READ)


def test_inspectors_are_found_for_a_unit(cast: Cast) -> None:
    found = persons.inspectors(unit=cast.east, day=TODAY)

    assert set(found) == {cast.inspector, cast.second_inspector, cast.team_leader, cast.outside_inspector}


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


def test_a_post_is_given_on_its_page(cast: Cast) -> None:
    form = {
        "user": "经办甲（clerk）",
        "role": "inspector",
        "unit": cast.west.code,
        "since": "2026-03-02",
        "until": "",
    }

    answer = signed_in(cast.security_admin).post(reverse("people:post_new"), form)

    assert answer.url == reverse("people:posts")
    assert Post.objects.filter(
        user=cast.clerk, unit=cast.west, role="inspector", since=date(2026, 3, 2)
    ).exists()


def test_a_refused_post_says_why_and_keeps_what_was_typed(cast: Cast) -> None:
    form = {"user": "审计员甲（auditor）", "role": "inspector", "unit": cast.west.code, "since": "2026-03-02"}

    answer = signed_in(cast.security_admin).post(reverse("people:post_new"), form)

    assert answer.status_code == 422
    assert "三员不能兼任其他岗位" in answer.content.decode()
    assert 'value="审计员甲（auditor）"' in answer.content.decode()


def test_a_post_is_ended_on_its_page(cast: Cast) -> None:
    post = cast.inspector.posts.get()

    signed_in(cast.security_admin).post(reverse("people:post_end", args=[post.pk]), {"reason": "调离"})

    post.refresh_from_db()
    assert post.until == clock.day_of(clock.now()) - timedelta(days=1)


def test_the_list_of_posts_shows_those_in_force_and_on_wish_those_over(cast: Cast) -> None:
    give_post(cast.clerk, cast.west, Role.INSPECTOR, until=date(2020, 5, 1))
    client = signed_in(cast.security_admin)

    assert client.get(reverse("people:posts")).context["pager"].count == Post.objects.count() - 1
    assert client.get(reverse("people:posts"), {"state": "over"}).context["pager"].count == 1
    assert (
        client.get(reverse("people:posts"), {"state": "all", "role": "inspector"}).context["pager"].count == 4
    )


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
    assert len(after) <= 8
