"""My work: what is late comes first."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from conduct import clock
from tests.browser.conftest import PHONE, Enter, Look
from tests.factories.cast import stand_up
from tests.factories.inspections import submitted_campaign
from tests.factories.reports import S, make_finding


def test_on_a_phone_a_card_tells_only_what_there_is_to_tell(
    transactional_db: None, enter: Enter, look: Look
) -> None:
    cast = stand_up()
    submitted_campaign(cast)

    page = enter(cast.leader, **PHONE)

    card = page.locator("tbody tr").first
    expect(card).to_contain_text("批准检查方案")
    expect(card).not_to_contain_text("—")
    expect(card.locator("td:visible")).to_have_count(2)
    look(page, "07-home-card")


def test_on_a_phone_the_link_of_a_card_is_easily_hit(transactional_db: None, enter: Enter) -> None:
    cast = stand_up()
    make_finding(cast, cast.east, "D1-03", day=clock.day_of(clock.now()), state=S.SUBMITTED)

    page = enter(cast.second_clerk, **PHONE)

    box = page.locator("tbody tr a").first.bounding_box()
    assert box is not None and box["height"] >= 44


def test_my_work_shows_the_late_first(transactional_db: None, enter: Enter, look: Look) -> None:
    cast = stand_up()
    today = clock.day_of(clock.now())
    for unit, code, days in (
        (cast.east, "D1-03", 30),
        (cast.east_bureau, "B1-01", 0),
        (cast.west, "A1-01", 0),
        (cast.west, "D2-01", 20),
    ):
        came_on = today - timedelta(days=days)
        make_finding(cast, unit, code, day=came_on, state=S.SUBMITTED, handed_in_on=came_on)

    page = enter(cast.second_clerk)

    expect(page.get_by_role("heading", level=1)).to_have_text("4 件事等您办理，2 件已逾期")
    expect(page.locator("tbody tr").first).to_contain_text("逾期")
    look(page, "07-home-late")
