"""My work, the dashboard, and a bulletin from the button to its number, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from conduct import clock, jobs
from people.models import User
from reports.actions import bulletins
from reports.rules.periods import year_to
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.factories.cast import Cast, stand_up
from tests.factories.reports import S, make_finding

SCREENS = pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
Barriers = Callable[[Page], list[str]]


def today() -> date:
    return clock.day_of(clock.now())


def enter(new_page: NewPage, user: User, screen: dict[str, Any], live_server: Any) -> Page:
    """A page of someone already signed in."""
    client = Client()
    client.force_login(user)
    page = new_page(**screen)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return page


def some_work(cast: Cast) -> None:
    """Findings in three lights."""
    for unit, code, days in (
        (cast.east, "D1-03", -4),
        (cast.east_bureau, "B1-01", 1),
        (cast.west, "A1-01", 40),
        (cast.west, "D2-01", -1),
    ):
        make_finding(
            cast,
            unit,
            code,
            day=today() - timedelta(days=6),
            state=S.SUBMITTED,
            due_on=today() + timedelta(days=days),
        )


@SCREENS
def test_my_work_shows_the_late_first_and_keeps_nobody_out(
    new_page: NewPage, screen: dict[str, Any], live_server: Any, barriers: Barriers
) -> None:
    cast = stand_up()
    some_work(cast)
    page = enter(new_page, cast.second_clerk, screen, live_server)

    page.goto("/")

    expect(page.get_by_role("heading", level=1)).to_have_text("4 件事等您办理，2 件已逾期")
    expect(page.locator("tbody tr").first).to_contain_text("逾期")
    assert barriers(page) == []


@SCREENS
def test_a_number_of_the_dashboard_opens_its_list(
    new_page: NewPage, screen: dict[str, Any], live_server: Any, barriers: Barriers
) -> None:
    cast = stand_up()
    some_work(cast)
    page = enter(new_page, cast.reader, screen, live_server)
    page.goto("/dashboard/")
    expect(page.locator("[data-chart] svg").first).to_be_visible()
    assert barriers(page) == []

    page.locator(".stat", has_text="逾期问题").get_by_role("link").click()

    expect(page).to_have_url(re.compile(r"/findings/\?state=overdue$"))
    expect(page.get_by_text("筛出 2 个问题")).to_be_visible()


def test_a_bulletin_from_the_button_to_its_number(
    new_page: NewPage, live_server: Any, barriers: Barriers
) -> None:
    cast = stand_up()
    some_work(cast)
    desk = enter(new_page, cast.clerk, DESK, live_server)
    desk.goto("/bulletins/")
    desk.get_by_role("link", name="编印本期通报").click()
    desk.get_by_label("种类").select_option("ad_hoc")
    desk.get_by_label("起始日期").fill((today() - timedelta(days=20)).isoformat())
    desk.get_by_label("截止日期").fill(today().isoformat())
    assert barriers(desk) == []
    desk.get_by_role("button", name="编印本期通报").click()
    expect(desk.get_by_text("排队等候")).to_be_visible()

    for run in jobs.take_to_send(at=clock.now()):
        jobs.perform(str(run.pk))
    desk.get_by_role("link", name="打开通报").first.click()
    desk.get_by_label("情况说明").fill("总体平稳，个别单位整改逾期。")
    desk.get_by_role("button", name="保存情况说明").click()
    expect(desk.get_by_text("情况说明已保存")).to_be_visible()
    assert barriers(desk) == []
    desk.get_by_role("button", name="送领导审签").click()

    leader = enter(new_page, cast.leader, DESK, live_server)
    leader.goto("/")
    leader.get_by_role("link", name="签发通报").click()
    leader.get_by_role("button", name="签发并编号").click()

    expect(leader.get_by_text(f"安督通〔{today().year}〕1号").first).to_be_visible()


@SCREENS
def test_the_page_of_a_bulletin_keeps_nobody_out(
    new_page: NewPage, screen: dict[str, Any], live_server: Any, barriers: Barriers
) -> None:
    cast = stand_up()
    some_work(cast)
    bulletin = bulletins.draft(
        kind="ad_hoc", office=cast.city, period=year_to(today()), by=cast.clerk, at=clock.now(), made_key="k"
    )
    bulletins.submit(bulletin=bulletin, by=cast.clerk, at=clock.now())
    page = enter(new_page, cast.leader, screen, live_server)

    page.goto(f"/bulletins/{bulletin.pk}/")

    page.locator("summary", has_text="退回修改").click()
    expect(page.get_by_label("退回理由")).to_be_visible()
    assert barriers(page) == []
    page.goto("/bulletins/schedules/")
    assert barriers(page) == []
