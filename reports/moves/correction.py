"""The life of a correction: on the office's list until it is signed."""

from __future__ import annotations

from conduct.moves import Move
from people.roles import Permission
from reports.models import Correction

S = Correction.State

SIGN = Move(
    name="sign_correction",
    sources=frozenset({S.OPEN}),
    target=S.ISSUED,
    permission=Permission.BULLETIN_APPROVE,
    label="签发更正通知",
    second_person="不是修改文稿的人",
)
HOLD = Move(
    name="hold_correction",
    sources=frozenset({S.OPEN}),
    target=S.HELD,
    permission=Permission.BULLETIN_APPROVE,
    label="暂缓更正",
    needs_reason=True,
    second_person="不是发现人，不是认定人",
    danger=True,
)
RESUME = Move(
    name="resume_correction",
    sources=frozenset({S.HELD}),
    target=S.OPEN,
    permission=Permission.BULLETIN_APPROVE,
    label="恢复办理",
)

TABLE = (SIGN, HOLD, RESUME)
