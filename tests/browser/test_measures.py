"""What was decided about a person: recorded at a desk, read by the leader, corrected."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accountability.models import Measure
from tests.browser.conftest import PHONE, Enter, Look
from tests.browser.walking import decide, go, press
from tests.factories.cast import Cast, stand_up
from tests.factories.findings import Line
from tests.factories.measures import NAME, POST, kind

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    kind("P-ADMON")
    return stand_up()


def test_a_decision_is_tried_recorded_read_and_corrected(cast: Cast, enter: Enter, look: Look) -> None:
    finding = Line(cast).assigned()
    page = enter(cast.clerk)
    page.goto(reverse("findings:detail", args=[finding.pk]))
    expect(page.get_by_text("本系统只记录，不作决定").first).to_be_visible()
    look(page, "70-finding-register")
    go(page, "登记责任追究")
    page.get_by_label("岗位（职务）").fill(POST)
    page.get_by_label("身份").select_option("both")
    page.get_by_label("姓名").fill(NAME)
    page.get_by_label("追究领导责任（另行登记对领导的处理）").check()
    page.get_by_label("措施").select_option("Z-DEMERIT")
    page.get_by_label("决定机关").fill("安平市监委")
    page.get_by_label("决定日期").fill("2026-03-01")
    page.get_by_label("决定文号").fill("安监政〔2026〕5号")
    press(page, "先核对（算出影响期，不登记）")

    expect(page.get_by_text("影响期：2026年3月1日至2027年3月1日")).to_be_visible()
    expect(page.get_by_text("没有听取陈述申辩的记录")).to_be_visible()
    look(page, "71-measure-tried")
    press(page, "登记")
    look(page, "72-measure-cautioned")
    page.get_by_label("对提醒的说明").fill("陈述申辩材料在决定机关，已核对。")
    press(page, "登记", told="已登记“记过”")
    look(page, "73-measure")

    measure = Measure.objects.get()
    reader = enter(cast.leader, **PHONE)
    reader.goto(reverse("accountability:detail", args=[measure.pk]))
    expect(reader.get_by_text(NAME)).to_have_count(0)
    go(reader, "已加密保存，查看将留下记录")
    expect(reader.get_by_role("heading", name=NAME)).to_be_visible()
    look(reader, "74-measure-name")

    go(page, "更正登记")
    page.get_by_label("更正理由").fill("措施选错，应为政务警告。")
    page.get_by_label("措施").select_option("Z-WARN")
    look(page, "75-measure-correction")
    press(page, "更正登记", told="已登记“政务警告”")
    page.goto(reverse("findings:detail", args=[finding.pk]))
    expect(page.get_by_text("已撤销登记").first).to_be_visible()
    look(page, "76-finding-register-corrected")
    page.goto(reverse("accountability:list"))
    look(page, "77-register")
    page.goto(reverse("accountability:catalogue"))
    look(page, "78-catalogue")
    page.goto(reverse("reports:home"))
    expect(page.get_by_text("登记对领导的处理").first).to_be_visible()
    go(page, "登记对领导的处理")
    go(page, "政务警告")
    decide(page, "撤销登记", "决定机关已撤销该决定。", told="已撤销这条登记")
