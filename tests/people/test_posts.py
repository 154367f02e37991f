"""Posts: three administrators, each with a part of the power and none with all of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from conduct import clock
from conduct.errors import Forbidden, Refused
from conduct.models import AuditEntry
from people import access
from people.models import Post, User
from people.queries import persons
from people.roles import Permission, Role
from people.rules import clash
from tests.factories.cast import Cast, give_post, make_user, signed_in
from tests.people.granting import TODAY, end, give

pytestmark = pytest.mark.django_db


def test_a_post_holds_from_the_next_sign_in_on(cast: Cast) -> None:
    user = make_user("fresh", "新人", home=cast.bureau)
    client = signed_in(user)
    assert client.get(reverse("people:calendar")).status_code == 403

    give(cast, user=user, role=Role.OFFICE_CLERK)

    assert client.get(reverse("people:calendar")).url.startswith(reverse("login"))
    assert signed_in(user).get(reverse("people:calendar")).status_code == 200


def test_an_ended_post_is_gone_from_the_next_request_on(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    assert client.get(reverse("people:calendar")).status_code == 200

    end(cast, cast.clerk.posts.get(), at=clock.now())

    assert client.get(reverse("people:calendar")).url.startswith(reverse("login"))
    assert signed_in(cast.clerk).get(reverse("people:calendar")).status_code == 403


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

    entries = AuditEntry.objects.filter(subject_type="people.post").order_by("id")
    assert [(e.verb, e.actor_name, e.details["asked_by"], e.reason) for e in entries] == [
        ("people.post_given", "系统管理员甲", str(cast.security_admin.pk), "工作安排"),
        ("people.post_ended", "系统管理员甲", str(cast.security_admin.pk), "调离"),
    ]


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


def test_a_refused_post_says_why_and_keeps_what_was_typed(cast: Cast) -> None:
    form = {"user": "审计员甲（auditor）", "role": "inspector", "unit": cast.west.code, "since": "2026-03-02"}
    form["reason"] = "工作安排"

    answer = signed_in(cast.security_admin).post(reverse("people:post_new"), form)

    assert answer.status_code == 422
    assert "三员不能兼任其他岗位" in answer.content.decode()
    assert 'value="审计员甲（auditor）"' in answer.content.decode()


def test_the_list_of_posts_shows_those_in_force_and_on_wish_those_over(cast: Cast) -> None:
    give_post(cast.clerk, cast.west, Role.INSPECTOR, until=date(2020, 5, 1))
    client = signed_in(cast.security_admin)

    assert client.get(reverse("people:posts")).context["pager"].count == Post.objects.count() - 1
    assert client.get(reverse("people:posts"), {"state": "over"}).context["pager"].count == 1
    assert (
        client.get(reverse("people:posts"), {"state": "all", "role": "inspector"}).context["pager"].count == 4
    )
