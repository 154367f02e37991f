"""The life of an objection: DOMAIN §4.3."""

from __future__ import annotations

from conduct.moves import Move
from findings.models import Objection
from people.roles import Permission

S = Objection.State
BY_WHOM = "不是发现人，不是认定人，不是责任单位人员"

UPHOLD = Move(
    name="uphold_objection",
    sources=frozenset({S.FILED}),
    target=S.UPHELD,
    permission=Permission.OBJECTION_DECIDE,
    label="异议成立",
    needs_reason=True,
    second_person=BY_WHOM,
)
UPHOLD_PARTLY = Move(
    name="uphold_objection_partly",
    sources=frozenset({S.FILED}),
    target=S.PARTLY,
    permission=Permission.OBJECTION_DECIDE,
    label="异议部分成立",
    needs_reason=True,
    second_person=BY_WHOM,
)
REJECT = Move(
    name="reject_objection",
    sources=frozenset({S.FILED}),
    target=S.REJECTED,
    permission=Permission.OBJECTION_DECIDE,
    label="异议不成立",
    needs_reason=True,
    second_person=BY_WHOM,
    danger=True,
)
# The matter went to another unit, which objects for itself; whoever objected is rid of it.
LAPSE = Move(
    name="lapse_objection",
    sources=frozenset({S.FILED}),
    target=S.LAPSED,
    permission=Permission.NOTICE_ISSUE,
    label="异议因改派终止办理",
)

TABLE = (UPHOLD, UPHOLD_PARTLY, REJECT, LAPSE)
