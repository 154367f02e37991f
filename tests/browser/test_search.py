"""The search box in the head of every page, at a desk and on a phone, with script and without."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from conduct.models import SearchText
from conduct.search import index
from tests.browser.conftest import DESK, PHONE, Enter, Look
from tests.conftest import Crew, wait_until
from tests.factories.cast import Cast, stand_up
from tests.factories.findings import Line

WORKER_SECONDS = 40


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return stand_up()


def test_what_was_just_filed_is_found_from_the_head_of_any_page(
    cast: Cast, crew: Crew, enter: Enter, look: Look
) -> None:
    Line(cast).submitted(unit=cast.east)
    crew.start_embedded()
    wait_until(lambda: SearchText.objects.filter(source="findings.notice").exists(), seconds=WORKER_SECONDS)
    page = enter(cast.clerk, **DESK)

    page.get_by_role("search", name="全局搜索").get_by_role("searchbox").fill("窗口 在岗")
    page.keyboard.press("Enter")

    expect(page.locator(".found li").first).to_contain_text("综合窗口")
    expect(page.locator(".found mark").first).to_have_text("窗口")
    look(page, "08-search")

    page.get_by_label("文书", exact=True).check()
    expect(page.locator(".found li")).to_have_count(1)
    expect(page).to_have_url(re.compile("kind=paper"))
    page.get_by_label("查什么").fill("从来没有写过的话")
    page.locator("main").get_by_role("button", name="搜索").click()
    expect(page.get_by_text("没有找到含有这些词的内容。")).to_be_visible()
    look(page, "08-search-nothing")


def test_a_unit_head_searches_on_a_phone(cast: Cast, enter: Enter, look: Look) -> None:
    Line(cast).submitted(unit=cast.east)
    index.fill()
    page = enter(cast.east_head, **PHONE)

    page.get_by_role("link", name="搜索", exact=True).click()
    page.get_by_label("查什么").fill("窗口")
    page.locator("main").get_by_role("button", name="搜索").click()
    expect(page.locator(".found li").first).to_be_visible()
    look(page, "08-search-unit")
    page.locator(".found a").first.click()

    expect(page.locator("h1")).not_to_have_text("搜索")


def test_the_search_works_without_script(cast: Cast, enter: Enter) -> None:
    Line(cast).submitted(unit=cast.east)
    index.fill()
    page = enter(cast.clerk, **DESK, java_script_enabled=False)
    page.goto(reverse("reports:search"))
    page.get_by_label("查什么").fill("窗口")
    page.get_by_label("问题", exact=True).check()

    page.locator("main").get_by_role("button", name="搜索").click()

    expect(page.locator(".found li")).to_have_count(1)
