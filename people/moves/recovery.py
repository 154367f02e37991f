"""The life of a wish to unbind a lost authenticator."""

from __future__ import annotations

from conduct.moves import Move
from people.models import Recovery
from people.roles import Permission

S = Recovery.State
TWO = "申请人、本人"

CONFIRM = Move(
    "confirm_recovery",
    frozenset({S.ASKED}),
    S.CONFIRMED,
    Permission.RECOVERY_DECIDE,
    "确认解绑",
    second_person=TWO,
)
REFUSE = Move(
    "refuse_recovery",
    frozenset({S.ASKED}),
    S.REFUSED,
    Permission.RECOVERY_DECIDE,
    "不同意解绑",
    needs_reason=True,
    second_person=TWO,
    danger=True,
)
TABLE = (CONFIRM, REFUSE)
