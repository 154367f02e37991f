"""The life of one report of a unit: DOMAIN §4.4."""

from __future__ import annotations

from conduct.moves import Move
from findings.models import Rectification
from people.roles import Permission

S = Rectification.State

SIGN = Move(
    name="sign_report",
    sources=frozenset({S.DRAFT}),
    target=S.SUBMITTED,
    permission=Permission.RECTIFICATION_SIGN,
    label="签字提交整改报告",
)
RETURN = Move(
    name="return_report",
    sources=frozenset({S.SUBMITTED}),
    target=S.RETURNED,
    permission=Permission.RECTIFICATION_REVIEW,
    label="退回整改报告",
    needs_reason=True,
    danger=True,
)
PASS = Move(
    name="pass_report",
    sources=frozenset({S.SUBMITTED}),
    target=S.PASSED,
    permission=Permission.RECTIFICATION_REVIEW,
    label="审核通过整改报告",
    needs_reason=True,
)
LAY_ASIDE = Move(
    name="lay_aside_report",
    sources=frozenset({S.DRAFT}),
    target=S.LAID_ASIDE,
    permission=Permission.NOTICE_ISSUE,
    label="改派，原单位的整改报告草稿搁置",
)

TABLE = (SIGN, RETURN, PASS, LAY_ASIDE)
