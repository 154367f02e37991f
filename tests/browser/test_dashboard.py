"""Step 7: every number of the dashboard opens a list of exactly that length."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from conduct import clock
from tests.browser.conftest import Enter, Look
from tests.factories.cast import Cast, make_unit, stand_up
from tests.factories.reports import S, make_finding


def today() -> date:
    return clock.day_of(clock.now())


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Findings of all lights and categories, in two units and two months."""
    cast = stand_up()
    seen_on = today() - timedelta(days=6)
    before = (today().replace(day=1) - timedelta(days=1)).replace(day=3)
    for unit, code, day, facts in (
        (cast.east, "D1-03", seen_on, {"state": S.CLOSED, "days_to_close": 3}),
        (cast.east, "D2-01", before, {"state": S.CLOSED, "days_to_close": 5}),
        (cast.east, "D1-03", seen_on, {"state": S.SUBMITTED, "due_on": today() - timedelta(days=4)}),
        (cast.east_bureau, "B1-01", seen_on, {"state": S.RECTIFYING, "due_on": today() + timedelta(days=1)}),
        (cast.west, "A1-01", before, {"state": S.RECTIFYING, "due_on": today() - timedelta(days=9)}),
        (cast.west, "C1-01", seen_on, {"state": S.ASSIGNED, "due_on": today() + timedelta(days=40)}),
    ):
        make_finding(cast, unit, code, day=day, **facts)
    return cast


def numbers_with_lists(page: Page) -> list[tuple[int, str]]:
    """(number, address) of every linked count on the page; a rate or a mean counts nothing."""
    links = page.locator(".stat a, main td a").all()
    pairs = [(link.inner_text().strip(), link.get_attribute("href")) for link in links]
    return [(int(text), str(href)) for text, href in pairs if text.isdecimal()]


def test_on_paper_no_table_is_cut_or_runs_into_the_next(cast: Cast, enter: Enter) -> None:
    for number in range(24):
        unit = make_unit(f"第{number}街道办事处", cast.east)
        make_finding(cast, unit, "D1-03", day=today() - timedelta(days=6), state=S.ASSIGNED)
    page = enter(cast.clerk)
    page.goto(reverse("reports:dashboard"))
    # A4 less the margins of the sheet, in CSS pixels.
    page.set_viewport_size({"width": 658, "height": 970})
    page.emulate_media(media="print")

    cut = page.eval_on_selector_all(
        ".table-wrap",
        """wraps => wraps.filter(wrap => wrap.scrollHeight > wrap.clientHeight + 1
            || wrap.scrollWidth > wrap.clientWidth + 1
            || wrap.querySelector('table').getBoundingClientRect().right > document.body.clientWidth + 1)
            .map(wrap => wrap.getAttribute('aria-label'))""",
    )

    assert page.locator(".table-wrap").count() > 3
    assert cut == []


def test_every_number_opens_a_list_of_that_length(cast: Cast, enter: Enter, look: Look) -> None:
    page = enter(cast.clerk)
    page.goto(reverse("reports:dashboard"))
    expect(page.locator("[data-chart] svg").first).to_be_visible()
    look(page, "07-dashboard")
    numbers = dict.fromkeys(numbers_with_lists(page))
    assert len(numbers) > 15

    wrong = []
    for number, address in numbers:
        page.goto(address)
        rows = page.locator("main tbody tr").count()
        if rows != number:
            wrong.append((number, rows, address))

    assert wrong == []


def test_a_number_is_one_click_from_its_list(cast: Cast, enter: Enter, look: Look) -> None:
    page = enter(cast.leader)
    page.goto(reverse("reports:dashboard"))

    page.locator(".stat", has_text="逾期问题").get_by_role("link").click()

    # What was handed in waits on the office, and is overdue no more.
    expect(page.locator("main tbody tr")).to_have_count(1)
    look(page, "07-overdue")


def test_a_period_without_anything_says_so(cast: Cast, enter: Enter, look: Look) -> None:
    page = enter(cast.reader)
    page.goto(f"{reverse('reports:dashboard')}?first=2020-01-01&last=2020-01-31")

    expect(page.get_by_text("统计期内没有认定的问题。")).to_be_visible()
    look(page, "07-dashboard-empty")
