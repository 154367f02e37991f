"""The life of a unit's request to be rid of a matter that is not its own: DOMAIN §2.2 item 4."""

from __future__ import annotations

from conduct.moves import Move
from findings.models import TransferRequest
from people.roles import Permission

S = TransferRequest.State

GRANT = Move(
    name="grant_transfer",
    sources=frozenset({S.ASKED}),
    target=S.HANDED_ON,
    permission=Permission.NOTICE_ISSUE,
    label="同意并改派",
    needs_reason=True,
    second_person="不是责任单位人员",
)
DECLINE = Move(
    name="decline_transfer",
    sources=frozenset({S.ASKED}),
    target=S.DECLINED,
    permission=Permission.NOTICE_ISSUE,
    label="不同意改派",
    needs_reason=True,
    second_person="不是责任单位人员",
    danger=True,
)
WITHDRAW = Move(
    name="withdraw_transfer",
    sources=frozenset({S.ASKED}),
    target=S.WITHDRAWN,
    permission=Permission.NOTICE_RECEIVE,
    label="撤回申请",
)

TABLE = (GRANT, DECLINE, WITHDRAW)
