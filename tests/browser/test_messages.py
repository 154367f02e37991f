"""Messages as their reader finds them: the number in the top bar, the inbox, the settings, and what did not arrive."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from conduct import messages
from conduct.audit import SystemActor
from conduct.models import ChannelStanding, Delivery, Message
from findings.actions import occasions
from tests.browser.conftest import Enter, Look
from tests.factories.cast import AT, Cast, stand_up
from tests.factories.findings import Line, notice_of, routes, standards

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def cast(transactional_db: None, settings: Any) -> Cast:
    settings.MESSAGE_MAIL = True
    settings.WECOM_ROBOT_URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
    standards(), routes()
    return stand_up()


def test_a_head_is_told_opens_it_and_goes_on(cast: Cast, enter: Enter, look: Look) -> None:
    finding = Line(cast).assigned()
    page = enter(cast.east_head)
    page.clock.install()
    page.goto("/")
    expect(page.locator("#inbox-count .count")).to_have_text("1 条未读")
    _tell_more(cast)
    page.clock.run_for(61_000)
    expect(page.locator("#inbox-count .count")).to_have_text("6 条未读")

    page.locator("#inbox-count").click()
    look(page, "12-messages")
    page.get_by_role("link", name="安督整").first.click()
    look(page, "12-message")
    page.get_by_role("link", name="去办理").click()

    expect(page).to_have_url(f"{page.url.split('/findings')[0]}/findings/notices/{notice_of(finding).pk}/")
    page.goto("/messages/")
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.locator("#inbox-count .count")).to_have_count(0)
    page.goto("/messages/settings/")
    look(page, "12-message-settings")


def test_the_system_administrator_sees_what_did_not_arrive(cast: Cast, enter: Enter, look: Look) -> None:
    Line(cast).assigned()
    row = Message.objects.get(recipient=cast.east_head.pk)
    given = {"recipient": row.recipient, "kind": row.kind, "created_at": AT, "ready_at": AT}
    Delivery.objects.create(
        **given,
        channel="mail",
        message=row,
        given_up_at=AT,
        tries=1,
        problem="邮件服务器拒收这个收件地址（550）",
    )
    ChannelStanding.objects.create(
        channel="wecom", failing_since=AT, tries=3, next_at=AT, problem="企业微信暂时不能接收（503）"
    )
    page = enter(cast.system_admin)
    page.goto("/deliveries/")
    look(page, "12-deliveries")

    page.get_by_role("button", name="重新投递").click()

    expect(page.get_by_text("已重新排队投递")).to_be_visible()
    expect(page.get_by_role("heading", name="没有未送到的消息")).to_be_visible()


def _tell_more(cast: Cast) -> None:
    with transaction.atomic():
        for number in range(5):
            messages.tell(
                occasions.REMINDER,
                to=[cast.east_head.pk],
                matter="tests.more",
                step=str(number),
                words="有 1 份整改通知书待签收、12 个问题整改逾期、3 个问题整改临期，请及时办理。",
                unit="东区行政审批和政务信息管理服务局",
                due_on=AT.date(),
                is_estimate=number == 2,
                lines="逾期　东区　安督整〔2026〕1号　2026年3月2日（今天到期）\n" * 4,
                url_name="findings:list",
                by=SystemActor(),
                at=AT,
            )
