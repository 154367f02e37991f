from __future__ import annotations

from datetime import datetime

from django.db import transaction

from conduct import moves
from conduct.errors import NotFromHere, Refused
from findings.models import Finding
from findings.queries import parties
from people import access
from people.models import User
from people.roles import Permission

APPOINTABLE = (Finding.State.RECEIVED, Finding.State.RECTIFYING)


@transaction.atomic
def appoint(*, finding: Finding, liaison: User, by: User, at: datetime) -> Finding:
    """The head names who drafts the report on this finding; naming another one replaces the first."""
    access.require(by, Permission.RECTIFICATION_SIGN, unit=finding.unit)
    if finding.state not in APPOINTABLE:
        raise NotFromHere(
            f"问题当前是“{finding.get_state_display()}”，签收之后、提交报告之前才能指定联络员。"
        )
    if liaison not in parties.liaisons_for(finding):
        raise Refused(f"{liaison.name}不是本单位的联络员。请选择本单位已登记的联络员，或联系安全管理员登记。")
    moves.revise(
        finding,
        expected=finding.version,
        by=by,
        at=at,
        verb="appoint_liaison",
        label=f"指定联络员：{liaison.name}",
        liaison=liaison,
    )
    return finding
