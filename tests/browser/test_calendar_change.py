"""The office enters a day off, sees which deadlines move, saves, and takes it back; a unit reads how it was counted."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from conduct.audit import SystemActor
from conduct.calendar import seed
from conduct.models import CalendarChange, JobRun
from findings.actions import co_units, following
from inspections.actions import standards
from tests.browser.conftest import PHONE, Enter, Look
from tests.factories.cast import AT, Cast, stand_up
from tests.factories.findings import Line, again

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    standards.load_shipped()
    seed.ship(at=AT)
    return stand_up()


def followed() -> None:
    """The job, done."""
    change = CalendarChange.objects.latest("at")
    following.follow(change=change, by=SystemActor(), at=AT, on_step=lambda done: None)
    JobRun.objects.filter(subject_id=str(change.pk)).update(state=JobRun.State.DONE)


def test_a_day_off_is_entered_foreseen_saved_and_taken_back(cast: Cast, enter: Enter, look: Look) -> None:
    finding = Line(cast).received(route="complex")
    part = {"task": "配合核对窗口排班。", "contact": "督查一科", "working_days": 8}
    given = co_units.give(finding=again(finding), unit=cast.west, by=cast.clerk, at=AT, **part)
    clerk = enter(cast.clerk)
    clerk.goto(reverse("people:calendar_year", args=[2026]))
    row = clerk.locator("[data-formset-item]").last
    row.get_by_label("起始日").fill("2026-03-10")
    row.get_by_label("名称").fill("调休")
    clerk.get_by_role("button", name="保存 2026 年").click()
    expect(clerk.get_by_text("还没有保存：将变动 2 个期限，涉及 2 个单位")).to_be_visible()
    look(clerk, "30-calendar-foreseen")
    clerk.get_by_role("button", name="保存并重算期限").click()
    expect(clerk.get_by_role("button", name="撤销这次调整")).to_be_visible()
    followed()
    clerk.reload()
    expect(clerk.get_by_text("已变动 2 个期限")).to_be_visible()
    look(clerk, "30-calendar-changed")

    head = enter(cast.east_head, **PHONE)
    head.goto(reverse("findings:terms", args=[finding.pk]))
    expect(head.get_by_role("heading", name="放假安排调整：2026年4月15日")).to_be_visible()
    look(head, "30-terms")
    other = enter(cast.west_head, **PHONE)
    other.goto(reverse("findings:part", args=[given.pk]))
    look(other, "30-part")

    clerk.get_by_role("button", name="撤销这次调整").click()
    followed()
    clerk.reload()
    expect(clerk.get_by_role("heading", name="撤销2026年放假安排调整").first).to_be_visible()
    expect(clerk.get_by_text("已变动 2 个期限")).to_be_visible()
    look(clerk, "30-calendar-undone")

    admin = enter(cast.system_admin)
    admin.goto(reverse("people:unit_merge", args=[cast.west.pk]))
    look(admin, "30-merge")
