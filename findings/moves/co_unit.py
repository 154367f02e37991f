"""The life of a co-unit's part in a matter."""

from __future__ import annotations

from conduct.moves import Move
from findings.models import CoUnit
from people.roles import Permission

S = CoUnit.State

ANSWER = Move(
    name="answer_part",
    sources=frozenset({S.OPEN}),
    target=S.ANSWERED,
    permission=Permission.RECTIFICATION_SIGN,
    label="提交协办答复",
)
RETURN = Move(
    name="return_part",
    sources=frozenset({S.ANSWERED}),
    target=S.OPEN,
    permission=Permission.RECTIFICATION_REVIEW,
    label="退回协办答复",
    needs_reason=True,
    danger=True,
)
RELEASE = Move(
    name="release_part",
    sources=frozenset({S.OPEN}),
    target=S.RELEASED,
    permission=Permission.NOTICE_ISSUE,
    label="不再要求协办",
    needs_reason=True,
    danger=True,
)

TABLE = (ANSWER, RETURN, RELEASE)
