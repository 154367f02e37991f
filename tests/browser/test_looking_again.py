"""Accepted on the spot with photos side by side, looked at again unannounced, and back: each page, at both sizes."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from findings.models import Finding, Route
from tests.browser.conftest import Enter, Look
from tests.browser.walking import decide, go, press
from tests.factories.cast import Cast, stand_up
from tests.factories.findings import Line, add_evidence
from tests.factories.revisits import looked_again, scheduled

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return stand_up()


def test_a_pair_of_photos_is_put_side_by_side_on_the_spot(cast: Cast, enter: Enter, look: Look) -> None:
    finding = Line(cast).awaiting(unit=cast.east)
    add_evidence(cast, finding.observations.get())
    Route.objects.update(on_site=True)
    page = enter(cast.third_clerk)
    page.goto(reverse("findings:accept", args=[finding.pk]))
    look(page, "07-accept")

    page.get_by_label("验收意见").fill("到现场看过，三号窗口有人值守。")
    page.get_by_label("现场查看日期").fill("2026-03-02")
    page.get_by_label("检查时", exact=True).first.select_option(index=1)
    page.get_by_label("整改后（报告所附）").first.select_option(index=1)
    press(page, "同意验收", told="已同意验收")

    expect(page.locator(".photo-pair img")).to_have_count(2)
    look(page, "07-pair")


def test_what_came_back_at_the_second_look_is_put_right_again(cast: Cast, enter: Enter, look: Look) -> None:
    first = Line(cast).closed(unit=cast.east)
    keeper = enter(cast.third_clerk)
    keeper.goto(reverse("findings:revisit", args=[scheduled(first).pk]))
    look(keeper, "07-revisit-kept")
    keeper.locator("summary").filter(has_text=re.compile("^安排回头看$")).click()
    look(keeper, "07-revisit-arranging")
    row = looked_again(cast, first)
    judge = enter(cast.second_clerk)
    judge.goto(reverse("findings:revisit", args=[row.pk]))
    look(judge, "07-revisit")

    decide(judge, "认定问题反弹并重新整改", "窗口又无人值守。", told="已认定问题反弹")

    judge.goto(reverse("findings:detail", args=[first.pk]))
    expect(judge.locator("main")).to_contain_text("反弹，第 2 次整改")
    look(judge, "07-relapsed")
    assert Finding.objects.get(pk=first.pk).factor == 2


def test_the_leader_marks_a_lead(cast: Cast, enter: Enter, look: Look) -> None:
    finding = Line(cast).verifying(unit=cast.east)
    page = enter(cast.leader)
    page.goto(reverse("findings:detail", args=[finding.pk]))
    go(page, "问题线索")
    look(page, "07-lead")
    page.get_by_label("疑点和依据").fill("有两名办事人反映。")
    press(page, "标记为问题线索", told="已标记为问题线索")
    go(page, "全部问题线索")
    look(page, "07-leads")
    clerk = enter(cast.clerk)
    clerk.goto(reverse("findings:routes"))
    look(clerk, "07-routes")
