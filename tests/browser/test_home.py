"""My work: what is late comes first."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from conduct import clock
from tests.browser.conftest import Enter, Look
from tests.factories.cast import stand_up
from tests.factories.reports import S, make_finding


def test_my_work_shows_the_late_first(transactional_db: None, enter: Enter, look: Look) -> None:
    cast = stand_up()
    today = clock.day_of(clock.now())
    for unit, code, days in (
        (cast.east, "D1-03", -4),
        (cast.east_bureau, "B1-01", 1),
        (cast.west, "A1-01", 40),
        (cast.west, "D2-01", -1),
    ):
        due_on = today + timedelta(days=days)
        make_finding(cast, unit, code, day=today - timedelta(days=6), state=S.SUBMITTED, due_on=due_on)

    page = enter(cast.second_clerk)

    expect(page.get_by_role("heading", level=1)).to_have_text("4 件事等您办理，2 件已逾期")
    expect(page.locator("tbody tr").first).to_contain_text("逾期")
    look(page, "07-home-late")
