"""Step 4: the head of a unit sees what waits, signs the receipt, names a liaison, reports and signs in person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from findings.models import Finding, Rectification
from findings.rules.outcome import FIGURES
from findings.rules.report import PARTS
from tests.browser.conftest import PHONE, Enter, Look
from tests.browser.walking import go, pdf_text, press
from tests.factories.cast import Cast, stand_up
from tests.factories.findings import Line, jpeg, notice_of

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return stand_up()


@pytest.fixture
def repaired(tmp_path: Path) -> Path:
    path = tmp_path / "整改后.jpg"
    path.write_bytes(jpeg())
    return path


def write_report(page: Page, *, but: str = "") -> None:
    for label in PARTS.values():
        if label != but:
            page.get_by_label(label, exact=False).first.fill("已按通知书要求办理，无遗留问题。")
    for label in FIGURES.values():
        page.get_by_label(label, exact=False).first.fill("0")


def test_the_head_receives_reports_and_signs(cast: Cast, enter: Enter, look: Look, repaired: Path) -> None:
    finding = Line(cast).assigned(unit=cast.east)
    head = enter(cast.east_head, **PHONE)
    expect(head.get_by_role("heading", level=1)).to_have_text(re.compile("^1 件事等您办理"))
    head.get_by_text("菜单").click()
    expect(head.locator(".phone-menu .count")).to_contain_text("1")
    head.get_by_text("菜单").click()
    go(head, "签收整改通知")
    look(head, "04-notice-unit")
    assert notice_of(finding).number in pdf_text(head, "打开 PDF")
    press(head, "签收整改通知", told="请按期整改并提交报告")

    go(head, "查看并办理这个问题")
    head.locator("summary", has_text="指定联络员").click()
    head.get_by_label("联络员").select_option(label="东区联络员")
    look(head, "04-finding-received")
    head.locator(".move-panel[open] button").click()
    expect(head.get_by_text("已指定联络员").first).to_be_visible()

    last = list(PARTS.values())[-1]
    liaison = enter(cast.east_liaison, **PHONE)
    liaison.goto(reverse("findings:rectify", args=[finding.pk]))
    write_report(liaison, but=last)
    liaison.get_by_role("checkbox").first.check()
    liaison.get_by_label(re.compile("选文件|从相册")).first.set_input_files(repaired)
    look(liaison, "04-report")
    press(liaison, "保存整改报告", told="整改报告已保存")

    head.goto(reverse("findings:rectification_sign", args=[finding.pk]))
    look(head, "04-report-lacking")
    expect(head.locator(".error-summary li")).to_have_text([last])
    expect(head.get_by_role("heading", level=1)).to_have_text("整改报告还缺 1 项")
    go(head, "继续写整改报告")
    head.get_by_label(last, exact=False).first.fill("无")
    press(head, "保存并去签字提交")
    look(head, "04-report-sign")
    press(head, "签字并提交整改报告", told="整改报告已签字提交")

    look(head, "04-finding-submitted")
    report = Rectification.objects.get()
    assert report.signed_by == cast.east_head
    assert report.files.count() == 1


def test_the_head_of_another_unit_finds_nothing(cast: Cast, enter: Enter, look: Look) -> None:
    finding = Line(cast).assigned(unit=cast.east)
    head = enter(cast.west_head, **PHONE)
    head.goto(reverse("findings:list"))
    expect(head.get_by_text("还没有问题。")).to_be_visible()
    look(head, "04-list-west")

    for address in (
        reverse("findings:detail", args=[finding.pk]),
        reverse("findings:notice_detail", args=[notice_of(finding).pk]),
        reverse("findings:rectify", args=[finding.pk]),
    ):
        answer = head.goto(address)
        assert answer is not None
        assert answer.status == 404


def test_a_second_click_signs_the_receipt_once(cast: Cast, enter: Enter) -> None:
    finding = Line(cast).assigned(unit=cast.east)
    head = enter(cast.east_head, **PHONE)
    head.goto(reverse("findings:notice_detail", args=[notice_of(finding).pk]))

    head.locator("main").get_by_role("button", name="签收整改通知").dblclick()

    expect(head.get_by_text("已由东区负责人于").first).to_be_visible()
    finding.refresh_from_db()
    assert finding.state == Finding.State.RECEIVED


def test_of_two_who_write_one_report_the_second_is_told(cast: Cast, enter: Enter, look: Look) -> None:
    finding = Line(cast).rectifying(unit=cast.east)
    first, second = enter(cast.east_head, **PHONE), enter(cast.east_head)
    for page in (first, second):
        page.goto(reverse("findings:rectify", args=[finding.pk]))
    first.get_by_label(next(iter(PARTS.values())), exact=False).first.fill("第一人写的概述。")
    press(first, "保存草稿", told="整改报告已保存")

    second.get_by_label(next(iter(PARTS.values())), exact=False).first.fill("第二人写的概述。")
    press(second, "保存草稿")

    expect(second.locator(".conflict")).to_contain_text("第一人写的概述。")
    expect(second.get_by_label(next(iter(PARTS.values())), exact=False).first).to_have_value(
        "第二人写的概述。"
    )
    look(second, "04-report-conflict")
    assert Rectification.objects.get().problem_summary == "第一人写的概述。"
