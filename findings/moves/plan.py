"""The life of a plan: DOMAIN §4.4."""

from __future__ import annotations

from conduct.moves import Move
from findings.models import RectificationPlan
from people.roles import Permission

S = RectificationPlan.State

HAND_IN = Move(
    name="hand_in_plan",
    sources=frozenset(RectificationPlan.OWED),
    target=S.SUBMITTED,
    permission=Permission.RECTIFICATION_SIGN,
    label="提交整改方案",
)
APPROVE = Move(
    name="approve_plan",
    sources=frozenset({S.SUBMITTED}),
    target=S.APPROVED,
    permission=Permission.RECTIFICATION_REVIEW,
    label="同意整改方案",
    needs_reason=True,
    second_person="不是发现人，不是责任单位人员",
)
RETURN = Move(
    name="return_plan",
    sources=frozenset({S.SUBMITTED}),
    target=S.RETURNED,
    permission=Permission.RECTIFICATION_REVIEW,
    label="退回整改方案",
    needs_reason=True,
    second_person="不是发现人，不是责任单位人员",
    danger=True,
)

TABLE = (HAND_IN, APPROVE, RETURN)
