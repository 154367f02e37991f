"""Step 3: the office makes findings of what was seen, hears the unit, judges, and issues the notice."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from findings.models import Finding, Notice
from tests.browser.conftest import PHONE, Enter, Look
from tests.browser.walking import decide, go, pdf_text, pick, press
from tests.factories.cast import Cast, stand_up
from tests.factories.findings import Line, routes
from tests.factories.inspections import indicator, locked_visit, seen_playing

pytestmark = pytest.mark.usefixtures("monday")
S = Finding.State
PLAYING = "三号窗口工作人员在上班时间用电脑玩纸牌游戏"
ABSENT = "咨询台无人在岗，约二十分钟"
SLOW = "二号窗口要求群众重复提交材料"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = stand_up()
    routes()
    return cast


def see_three(cast: Cast) -> None:
    """One locked visit to the eastern bureau with three things seen."""
    locked_visit(
        cast,
        seen_playing(),
        seen_playing(facts=ABSENT, category=indicator("D1-01"), person_post="", persons=0),
        seen_playing(facts=SLOW, category=indicator("B1-01"), person_post="", persons=0),
    )


def raise_from(page: Page, *facts: str, title: str) -> None:
    page.goto(reverse("findings:worklist"))
    for words in facts:
        page.get_by_label(re.compile(words)).check()
    press(page, "列为问题")
    page.get_by_label("问题标题").fill(title)
    page.get_by_label("情节").select_option(label="一般")
    press(page, "列为问题", told="已列为问题")


def test_what_was_seen_is_merged_split_and_graded(cast: Cast, enter: Enter, look: Look) -> None:
    see_three(cast)
    page = enter(cast.clerk)
    page.goto(reverse("findings:worklist"))
    look(page, "03-worklist")
    page.get_by_label(re.compile(PLAYING)).check()
    page.get_by_label(re.compile(ABSENT)).check()
    press(page, "列为问题")
    look(page, "03-raise")
    page.get_by_label("问题标题").fill("窗口工作人员上班时间玩游戏、脱岗")
    pick(page, "#raise-form .picker", "tg", "脱岗")
    page.get_by_label("情节").select_option(label="较重")
    press(page, "列为问题", told="已列为问题")
    look(page, "03-finding-new")
    raise_from(page, SLOW, title="要求群众重复提交材料")

    page.goto(reverse("findings:list"))
    look(page, "03-ledger")
    page.get_by_label(re.compile("选择：窗口工作人员")).check()
    page.get_by_label(re.compile("选择：要求群众")).check()
    press(page, "合并所选问题")
    look(page, "03-merge")
    press(page, "合并为一个问题", told="已把 1 个问题并入本问题")
    go(page, "拆分为两个问题")
    page.get_by_label(re.compile(SLOW)).check()
    look(page, "03-split")
    page.get_by_role("textbox", name="问题标题").last.fill("重复收取群众材料")
    press(page, "拆分为两个问题", told="已拆分")

    assert Finding.objects.filter(state=S.NEW).count() == 2
    assert Finding.objects.get(state=S.MERGED).merged_into is not None


def test_a_record_that_is_no_problem_is_set_aside_with_a_reason(cast: Cast, enter: Enter, look: Look) -> None:
    see_three(cast)
    page = enter(cast.clerk)
    page.goto(reverse("findings:worklist"))
    page.get_by_label(re.compile(SLOW)).check()
    page.locator("summary", has_text="不列入问题").click()
    page.get_by_label("不列入的理由").fill("材料目录刚刚调整，当日已公示。")
    look(page, "03-set-aside")

    press(page, "所选记录不列入问题", told="已注明 1 条现场记录不列入问题。")

    expect(page.get_by_role("heading", level=1)).to_have_text("2 条现场记录等待研判")


def test_the_unit_is_heard_before_the_office_judges_and_issues_the_notice(
    cast: Cast, enter: Enter, look: Look
) -> None:
    finding = Line(cast).verifying(unit=cast.east, names_person=True)
    clerk = enter(cast.clerk)
    clerk.goto(reverse("findings:detail", args=[finding.pk]))
    decide(clerk, "认定属实", "现场照片清楚。", told="先听取")
    expect(clerk.get_by_text("须先听取单位陈述")).to_have_count(1)
    look(clerk, "03-finding-verifying")
    press(clerk, "请单位陈述", told="已请单位陈述")

    head = enter(cast.east_head, **PHONE)
    look(head, "03-home-unit-head")
    go(head, "陈述")
    if head.get_by_role("link", name="提交陈述").count():
        go(head, "提交陈述")
    head.get_by_label("陈述内容").fill("当日窗口人员突发疾病，已安排顶岗，间隔约十分钟。")
    look(head, "03-statement")
    press(head, "提交陈述", told="陈述已提交")
    expect(head.get_by_role("link", name="提交陈述")).to_have_count(0)
    look(head, "03-finding-unit-side")

    clerk.reload()
    expect(clerk.get_by_text("间隔约十分钟").first).to_be_visible()
    clerk.locator("summary", has_text="认定部分属实").click()
    clerk.get_by_label("属实的事实").fill("综合窗口无人在岗约十分钟。")
    clerk.get_by_label("部分属实的理由").fill("无人在岗属实，时间按十分钟认定。")
    look(clerk, "03-finding-partly")
    clerk.locator(".move-panel[open] button[type=submit]").click()
    expect(clerk.locator(".standing")).to_contain_text("部分属实")
    go(clerk, "发出整改通知书")
    clerk.get_by_label(re.compile("限期整改")).check()
    clerk.get_by_label("整改要求").fill("落实顶岗制度，窗口不得空岗。")
    look(clerk, "03-notice-issue")
    press(clerk, "发出整改通知书", told="等待单位签收")
    look(clerk, "03-notice")

    notice = Notice.objects.get()
    assert notice.number == "安督整〔2026〕1号"
    paper = pdf_text(clerk, "打开 PDF")
    assert notice.number in paper
    assert "综合窗口无人在岗约十分钟。认定情况：部分属实" in paper
    assert "时间按十分钟认定" in paper
    finding.refresh_from_db()
    assert str(finding.due_on) == "2026-03-23"


def test_what_is_not_so_is_dismissed_with_a_reason(cast: Cast, enter: Enter, look: Look) -> None:
    finding = Line(cast).verifying()
    page = enter(cast.clerk)
    page.goto(reverse("findings:detail", args=[finding.pk]))

    decide(page, "认定不属实", "监控显示当时有人顶岗。")

    expect(page.locator(".standing")).to_contain_text("不属实")
    look(page, "03-finding-dismissed")


def test_one_notice_carries_the_findings_of_one_unit(cast: Cast, enter: Enter, look: Look) -> None:
    line = Line(cast)
    line.confirmed(unit=cast.east)
    line.confirmed(unit=cast.east, title="咨询台无人值守")
    page = enter(cast.clerk)
    page.goto(reverse("findings:list"))
    for box in page.get_by_role("checkbox", name=re.compile("^选择：")).all():
        box.check()
    press(page, "为所选问题发整改通知书")
    for section in page.locator("#notice-form .panel").all():
        section.get_by_label(re.compile("立行立改")).check()
        section.get_by_label("整改要求").fill("三个工作日内改正。")
    look(page, "03-notice-two")

    press(page, "发出整改通知书", told="等待单位签收")

    assert Notice.objects.get().findings.count() == 2
