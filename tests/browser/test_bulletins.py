"""Step 6: the bulletin by button and by schedule, made by the real relay and worker, signed, numbered, printed."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from conduct import clock
from conduct.models import JobRun
from reports.models import Bulletin, ReportSchedule
from tests.browser.conftest import Enter, Look
from tests.browser.walking import decide, go, pdf_text, press
from tests.conftest import Crew, wait_until
from tests.factories.cast import Cast, stand_up
from tests.factories.reports import S, make_finding

WORKER_MS = 40_000


def today() -> date:
    return clock.day_of(clock.now())


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = stand_up()
    for unit, code, state in (
        (cast.east, "D1-03", S.CLOSED),
        (cast.east_bureau, "B1-01", S.RECTIFYING),
        (cast.west, "A1-01", S.SUBMITTED),
    ):
        make_finding(cast, unit, code, day=today() - timedelta(days=9), state=state)
    return cast


def test_a_bulletin_by_the_button_from_order_to_number(
    cast: Cast, crew: Crew, enter: Enter, look: Look
) -> None:
    clerk = enter(cast.clerk)
    clerk.goto(reverse("reports:bulletin_list"))
    look(clerk, "06-bulletins-empty")
    clerk.get_by_role("link", name="编印本期通报").click()
    clerk.get_by_label("种类").select_option(label="专期")
    clerk.get_by_label("起始日期").fill((today() - timedelta(days=20)).isoformat())
    clerk.get_by_label("截止日期").fill(today().isoformat())
    look(clerk, "06-bulletin-order")
    press(clerk, "编印本期通报")
    expect(clerk.locator(".job")).to_contain_text("排队等候")
    look(clerk, "06-job-waiting")

    crew.start_embedded()
    expect(clerk.locator(".job")).to_contain_text("已完成", timeout=WORKER_MS)
    look(clerk, "06-job-done")
    go(clerk, "打开通报")
    clerk.get_by_label("情况说明").fill("总体平稳，个别单位整改进度偏慢。")
    look(clerk, "06-bulletin-draft")
    assert "总体平稳" not in pdf_text(clerk, "看草稿版面（PDF）")
    press(clerk, "保存情况说明", told="情况说明已保存。")
    press(clerk, "送领导审签", told="已送领导审签。")

    leader = enter(cast.leader)
    go(leader, "签发通报")
    decide(leader, "退回修改", "请写明进度偏慢的是哪家单位。", told="已退回修改。")
    clerk.reload()
    expect(clerk.get_by_text("请写明进度偏慢的是哪家单位。").first).to_be_visible()
    look(clerk, "06-bulletin-returned")
    clerk.get_by_label("情况说明").fill("总体平稳，东区行政审批局整改进度偏慢。")
    press(clerk, "保存情况说明", told="情况说明已保存。")
    press(clerk, "送领导审签", told="已送领导审签。")
    leader.reload()
    look(leader, "06-bulletin-signing")
    press(leader, "签发并编号", told="已签发，文号已取得。")

    look(leader, "06-bulletin-issued")
    number = f"安督通〔{today().year}〕1号"
    words = pdf_text(leader, "打开印发件（PDF）")
    assert number in words
    assert "东区行政审批局整改进度偏慢" in words
    reader = enter(cast.reader)
    go(reader, f"关于{Bulletin.objects.get().title[2:]}")
    expect(reader.locator("main")).to_contain_text(number)


def test_the_schedule_drafts_the_week_that_is_over(cast: Cast, crew: Crew, enter: Enter, look: Look) -> None:
    clerk = enter(cast.clerk)
    clerk.goto(reverse("reports:schedules"))
    look(clerk, "06-schedules")
    week = clerk.locator(".panel", has_text="周报")
    week.get_by_label("自动编制").check()
    week.get_by_label("时间").fill("00:00")
    week.get_by_role("button", name="保存周报安排").click()
    expect(clerk.get_by_text("已保存。")).to_be_visible()
    ReportSchedule.objects.update(since=today() - timedelta(days=6))

    crew.start_embedded()
    wait_until(
        lambda: JobRun.objects.filter(job="reports.draft_bulletin", state=JobRun.State.DONE).exists(),
        seconds=WORKER_MS / 1000,
    )
    clerk.goto(reverse("reports:bulletin_list"))

    row = clerk.locator("tbody tr", has_text="周报")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("未编号")


def test_a_run_that_failed_says_why_and_is_started_again(
    cast: Cast, crew: Crew, enter: Enter, look: Look
) -> None:
    clerk = enter(cast.clerk)
    clerk.goto(reverse("reports:bulletin_new"))
    press(clerk, "编印本期通报")
    expect(clerk.locator(".job")).to_be_visible()
    order = JobRun.objects.get()
    JobRun.objects.update(state=JobRun.State.FAILED, problem="磁盘已满，没有写成。请清理后重新办理。")
    clerk.reload()
    expect(clerk.get_by_text("磁盘已满，没有写成。")).to_be_visible()
    look(clerk, "06-job-failed")

    press(clerk, "重新办理")
    crew.start_embedded()

    expect(clerk.locator(".job")).to_contain_text("已完成", timeout=WORKER_MS)
    expect(clerk).to_have_url(re.compile(str(order.pk)))
