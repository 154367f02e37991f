"""Step 5: another clerk returns the report or passes it on, two accept, and every step stands on one timeline."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from findings.models import Finding
from people.models import User
from tests.browser.conftest import PHONE, Enter, Look
from tests.browser.walking import go, press
from tests.factories.cast import Cast, stand_up
from tests.factories.findings import Line

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return stand_up()


@pytest.fixture
def submitted(cast: Cast) -> Finding:
    return Line(cast).submitted(unit=cast.east)


def accept(enter: Enter, person: User, finding: Finding) -> Page:
    page = enter(person)
    page.goto(reverse("findings:detail", args=[finding.pk]))
    go(page, "验收")
    page.get_by_role("textbox").first.fill("现场查看，已整改到位。")
    press(page, "同意验收")
    expect(page.get_by_role("heading", level=1)).to_have_text(finding.title)
    return page


def test_a_finding_is_returned_mended_passed_on_accepted_by_two_and_closed(
    cast: Cast, submitted: Finding, enter: Enter, look: Look
) -> None:
    its_page = reverse("findings:detail", args=[submitted.pk])
    finder = enter(cast.clerk)
    finder.goto(its_page)
    expect(finder.get_by_role("link", name="审核整改报告")).to_have_count(0)

    reviewer = enter(cast.second_clerk)
    go(reviewer, "审核")
    if reviewer.get_by_role("link", name="审核整改报告").count():
        go(reviewer, "审核整改报告")
    look(reviewer, "05-review")
    reviewer.get_by_role("textbox").first.fill("请补充顶岗人员名单和制度文件。")
    press(reviewer, "退回并说明理由")

    head = enter(cast.east_head, **PHONE)
    expect(head.get_by_role("heading", level=1)).to_have_text("1 件事等您办理")
    head.goto(reverse("findings:rectify", args=[submitted.pk]))
    expect(head.get_by_text("请补充顶岗人员名单和制度文件。").first).to_be_visible()
    look(head, "05-report-returned")
    head.get_by_label("概述", exact=False).first.fill("窗口无人在岗属实，顶岗名单见附件。")
    press(head, "保存并去签字提交")
    press(head, "签字并提交整改报告", told="整改报告已签字提交")

    reviewer.goto(its_page)
    go(reviewer, "审核整改报告")
    reviewer.get_by_role("textbox").first.fill("材料齐全，措施到位。")
    press(reviewer, "审核通过并提请验收")

    finder.reload()
    expect(finder.locator(".notice-line")).to_be_visible()
    look(finder, "05-finder-may-not-accept")
    third = enter(cast.third_clerk)
    third.goto(reverse("findings:accept", args=[submitted.pk]))
    look(third, "05-accept")
    third.get_by_role("textbox").first.fill("现场查看，已整改到位。")
    press(third, "同意验收")
    fourth = accept(enter, cast.fourth_clerk, submitted)
    press(fourth, "销号")
    expect(fourth.locator(".standing")).to_contain_text("销号")
    look(fourth, "05-finding-closed")

    told = fourth.locator(".timeline").inner_text()
    for words in (
        "经办乙",
        "请补充顶岗人员名单和制度文件。",
        "东区负责人",
        "材料齐全，措施到位。",
        "经办丙",
        "经办丁",
        "销号",
    ):
        assert words in told
    submitted.refresh_from_db()
    assert submitted.state == Finding.State.CLOSED


def test_whoever_reviewed_is_told_when_the_page_has_moved_on(
    cast: Cast, submitted: Finding, enter: Enter, look: Look
) -> None:
    first, second = enter(cast.second_clerk), enter(cast.third_clerk)
    for page in (first, second):
        page.goto(reverse("findings:review", args=[submitted.pk]))
        page.get_by_role("textbox").first.fill("材料齐全。")
    press(first, "审核通过并提请验收")
    expect(first.get_by_role("heading", level=1)).to_have_text(submitted.title)

    press(second, "审核通过并提请验收")

    expect(second.locator(".error-summary")).to_be_visible()
    look(second, "05-review-late")
