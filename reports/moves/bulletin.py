"""The life of a bulletin, from draft to the signed and numbered paper."""

from __future__ import annotations

from conduct.moves import Move
from people.roles import Permission
from reports.models import Bulletin

S = Bulletin.State
UNSIGNED = frozenset({S.DRAFT, S.RETURNED})

SUBMIT = Move(
    name="submit",
    sources=UNSIGNED,
    target=S.SUBMITTED,
    permission=Permission.BULLETIN_DRAFT,
    label="送领导审签",
)
SEND_BACK = Move(
    name="send_back",
    sources=frozenset({S.SUBMITTED}),
    target=S.RETURNED,
    permission=Permission.BULLETIN_APPROVE,
    label="退回修改",
    needs_reason=True,
    danger=True,
)
SIGN = Move(
    name="sign",
    sources=frozenset({S.SUBMITTED}),
    target=S.ISSUED,
    permission=Permission.BULLETIN_APPROVE,
    label="签发并编号",
    second_person="不是拟稿人",
)

TABLE = (SUBMIT, SEND_BACK, SIGN)
BY_NAME = {move.name: move for move in TABLE}
