"""The life of a step of the ladder that needs a signature: DOMAIN §2.6, §4.4."""

from __future__ import annotations

from conduct.moves import Move
from findings.models import Supervision
from people.roles import Permission

S = Supervision.State

SIGN = Move(
    name="sign_supervision",
    sources=frozenset(Supervision.WAITING),
    target=S.SIGNED,
    permission=Permission.SUPERVISION_SIGN,
    label="签发督办文书",
    second_person="不是责任单位人员",
)
HOLD = Move(
    name="hold_supervision",
    sources=frozenset({S.DRAFTED}),
    target=S.HELD,
    permission=Permission.SUPERVISION_SIGN,
    label="暂缓签发",
    needs_reason=True,
    second_person="不是责任单位人员",
    danger=True,
)
# Made by the house itself, when the term moves on or what was asked for has come in.
MOOT = Move(
    name="moot_supervision",
    sources=frozenset(Supervision.WAITING),
    target=S.MOOT,
    permission=Permission.SUPERVISION_SIGN,
    label="不再需要",
    needs_reason=True,
)
RECORD = Move(
    name="record_talk",
    sources=frozenset({S.SIGNED}),
    target=S.RECORDED,
    permission=Permission.NOTICE_ISSUE,
    label="登记约谈记录",
    second_person="不是责任单位人员",
)

TABLE = (SIGN, HOLD, MOOT, RECORD)
