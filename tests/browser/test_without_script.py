"""Everything works without JavaScript: a visit is filed, a notice issued."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from findings.models import Notice
from inspections.models import Visit
from tests.browser.conftest import DESK, PHONE, Enter
from tests.browser.walking import press
from tests.factories.cast import Cast, stand_up
from tests.factories.findings import Line
from tests.factories.inspections import approved_campaign

pytestmark = pytest.mark.usefixtures("monday")
PLAIN: dict[str, Any] = {"java_script_enabled": False}


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return stand_up()


def test_a_visit_with_two_things_seen_is_filed(cast: Cast, enter: Enter) -> None:
    campaign = approved_campaign(cast)
    page = enter(cast.inspector, **PHONE, **PLAIN)
    page.goto(f"{reverse('inspections:visit_new')}?campaign={campaign.pk}&unit={cast.east_bureau.pk}")
    page.get_by_label("到达时间").fill("09:30")
    page.get_by_label("离开时间").fill("10:15")
    page.locator("#arrive").get_by_label("地点").fill("一楼大厅")
    page.get_by_label("单位签字情况").fill("值班负责人已签字")
    page.locator("select[name=seen-0-category]").select_option("D1-03")
    page.locator("[name=seen-0-facts]").fill("三号窗口工作人员上班时间玩纸牌游戏。")
    page.get_by_role("button", name="再加一条").click()
    page.locator("select[name=seen-1-category]").select_option("D1-01")
    page.locator("[name=seen-1-facts]").fill("咨询台无人在岗。")

    press(page, "完成记录", told="记录已完成")

    assert Visit.objects.get().observations.count() == 2


def test_a_notice_is_issued(cast: Cast, enter: Enter) -> None:
    finding = Line(cast).confirmed(unit=cast.east)
    page = enter(cast.clerk, **DESK, **PLAIN)
    page.goto(reverse("findings:detail", args=[finding.pk]))
    page.get_by_role("link", name="发出整改通知书").click()
    page.get_by_label("限期整改").check()
    page.get_by_label("整改要求").fill("落实顶岗制度，窗口不得空岗。")

    press(page, "发出整改通知书")

    expect(page.get_by_text("等待单位签收").first).to_be_visible()
    assert Notice.objects.get().number == "安督整〔2026〕1号"
