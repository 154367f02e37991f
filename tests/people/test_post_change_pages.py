"""The pages of changes of posts: asked for on one, confirmed, refused and taken back on another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conduct import clock
from people import menu
from people.models import Post, PostChange
from people.roles import Role
from tests.factories.cast import Cast, give_post, make_user, signed_in
from tests.factories.signing import bind, code_of, signed_in_with_code
from tests.people.granting import another, ask_to_end, ask_to_give, confirm

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def wish(cast: Cast) -> PostChange:
    """A newcomer to become an inspector."""
    return ask_to_give(cast, user=make_user("fresh", "新人", home=cast.bureau))


GIVE = {"role": "inspector", "since": "2026-03-02", "until": "", "reason": "任命文件第 3 号"}


def address(wish: PostChange, move: str = "") -> str:
    if move:
        return reverse("people:post_change_decide", args=[wish.pk, move])
    return reverse("people:post_change", args=[wish.pk])


def test_a_post_is_asked_for_and_confirmed_on_its_pages(cast: Cast) -> None:
    form = GIVE | {"user": "经办甲（clerk）", "unit": cast.west.code}

    asked = signed_in(cast.security_admin).post(reverse("people:post_new"), form, follow=True)
    wish = PostChange.objects.get()
    page = signed_in(cast.leader).get(address(wish)).content.decode()
    answer = signed_in(cast.leader).post(address(wish, "confirm"), follow=True)

    said = "已提请授予：经办甲 检查人员（西区），等待另一人确认。确认后生效。"
    assert said in asked.content.decode()
    assert "任命文件第 3 号" in page
    assert "已确认授予：经办甲 检查人员（西区）。" in answer.content.decode()
    assert Post.objects.filter(user=cast.clerk, unit=cast.west, role="inspector").exists()


def test_without_what_it_rests_on_nothing_is_asked(cast: Cast) -> None:
    form = GIVE | {"user": "经办甲（clerk）", "unit": cast.west.code, "reason": ""}

    answer = signed_in(cast.security_admin).post(reverse("people:post_new"), form)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"reason"}


def test_a_post_is_asked_to_end_and_ended_on_its_pages(cast: Cast) -> None:
    post = cast.inspector.posts.get()

    signed_in(cast.security_admin).post(reverse("people:post_end", args=[post.pk]), {"reason": "调离"})
    signed_in(cast.system_admin).post(address(PostChange.objects.get(), "confirm"))

    post.refresh_from_db()
    assert post.until == clock.day_of(clock.now()) - DAY


def test_the_page_of_a_post_says_that_its_end_is_asked_for_and_what_an_emergency_allows(cast: Cast) -> None:
    post = cast.inspector.posts.get()
    client = signed_in(cast.security_admin)
    before = client.get(reverse("people:post_end", args=[post.pk]))
    ask_to_end(cast, post)
    after = client.get(reverse("people:post_end", args=[post.pk]))

    assert [move.label for move in before.context["moves"]] == ["提请终止"]
    assert "系统管理员停用此人的账号：一人即可办理" in before.content.decode()
    assert after.context["moves"] == []
    assert "提请终止</a>，等待另一人确认" in after.content.decode()


def test_the_list_of_posts_says_how_many_changes_wait(cast: Cast, wish: PostChange) -> None:
    page = signed_in(cast.security_admin).get(reverse("people:posts")).content.decode()

    assert f'<a href="{reverse("people:post_changes")}">1 件岗位变动等待确认</a>' in page


def test_each_is_offered_what_they_may_do(cast: Cast, wish: PostChange) -> None:
    shown = {
        who: [move.label for move in signed_in(getattr(cast, who)).get(address(wish)).context["moves"]]
        for who in ("leader", "system_admin", "security_admin")
    }

    assert shown == {
        "leader": ["确认授予", "不同意授予"],
        "system_admin": ["确认授予", "不同意授予"],
        "security_admin": ["撤回提请"],
    }


def test_the_person_concerned_is_offered_nothing(cast: Cast) -> None:
    wish = ask_to_end(cast, cast.leader.posts.get())

    assert signed_in(cast.leader).get(address(wish)).context["moves"] == []


def test_a_wish_is_refused_and_another_taken_back_on_their_page(cast: Cast, wish: PostChange) -> None:
    other = ask_to_give(cast, user=wish.user, unit=cast.west)
    leader, admin = signed_in(cast.leader), signed_in(cast.security_admin)

    without = leader.post(address(wish, "refuse"), {"reason": ""})
    leader.post(address(wish, "refuse"), {"reason": "依据不足"})
    seen = admin.get(address(wish)).content.decode()
    admin.post(address(other, "withdraw"))

    assert without.status_code == 422
    assert "依据不足" in seen
    assert [row.state for row in PostChange.objects.order_by("pk")] == ["refused", "withdrawn"]


def test_what_cannot_be_confirmed_now_says_why_and_stays_open(cast: Cast, wish: PostChange) -> None:
    give_post(wish.user, cast.city, Role.AUDITOR)

    answer = signed_in(cast.leader).post(address(wish, "confirm"))

    assert answer.status_code == 422
    assert "三员不能兼任其他岗位" in answer.content.decode()
    assert [move.name for move in answer.context["moves"]] == ["confirm", "refuse"]


def test_a_move_that_is_none_does_not_exist(cast: Cast, wish: PostChange) -> None:
    assert signed_in(cast.leader).post(address(wish, "anything")).status_code == 404


def test_the_list_shows_what_is_open_and_says_what_waits_for_me(cast: Cast, wish: PostChange) -> None:
    ask_to_end(cast, cast.leader.posts.get())
    done = ask_to_give(cast, user=wish.user, unit=cast.west)
    confirm(done, cast.leader)
    client = signed_in(cast.leader)

    page = client.get(reverse("people:post_changes"))
    confirmed = client.get(reverse("people:post_changes"), {"state": "confirmed"})

    assert "1 件岗位变动待您确认" in page.content.decode()
    assert [row.is_theirs for row in page.context["rows"]] == [False, True]
    assert confirmed.context["rows"] == [done]
    assert len(client.get(reverse("people:post_changes"), {"state": "all"}).context["rows"]) == 3


def test_the_menu_tells_each_how_many_they_may_decide(cast: Cast, wish: PostChange) -> None:
    ask_to_end(cast, cast.leader.posts.get())

    badges = {
        who: next(
            item.badge for item in menu.menu(user=getattr(cast, who), path="/") if item.label == "岗位变动"
        )
        for who in ("leader", "system_admin", "security_admin")
    }

    assert badges == {"leader": 1, "system_admin": 2, "security_admin": 0}


def test_a_county_sees_its_own_wishes_alone(cast: Cast, wish: PostChange) -> None:
    local = signed_in(another(cast, Role.OFFICE_LEADER, unit=cast.east))
    of_the_east = ask_to_give(cast, user=wish.user, unit=cast.east)

    assert local.get(reverse("people:post_changes")).context["rows"] == [of_the_east]
    assert local.get(address(wish)).status_code == 404
    assert local.post(address(wish, "confirm")).status_code == 404
    assert local.get(address(of_the_east)).status_code == 200


def test_the_list_asks_no_more_with_more_rows(
    cast: Cast, wish: PostChange, django_assert_num_queries: Any
) -> None:
    client = signed_in(cast.leader)
    client.get(reverse("people:post_changes"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("people:post_changes"))
    for unit in (cast.east, cast.west, cast.bureau):
        ask_to_give(cast, user=wish.user, unit=unit)

    with django_assert_num_queries(len(one)):
        client.get(reverse("people:post_changes"))


@pytest.mark.parametrize("move", ["confirm", "refuse"])
def test_deciding_takes_a_code_of_the_second_person(cast: Cast, wish: PostChange, move: str) -> None:
    bind(cast.leader)
    client = signed_in_with_code(cast.leader)

    waiting = client.post(address(wish, move), {"reason": "依据不足"})
    page = client.get(waiting.url).content.decode()
    assert PostChange.objects.get().state == "asked"
    assert "授予：新人 检查人员（安平市）" in page
    client.post(
        address(wish, move),
        {"held_form": waiting.url.partition("form=")[2], "one_time_code": code_of(cast.leader)},
    )

    assert PostChange.objects.get().state in ("confirmed", "refused")
