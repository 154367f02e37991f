"""A post is asked for at the desk and confirmed on the leader's phone; one that cannot be given says why."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from people.models import Post, PostChange
from people.roles import Role
from tests.browser.conftest import DESK, PHONE, Enter, Look
from tests.browser.walking import open_panel, press
from tests.factories.cast import Cast, give_post, make_user, stand_up

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return stand_up()


def test_a_post_is_asked_for_at_the_desk_and_confirmed_on_a_phone(
    cast: Cast, enter: Enter, look: Look
) -> None:
    desk = enter(cast.security_admin, **DESK)
    desk.goto(reverse("people:post_new"))
    desk.get_by_label("人员").fill("经办甲（clerk）")
    desk.get_by_label("岗位").select_option("检查人员")
    desk.get_by_label("任职单位").fill("西区（U00010003）")
    desk.get_by_label("授予依据").fill("关于抽调人员参加夏季检查的通知。")
    look(desk, "25-post-new")
    press(desk, "提请授予", told="等待另一人确认")
    look(desk, "25-posts")
    desk.goto(reverse("people:post_change", args=[PostChange.objects.get().pk]))
    look(desk, "25-change-own")

    phone = enter(cast.leader, **PHONE)
    phone.goto(reverse("people:post_changes"))
    expect(phone.get_by_role("heading", name="1 件岗位变动待您确认")).to_be_visible()
    look(phone, "25-changes")
    phone.locator("main").get_by_role("link", name="经办甲").first.click()
    look(phone, "25-change-to-confirm")
    press(phone, "确认授予", told="已确认授予")

    look(phone, "25-changes-none")
    assert Post.objects.filter(user=cast.clerk, unit=cast.west, role=Role.INSPECTOR).exists()


def test_what_cannot_be_confirmed_now_says_why_and_is_refused_with_a_reason(
    cast: Cast, enter: Enter, look: Look
) -> None:
    second = make_user("auditor2", "审计员乙")
    held = give_post(second, cast.city, Role.AUDITOR)
    desk = enter(cast.security_admin, **DESK)
    desk.goto(reverse("people:post_end", args=[held.pk]))
    open_panel(desk, "提请终止", "工作调整。")
    look(desk, "26-post-end")
    press(desk, "提请终止", told="等待另一人确认")
    desk.goto(reverse("people:post_end", args=[held.pk]))
    look(desk, "26-post-end-asked")
    cast.auditor.posts.all().delete()

    other = enter(cast.system_admin, **DESK)
    other.goto(reverse("people:post_change", args=[PostChange.objects.get().pk]))
    press(other, "确认终止")
    expect(other.get_by_text("是唯一的审计员")).to_be_visible()
    look(other, "26-change-cannot-now")
    open_panel(other, "不同意终止", "先授予另一人。")
    look(other, "26-change-refusing")
    press(other, "不同意终止", told="未同意终止")

    assert PostChange.objects.get().state == PostChange.State.REFUSED
    other.goto(reverse("people:post_changes") + "?state=refused")
    look(other, "26-changes-refused")
