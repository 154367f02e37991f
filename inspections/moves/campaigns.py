"""The life of a campaign, from draft to closed (DOMAIN §4.1)."""

from __future__ import annotations

from conduct.moves import Move
from inspections.models import Campaign
from people.roles import Permission

S = Campaign.State

SUBMIT = Move("submit", frozenset({S.DRAFT, S.RETURNED}), S.SUBMITTED, Permission.CAMPAIGN_PLAN, "提交报批")
APPROVE = Move(
    "approve",
    frozenset({S.SUBMITTED}),
    S.APPROVED,
    Permission.CAMPAIGN_APPROVE,
    "批准方案",
    second_person="批准人不是拟稿人",
)
SEND_BACK = Move(
    "send_back",
    frozenset({S.SUBMITTED}),
    S.RETURNED,
    Permission.CAMPAIGN_APPROVE,
    "退回方案",
    needs_reason=True,
    second_person="批准人不是拟稿人",
    danger=True,
)
# Not a button: the first visit that leaves starts its campaign.
START = Move("start", frozenset({S.APPROVED}), S.ACTIVE, Permission.VISIT_FILE, "开始实施")
REPORT = Move("report", frozenset({S.ACTIVE}), S.REPORTING, Permission.CAMPAIGN_PLAN, "转入汇总")
CLOSE = Move(
    "close", frozenset({S.REPORTING}), S.CLOSED, Permission.CAMPAIGN_PLAN, "结束批次", needs_reason=True
)
DISCARD = Move(
    "discard",
    frozenset({S.DRAFT, S.RETURNED}),
    S.CANCELLED,
    Permission.CAMPAIGN_PLAN,
    "作废草稿",
    needs_reason=True,
    danger=True,
)
CANCEL = Move(
    "cancel",
    frozenset({S.SUBMITTED, S.APPROVED, S.ACTIVE}),
    S.CANCELLED,
    Permission.CAMPAIGN_APPROVE,
    "取消批次",
    needs_reason=True,
    danger=True,
)

TABLE = (SUBMIT, APPROVE, SEND_BACK, START, REPORT, CLOSE, DISCARD, CANCEL)
