"""Whom campaigns tell what: of open ones only. A covert plan tells nobody anything before it begins."""

from __future__ import annotations

from datetime import datetime

from conduct import clock, messages
from inspections.models import Campaign, Method
from people.models import User
from people.queries import addressees
from people.roles import Role

APPROVAL = messages.declare("inspections.approval", "检查方案待批准")


def submitted(campaign: Campaign, *, by: User, at: datetime) -> None:
    """A plan waits for its approver, or for whoever of the leaders takes it up."""
    if campaign.method != Method.OPEN:
        return
    leaders = addressees.office_of(campaign.office, day=clock.day_of(at), role=Role.OFFICE_LEADER)
    messages.tell(
        APPROVAL,
        to=[campaign.approver_id] if campaign.approver_id else set(leaders) - {campaign.author_id},
        matter=campaign,
        step=f"submitted:{campaign.version}",
        words="有一份检查方案报批，请审阅后批准或退回。",
        unit=campaign.office.name,
        url_name="inspections:campaign_detail",
        url_args=[campaign.pk],
        by=by,
        at=at,
    )
