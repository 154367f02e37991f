"""What every page knows about its reader."""

from __future__ import annotations

import pytest
from django.urls import reverse

from people import menu
from people.models import User
from tests.factories.cast import Cast, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]


@pytest.mark.parametrize(
    ("who", "first", "some"),
    [
        (
            "clerk",
            "我的工作",
            {
                *("检查批次", "检查记录", "待研判", "问题台账", "整改通知书", "驾驶舱", "通报"),
                *("检查标准", "工作日历", "整改时限"),
            },
        ),
        ("leader", "我的工作", {"问题线索", "问题台账"}),
        ("inspector", "我的工作", {"检查批次", "检查记录"}),
        ("east_head", "我的工作", {"本单位问题", "整改通知书"}),
        ("reader", "我的工作", {"驾驶舱", "问题台账", "通报"}),
        ("system_admin", "账号", {"单位", "工作日历", "后台任务"}),
        ("security_admin", "岗位授权", set()),
        ("auditor", "审计记录", set()),
    ],
)
def test_the_menu_of_a_role(cast: Cast, who: str, first: str, some: set[str]) -> None:
    items = menu.menu(user=getattr(cast, who), path="/nowhere/")

    labels = [item.label for item in items]
    assert labels[0] == first
    assert some <= set(labels)
    assert len(labels) == len(set(labels))


def test_the_menu_of_an_administrator_holds_nothing_else(cast: Cast) -> None:
    assert lines(cast.auditor) == ["审计记录", "查阅记录", "审计链"]
    assert lines(cast.security_admin) == ["岗位授权", "岗位变动", "动态口令恢复"]


def lines(user: User) -> list[str]:
    """The menu without what everybody has for their own account."""
    return [item.label for item in menu.menu(user=user, path="/") if item.group != "我的账号"]


def test_the_line_of_the_page_is_marked(cast: Cast) -> None:
    items = menu.menu(user=cast.system_admin, path="/accounts/new/")

    assert [item.label for item in items if item.is_active] == ["账号"]


def test_a_badge_is_counted_for_those_who_see_its_line(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(menu, "BADGES", {})
    menu.register_badge("people:jobs", lambda user: 3)

    badges = {item.label: item.badge for item in menu.menu(user=cast.system_admin, path="/")}

    assert badges["后台任务"] == 3
    assert badges["账号"] is None


def test_a_page_says_who_is_signed_in(cast: Cast) -> None:
    page = signed_in(cast.clerk).get(reverse("people:calendar"))

    assert (page.context["me"].name, page.context["me"].role) == ("经办甲", "督查办经办")
    assert page.context["me"].unit == "安平市督查办公室"
    assert str(page.context["org_name"]) == "安平市督查办公室"


def test_someone_without_a_post_is_told_so(cast: Cast) -> None:
    cast.clerk.posts.all().delete()

    assert "暂无岗位" in signed_in(cast.clerk).get(reverse("password_change")).content.decode()
