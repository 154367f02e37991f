"""Coming in on a phone: binding an authenticator, approving with a code, and a form that came too late."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from inspections.actions import standards
from inspections.models import Campaign
from people.models import Authenticator, Recovery, Sitting, Unit, User
from tests.browser.conftest import DESK, PHONE, Enter, Look, NewPage
from tests.browser.walking import press
from tests.factories.cast import PASSWORD, Cast, stand_up
from tests.factories.inspections import submitted_campaign
from tests.factories.signing import bind, code_of, wrong_code

pytestmark = pytest.mark.usefixtures("monday")
FACTOR = re.compile("/own/codes/")
PLAIN = {"java_script_enabled": False}


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    standards.load_shipped()
    return stand_up()


def give_password(page: Page, user: User) -> None:
    page.goto("/login/")
    page.get_by_label("账号").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def give_code(page: Page, code: str, button: str) -> None:
    page.locator("[name=one_time_code]").fill(code)
    press(page, button)


def come_in(page: Page, user: User) -> None:
    give_password(page, user)
    give_code(page, code_of(user), "登录")
    expect(page).not_to_have_url(re.compile("/login/"))


def leave_alone() -> None:
    """Half an hour passes for everybody."""
    Sitting.objects.update(seen_at=timezone.now() - timedelta(minutes=31))


def test_an_authenticator_is_bound_on_the_first_day(
    cast: Cast, new_page: NewPage, look: Look, settings
) -> None:
    settings.SECOND_FACTOR = "required"
    page = new_page(**PHONE)

    give_password(page, cast.leader)
    expect(page).to_have_url(FACTOR)
    look(page, "20-bind")
    page.goto(reverse("inspections:campaign_list"))
    expect(page).to_have_url(FACTOR)
    give_code(page, wrong_code(cast.leader), "绑定")
    expect(page.get_by_text("动态口令不正确").first).to_be_visible()
    look(page, "20-bind-wrong")
    give_code(page, code_of(cast.leader), "绑定")

    expect(page.get_by_text("已绑定动态口令").first).to_be_visible()
    look(page, "20-bound")
    page.goto(reverse("inspections:campaign_list"))
    expect(page).not_to_have_url(FACTOR)


@pytest.mark.parametrize("script", [{}, PLAIN], ids=["script", "plain"])
def test_a_plan_is_approved_with_a_code_of_its_own(
    cast: Cast, new_page: NewPage, look: Look, script: dict[str, bool]
) -> None:
    campaign = submitted_campaign(cast)
    bind(cast.leader)
    page = new_page(**PHONE, **script)
    give_password(page, cast.leader)
    if not script:
        look(page, "21-code-at-the-door")
    give_code(page, code_of(cast.leader), "登录")
    page.goto(reverse("inspections:campaign_detail", args=[campaign.pk]))

    page.locator("main").get_by_role("button", name="批准", exact=False).last.click()
    expect(page.get_by_role("heading", name="批准检查方案，请输入动态口令")).to_be_visible()
    assert Campaign.objects.get().state == Campaign.State.SUBMITTED
    if not script:
        look(page, "21-code-to-approve")
    give_code(page, wrong_code(cast.leader), "确认并批准检查方案")
    expect(page.get_by_text("动态口令不正确").first).to_be_visible()
    give_code(page, code_of(cast.leader), "确认并批准检查方案")

    expect(page).to_have_url(re.compile(str(campaign.pk)))
    assert Campaign.objects.get().state == Campaign.State.APPROVED


@pytest.mark.parametrize("script", [{}, PLAIN], ids=["script", "plain"])
def test_what_was_typed_when_the_session_ended_is_found_again(
    cast: Cast, new_page: NewPage, look: Look, script: dict[str, bool]
) -> None:
    page = new_page(**PHONE, **script)
    give_password(page, cast.system_admin)
    page.goto(reverse("people:unit_new"))
    page.get_by_label("单位名称").fill("东区政务服务大厅")
    page.get_by_label("单位代码").fill("EASTHALL")
    page.get_by_label("上级单位").fill(cast.east.code)
    leave_alone()

    page.locator(".bottom-bar button").click()
    expect(page.get_by_text("刚才填写的内容已加密保存").first).to_be_visible()
    if not script:
        look(page, "22-login-after-the-end")
    page.get_by_label("账号").fill("system_admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="1 份内容还没有提交成")).to_be_visible()
    page.locator("summary").filter(has_text="查看所填文字").click()
    if not script:
        look(page, "22-kept")
    press(page, "继续提交")

    expect(page).not_to_have_url(re.compile("/own/kept/"))
    assert Unit.objects.filter(name="东区政务服务大厅").exists()
    page.goto(reverse("people:held"))
    if not script:
        look(page, "22-nothing-kept")
    expect(page.get_by_role("heading", name="没有未提交的内容")).to_be_visible()


def test_a_lost_phone_is_found_among_ones_sign_ins_and_sent_out(cast: Cast, enter: Enter, look: Look) -> None:
    lost = enter(cast.clerk, **PHONE)
    page = enter(cast.clerk, **DESK)
    page.goto(reverse("people:sittings"))
    expect(page.get_by_role("heading", name="您的账号在 2 处登录")).to_be_visible()
    look(page, "23-sign-ins")

    press(page, "退出", told="已退出 1 处登录")

    lost.goto(reverse("people:sittings"))
    expect(lost).to_have_url(re.compile("/login/"))


def test_a_lost_authenticator_is_unbound_by_two(cast: Cast, enter: Enter, look: Look) -> None:
    bind(cast.clerk)
    first = enter(cast.security_admin, **DESK)
    first.goto(reverse("people:recoveries"))
    look(first, "24-recoveries-empty")
    first.get_by_role("link", name="申请解绑").click()
    look(first, "24-recovery-new")
    first.get_by_label("人员").fill("经办甲（clerk）")
    first.get_by_label("理由").fill("手机在下乡途中丢失，已当面核对工作证。")
    press(first, "提出申请", told="等待另一人确认")
    look(first, "24-recovery-asked")
    second = enter(cast.system_admin, **PHONE)
    second.goto(reverse("people:recoveries"))
    second.locator("main").get_by_role("link", name="经办甲").first.click()
    look(second, "24-recovery-to-confirm")

    press(second, "确认解绑", told="已解绑")

    assert Recovery.objects.get().state == Recovery.State.CONFIRMED
    assert not Authenticator.objects.exists()
    second.goto(reverse("people:recoveries"))
    look(second, "24-recoveries")
