"""Whom a plan tells that it waits: of an open one its approver, of a covert one nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from conduct.messages import delivering
from conduct.models import Delivery, Message, MessageSettings
from inspections.actions import campaigns
from tests.factories.cast import AT, Cast
from tests.factories.inspections import covert_campaign, submitted_campaign

pytestmark = pytest.mark.django_db


def test_the_approver_is_told_of_a_plan_that_waits(cast: Cast) -> None:
    campaign = submitted_campaign(cast)

    row = Message.objects.get()
    assert row.recipient == cast.leader.pk
    assert row.path == f"/inspections/campaigns/{campaign.pk}/"
    assert campaign.title not in f"{row.words}{row.unit}"


def test_a_plan_sent_up_again_is_told_again(cast: Cast) -> None:
    campaign = submitted_campaign(cast)
    campaigns.send_back(campaign=campaign, by=cast.leader, at=AT, reason="请补充对象。")
    campaigns.submit(campaign=campaign, by=cast.clerk, at=AT)

    assert Message.objects.filter(recipient=cast.leader.pk).count() == 2


def test_of_a_covert_plan_nobody_is_told_anything(cast: Cast, settings: Any) -> None:
    settings.MESSAGE_MAIL = True
    MessageSettings.objects.create(person=cast.leader.pk, mail_address="a@example.gov.cn", is_mail_on=True)
    covert_campaign(cast)
    delivering.work_off(now=lambda: AT)

    assert not Message.objects.exists()
    assert not Delivery.objects.exists()
    assert mail.outbox == []
