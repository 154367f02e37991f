"""Step 1: a campaign is planned, sent back, approved; a covert one stays hidden until a team sets out."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from inspections.actions import standards
from inspections.models import Campaign
from tests.browser.conftest import PHONE, Enter, Look
from tests.browser.walking import open_panel
from tests.factories.cast import Cast, stand_up
from tests.factories.inspections import covert_campaign

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    standards.load_shipped()
    cast = stand_up()
    cast.east_bureau.initials = "dqxzspj dqspj"
    cast.east_bureau.save()
    return cast


def write_plan(page: Page) -> None:
    """Everything a plan needs but the scope."""
    page.get_by_label("批次名称").fill("春季窗口服务检查")
    page.get_by_label("开始日期").fill("2026-03-02")
    page.get_by_label("结束日期").fill("2026-03-13")
    page.get_by_label("检查内容").fill("工作纪律、窗口服务和承诺兑现情况")
    page.get_by_label("检查对象").fill("市直部门和县区窗口单位")
    page.get_by_label("带队负责人").select_option(label="组长甲")
    page.get_by_label("批准人").select_option(label="分管领导甲")
    team = page.get_by_role("group").filter(has=page.get_by_role("heading", name="检查组 1"))
    for name in ("组长甲", "检查员甲", "检查员乙"):
        team.get_by_label(name, exact=True).check()
    team.get_by_role("combobox").select_option(label="组长甲")


def choose_unit(page: Page, words: str, name: str) -> None:
    page.get_by_label("查找单位").press_sequentially(words)
    page.get_by_label(name).check()


def test_a_plan_is_sent_back_corrected_and_approved(cast: Cast, enter: Enter, look: Look) -> None:
    clerk = enter(cast.clerk)
    look(clerk, "01-home-clerk-empty")
    clerk.get_by_role("link", name="检查批次").first.click()
    look(clerk, "01-campaigns-empty")
    clerk.get_by_role("link", name="拟定检查方案").first.click()
    look(clerk, "01-plan-new")
    write_plan(clerk)
    choose_unit(clerk, "dqspj", "东区行政审批局")
    clerk.get_by_role("button", name="保存并提交报批").click()
    expect(clerk.get_by_text("检查范围").first).to_be_visible()
    look(clerk, "01-plan-lacking")
    clerk.get_by_label("检查范围").fill("东区各窗口")
    clerk.get_by_role("button", name="保存并提交报批").click()
    expect(clerk.get_by_text("已提交报批。")).to_be_visible()
    look(clerk, "01-plan-submitted")

    leader = enter(cast.leader)
    leader.get_by_role("link", name="批准").first.click()
    open_panel(leader, "退回方案", "请写明检查哪些窗口")
    look(leader, "01-plan-approving")
    leader.locator(".move-panel[open] button").click()
    expect(leader.get_by_text("已退回拟稿人修改。")).to_be_visible()

    clerk.goto("/")
    clerk.get_by_role("main").get_by_role("link", name="修改").first.click()
    expect(clerk.get_by_text("请写明检查哪些窗口").first).to_be_visible()
    look(clerk, "01-plan-returned")
    clerk.get_by_role("link", name="修改方案").click()
    clerk.get_by_label("检查范围").fill("东区行政审批局一楼全部窗口")
    clerk.get_by_role("button", name="保存并提交报批").click()
    expect(clerk.get_by_text("已提交报批。")).to_be_visible()

    leader.reload()
    leader.get_by_role("button", name="批准方案").click()
    expect(leader.get_by_text("已批准，检查组可以出发。")).to_be_visible()
    look(leader, "01-plan-approved")
    assert Campaign.objects.get().state == Campaign.State.APPROVED


def test_a_second_team_is_added_and_its_units_told(cast: Cast, enter: Enter) -> None:
    clerk = enter(cast.clerk)
    clerk.goto(reverse("inspections:campaign_new"))
    write_plan(clerk)
    clerk.get_by_label("检查范围").fill("全市")
    clerk.get_by_role("button", name="再加一组").click()
    team = clerk.get_by_role("group").filter(has=clerk.get_by_role("heading", name="检查组 2"))
    team.get_by_label("组名").fill("第二组")
    for name in ("检查员丙", "组长甲"):
        team.get_by_label(name, exact=True).check()
    team.get_by_role("combobox").select_option(label="检查员丙")
    choose_unit(clerk, "西区", "西区")

    clerk.get_by_role("button", name="保存草稿").last.click()

    expect(clerk.get_by_role("heading", name="检查组（2）")).to_be_visible()


def test_a_team_taken_out_stays_out_and_one_added_can_be_taken_out(
    cast: Cast, enter: Enter, look: Look
) -> None:
    clerk = enter(cast.clerk)
    clerk.goto(reverse("inspections:campaign_new"))
    write_plan(clerk)
    clerk.get_by_label("批次名称").fill("")
    clerk.get_by_role("button", name="再加一组").click()
    team = clerk.locator("[data-formset-item]").nth(1)
    team.get_by_label("组名").fill("第二组")

    team.get_by_role("button", name="去掉这一组").click()
    clerk.get_by_role("button", name="保存草稿").last.click()

    expect(clerk.locator(".error-summary")).to_contain_text("请填写批次名称")
    expect(clerk.locator(".error-summary")).not_to_contain_text("请勾选本组检查人员")
    expect(team.get_by_label("组名")).to_be_hidden()
    expect(team.get_by_role("button", name="恢复这一组")).to_be_visible()
    look(clerk, "01-plan-team-gone")


def test_inspectors_to_choose_from_stand_side_by_side(cast: Cast, enter: Enter) -> None:
    clerk = enter(cast.clerk)

    clerk.goto(reverse("inspections:campaign_new"))

    boxes = [box.bounding_box() for box in clerk.locator("[name=teams-0-members]").all()]
    assert len(boxes) > 3
    assert len({box["y"] for box in boxes if box}) == 1


def test_a_covert_plan_is_unknown_to_others_until_the_team_sets_out(
    cast: Cast, enter: Enter, look: Look
) -> None:
    campaign = covert_campaign(cast)
    its_page = reverse("inspections:campaign_detail", args=[campaign.pk])
    outsider = enter(cast.outside_inspector, **PHONE)
    colleague = enter(cast.second_clerk)
    member = enter(cast.inspector, **PHONE)
    for page in (outsider, colleague, member):
        page.goto(reverse("inspections:campaign_list"))
        expect(page.get_by_text("节后暗访")).to_have_count(0)
        answer = page.goto(its_page)
        assert answer is not None
        assert answer.status == 404
    look(member, "01-not-found")

    head = enter(cast.team_leader, **PHONE)
    look(head, "01-home-team-leader")
    head.goto(its_page)
    look(head, "01-covert-leader")
    head.get_by_role("button", name=re.compile("登记出发.*东区行政审批局")).click()
    expect(head.get_by_text("已登记出发")).to_be_visible()

    member.goto(reverse("inspections:campaign_list"))
    member.get_by_role("link", name="节后暗访").click()
    expect(member.get_by_text("东区行政审批局").first).to_be_visible()
    look(member, "01-covert-member")
    colleague.reload()
    expect(colleague.get_by_text("西区").first).to_have_count(0)
