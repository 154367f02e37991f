"""The life of a visit, from planned to locked (DOMAIN §4.2)."""

from __future__ import annotations

from conduct.moves import Move
from inspections.models import Visit
from people.roles import Permission

S = Visit.State

DEPART = Move("depart", frozenset({S.PLANNED}), S.DEPARTED, Permission.VISIT_FILE, "出发")
ARRIVE = Move("arrive", frozenset({S.DEPARTED}), S.ON_SITE, Permission.VISIT_FILE, "到达现场")
RECORD = Move("record", frozenset({S.ON_SITE}), S.RECORDED, Permission.VISIT_FILE, "完成记录")
REVIEW = Move(
    "review",
    frozenset({S.RECORDED}),
    S.REVIEWED,
    Permission.VISIT_REVIEW,
    "复核通过",
    second_person="两名以上检查人员签名后由本组组长复核",
)
SEND_BACK = Move(
    "send_back",
    frozenset({S.RECORDED}),
    S.ON_SITE,
    Permission.VISIT_REVIEW,
    "退回补正",
    needs_reason=True,
    danger=True,
)
LOCK = Move("lock", frozenset({S.REVIEWED}), S.LOCKED, Permission.VISIT_LOCK, "归档")
ABORT = Move(
    "abort",
    frozenset({S.PLANNED, S.DEPARTED, S.ON_SITE}),
    S.ABORTED,
    Permission.VISIT_FILE,
    "中止检查",
    needs_reason=True,
    danger=True,
)

TABLE = (DEPART, ARRIVE, RECORD, REVIEW, SEND_BACK, LOCK, ABORT)
