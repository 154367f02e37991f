"""Step 2: a visit from the phone: filed, signed by two, sent back, signed anew, locked, printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from inspections.models import Campaign, Evidence, Visit
from people.models import Unit
from tests.browser.conftest import PHONE, Enter, Look
from tests.browser.walking import decide, go, pdf_text, pick, press
from tests.factories.cast import Cast, stand_up
from tests.factories.inspections import approved_campaign, filed_visit, recorded_visit, seen_playing

UPLOAD_MS = 60_000

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return stand_up()


def place(campaign: Campaign, unit: Unit) -> str:
    return f"{reverse('inspections:visit_new')}?campaign={campaign.pk}&unit={unit.pk}"


def write_arrival(page: Page) -> None:
    page.get_by_label("到达时间").fill("09:30")
    page.get_by_label("离开时间").fill("10:15")
    page.locator("#arrive").get_by_label("地点").fill("一楼大厅")
    page.get_by_label("科室（窗口）").fill("三号窗口")


def write_heads(page: Page, *, absent: str = "1") -> None:
    for label, number in (("应到", "12"), ("实到", "9"), ("请假", "1"), ("公出", "1"), ("缺岗", absent)):
        page.get_by_label(label).fill(number)


def block(page: Page, number: int) -> Locator:
    return page.locator("[data-formset-item]").nth(number - 1)


def sign(page: Page) -> None:
    page.goto("/")
    go(page, "签名")
    press(page, "以上属实，签名", told="已签名。")


def test_a_visit_with_ten_photos_is_filed_from_the_phone(
    cast: Cast, enter: Enter, look: Look, big_photos: list[Path]
) -> None:
    approved_campaign(cast)
    leader = enter(cast.team_leader, **PHONE)
    leader.get_by_role("link", name="到被查单位检查").click()
    leader.get_by_role("link", name=re.compile("填写检查记录.*东区行政审批局")).click()
    look(leader, "02-visit-new")
    write_arrival(leader)
    write_heads(leader)
    pick(leader, "[data-formset-item] >> nth=0", "yx", "游戏")
    look(leader, "02-visit-picked")
    one = block(leader, 1)
    one.get_by_label("事实经过").fill("三号窗口工作人员上班时间用电脑玩纸牌游戏，两名群众在窗口前等候。")
    one.get_by_label("时间", exact=True).fill("09:40")
    one.get_by_label("涉及人数").fill("1")
    one.get_by_label("涉及人员").fill("窗口工作人员")
    one.get_by_label("当场处置").fill("当场口头纠正")
    one.get_by_label("从相册或文件选").set_input_files(big_photos[:4])
    leader.get_by_role("button", name="再加一条").click()
    pick(leader, "[data-formset-item] >> nth=1", "tg", "脱岗")
    block(leader, 2).get_by_label("事实经过").fill("咨询台无人在岗，约二十分钟。")
    leader.locator("#photos").get_by_label("从相册或文件选").set_input_files(big_photos[4:])
    leader.get_by_label("单位签字情况").fill("值班负责人已签字")
    leader.get_by_role("button", name="完成记录").click(timeout=UPLOAD_MS)
    expect(leader.get_by_text("记录已完成")).to_be_visible(timeout=UPLOAD_MS)
    look(leader, "02-visit-recorded")
    expect(leader.get_by_role("heading", level=1)).to_have_text("东区行政审批局：发现2个问题")
    assert Evidence.objects.count() == len(big_photos)


def test_a_record_is_signed_by_two_sent_back_signed_anew_reviewed_and_locked(
    cast: Cast, enter: Enter, look: Look
) -> None:
    visit = recorded_visit(cast, seen_playing())
    inspector, second = enter(cast.inspector, **PHONE), enter(cast.second_inspector, **PHONE)
    sign(inspector)
    sign(second)
    leader = enter(cast.team_leader, **PHONE)
    leader.get_by_role("link", name="复核").first.click()
    look(leader, "02-visit-reviewing")
    decide(leader, "退回补正", "请写明群众等候的时间", told="已退回补正，原签名作废")

    inspector.goto(reverse("inspections:visit_detail", args=[visit.pk]))
    expect(inspector.get_by_text("请写明群众等候的时间").first).to_be_visible()
    inspector.get_by_role("link", name="继续填写").click()
    block(inspector, 1).get_by_label("事实经过").fill("三号窗口工作人员玩纸牌游戏，群众等候十五分钟。")
    inspector.get_by_role("button", name="完成记录").click()
    expect(inspector.get_by_text("记录已完成")).to_be_visible(timeout=30_000)
    sign(inspector)
    sign(second)
    leader.reload()
    leader.get_by_role("button", name="复核通过").click()
    expect(leader.get_by_text("已复核，转督查办归档。")).to_be_visible()

    clerk = enter(cast.clerk)
    clerk.get_by_role("link", name="归档").first.click()
    clerk.get_by_role("button", name="归档").click()
    expect(clerk.get_by_text("已归档。今后只能添加更正记录。")).to_be_visible()
    clerk.get_by_label("更正内容").fill("到达时间应为九时三十五分。")
    clerk.get_by_role("button", name="添加更正记录").click()
    expect(clerk.get_by_text("到达时间应为九时三十五分。").first).to_be_visible()
    look(clerk, "02-visit-locked")
    clerk.goto(reverse("inspections:visit_list"))
    look(clerk, "02-visits")
    clerk.get_by_role("link", name="东区行政审批局").click()
    assert "群众等候十五分钟" in pdf_text(clerk, "打开现场记录表（PDF）")


def test_a_double_click_and_the_back_button_file_one_visit(cast: Cast, enter: Enter) -> None:
    campaign = approved_campaign(cast)
    page = enter(cast.inspector, **PHONE)
    page.goto(place(campaign, cast.east_bureau))
    write_arrival(page)
    page.get_by_role("button", name="保存").last.dblclick()
    expect(page.get_by_text("已保存。可以继续填写")).to_be_visible()

    page.go_back()
    write_heads(page)
    page.get_by_role("button", name="保存").last.click()

    expect(page).to_have_url(re.compile("/edit/$"))
    assert Visit.objects.count() == 1


def test_a_result_without_a_problem_is_a_result(cast: Cast, enter: Enter, look: Look) -> None:
    campaign = approved_campaign(cast)
    page = enter(cast.inspector, **PHONE)
    page.goto(place(campaign, cast.east_bureau))
    write_arrival(page)
    block(page, 1).get_by_role("button", name="去掉这一条").click()
    page.get_by_label("未发现问题").check()
    page.get_by_label("单位签字情况").fill("值班负责人已签字")

    page.get_by_role("button", name="完成记录").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("东区行政审批局：未发现问题")
    look(page, "02-visit-no-problem")


def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(
    cast: Cast, enter: Enter, look: Look
) -> None:
    campaign = approved_campaign(cast)
    page = enter(cast.inspector, **PHONE)
    page.goto(place(campaign, cast.east_bureau))
    write_arrival(page)
    page.get_by_label("离开时间").fill("09:00")
    write_heads(page, absent="5")
    block(page, 1).get_by_label("事实经过").fill("窗口无人")

    page.get_by_role("button", name="完成记录").click()

    expect(page.locator(".error-summary")).to_contain_text("第1条还没有选择问题指标")
    expect(page.locator(".error-summary")).to_contain_text("离开时间09:00早于到达时间09:30")
    expect(page.locator(".error-summary")).to_contain_text("相差4")
    expect(block(page, 1).get_by_label("事实经过")).to_have_value("窗口无人")
    look(page, "02-visit-wrong")


def test_a_removed_block_stays_away_until_it_is_brought_back(cast: Cast, enter: Enter, look: Look) -> None:
    campaign = approved_campaign(cast)
    page = enter(cast.inspector, **PHONE)
    page.goto(place(campaign, cast.east_bureau))
    write_arrival(page)
    page.get_by_label("离开时间").fill("09:00")
    facts = block(page, 1).get_by_label("事实经过")
    facts.fill("三号窗口工作人员玩纸牌游戏。")
    block(page, 1).get_by_role("button", name="去掉这一条").click()
    expect(page.get_by_text("已去掉“三号窗口工作人员玩纸牌游戏。”")).to_be_visible()

    page.get_by_role("button", name="保存").last.click()

    expect(page.locator(".error-summary")).to_contain_text("早于到达时间")
    expect(facts).to_be_hidden()
    look(page, "02-visit-block-gone")
    page.get_by_role("button", name="恢复这一条").click()
    expect(facts).to_have_value("三号窗口工作人员玩纸牌游戏。")
    page.get_by_label("离开时间").fill("10:15")
    page.get_by_role("button", name="保存").last.click()
    expect(page.get_by_text("已保存。可以继续填写")).to_be_visible()
    assert Visit.objects.get().observations.get().facts == "三号窗口工作人员玩纸牌游戏。"


def test_a_block_added_by_hand_can_be_taken_away_again(cast: Cast, enter: Enter) -> None:
    campaign = approved_campaign(cast)
    page = enter(cast.inspector, **PHONE)
    page.goto(place(campaign, cast.east_bureau))
    page.get_by_role("button", name="再加一条").click()

    block(page, 2).get_by_role("button", name="去掉这一条").click()

    expect(block(page, 2)).to_be_hidden()
    expect(block(page, 1)).to_be_visible()


def test_the_list_of_indicators_opens_in_view(cast: Cast, enter: Enter) -> None:
    campaign = approved_campaign(cast)
    page = enter(cast.inspector, **PHONE)
    page.goto(place(campaign, cast.east_bureau))
    chosen = page.locator(".picker-chosen").first
    # Where a thumb finds it: just above the bar.
    chosen.evaluate("field => window.scrollTo(0, field.getBoundingClientRect().bottom + scrollY - 760)")

    chosen.click()

    bar = page.locator(".bottom-bar").bounding_box()
    search = page.get_by_role("searchbox").first.bounding_box()
    first = page.locator(".picker-choice").nth(2).bounding_box()
    assert bar and search and first
    assert search["y"] >= 0
    assert first["y"] + first["height"] <= bar["y"]


def test_photos_of_a_form_sent_back_need_not_be_chosen_again(
    cast: Cast, enter: Enter, look: Look, big_photos: list[Path]
) -> None:
    campaign = approved_campaign(cast)
    page = enter(cast.inspector, **PHONE)
    page.goto(place(campaign, cast.east_bureau))
    write_arrival(page)
    page.get_by_label("离开时间").fill("09:00")
    block(page, 1).get_by_label("事实经过").fill("窗口无人")
    block(page, 1).get_by_label("从相册或文件选").set_input_files(big_photos[:2])
    page.get_by_role("button", name="保存").last.click(timeout=UPLOAD_MS)
    expect(page.locator(".error-summary")).to_contain_text("已上传的照片都还在", timeout=UPLOAD_MS)
    look(page, "02-visit-held")
    page.get_by_label("离开时间").fill("10:15")

    page.get_by_role("button", name="保存").last.click(timeout=UPLOAD_MS)

    expect(page.get_by_text("已保存。可以继续填写")).to_be_visible(timeout=UPLOAD_MS)
    assert Evidence.objects.filter(observation=Visit.objects.get().observations.get()).count() == 2


def test_the_second_of_two_who_edit_is_told_and_nothing_is_overwritten(
    cast: Cast, enter: Enter, look: Look
) -> None:
    visit = filed_visit(cast, seen_playing())
    first, second = enter(cast.inspector, **PHONE), enter(cast.second_inspector, **PHONE)
    for page in (first, second):
        page.goto(reverse("inspections:visit_edit", args=[visit.pk]))
    first.locator("#arrive").get_by_label("地点").fill("二楼大厅")
    first.get_by_role("button", name="保存").last.click()
    expect(first.get_by_text("已保存。")).to_be_visible()

    second.locator("#arrive").get_by_label("地点").fill("三楼大厅")
    second.get_by_role("button", name="保存").last.click()

    conflict = second.locator(".conflict")
    expect(conflict).to_contain_text("检查员甲")
    expect(conflict).to_contain_text("二楼大厅")
    expect(conflict).to_contain_text("三楼大厅")
    visit.refresh_from_db()
    assert visit.place == "二楼大厅"
    look(second, "02-visit-conflict")


def test_one_signature_is_not_enough_to_pass_a_record_on(cast: Cast, enter: Enter) -> None:
    visit = recorded_visit(cast, seen_playing())
    page = enter(cast.team_leader, **PHONE)
    page.goto(reverse("inspections:visit_detail", args=[visit.pk]))

    page.get_by_role("button", name="以上属实，签名").click()

    expect(page.get_by_text("还差1人签名").first).to_be_visible()
    expect(page.get_by_role("button", name="复核通过")).to_have_count(0)
