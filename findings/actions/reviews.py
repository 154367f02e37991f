from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from conduct import moves
from conduct.errors import NotFromHere, Refused
from findings.models import Finding, Rectification
from findings.moves import finding as finding_moves
from findings.moves import rectification as table
from findings.queries import parties
from people import access
from people.models import User
from people.roles import Permission

from . import occasions, supervisions, terms
from .rectifications import next_round


@transaction.atomic
def send_back(*, finding: Finding, by: User, at: datetime, reason: str) -> Rectification:
    """Return the report with reasons; the unit goes on from what it wrote. Returns the new round."""
    require_reviewer(finding=finding, by=by)
    moves.require_from(finding, finding_moves.SEND_BACK)
    terms.give_back(
        finding=finding,
        move=finding_moves.SEND_BACK,
        by=by,
        at=at,
        reason=reason,
        returns=F("returns") + 1,
    )
    finding.refresh_from_db(fields=["returns"])
    report = _judge(finding, table.RETURN, by, at, reason)
    occasions.returned(report, by=by, at=at)
    supervisions.draft_after_return(finding=finding, at=at)
    return next_round(rectification=report, by=by, at=at)


@transaction.atomic
def pass_on(*, finding: Finding, by: User, at: datetime, reason: str) -> Finding:
    """Find the report in order and ask for acceptance."""
    require_reviewer(finding=finding, by=by)
    moves.carry_out(finding, finding_moves.PASS_ON, by=by, at=at, reason=reason, reviewed_by=by)
    occasions.passed_on(_judge(finding, table.PASS, by, at, reason), by=by, at=at)
    return finding


def require_reviewer(*, finding: Finding, by: User) -> None:
    """Refuse who may not review the unit's report, and a report that is not there to review.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.RECTIFICATION_REVIEW, unit=finding.unit)
    if finding.state != Finding.State.SUBMITTED:
        raise NotFromHere(f"问题当前是“{finding.get_state_display()}”，没有等待审核的整改报告。")
    if objection := parties.objection_to_reviewer(finding=finding, person=by):
        raise Refused(objection)


def _judge(finding: Finding, move: moves.Move, by: User, at: datetime, reason: str) -> Rectification:
    row = finding.rectifications.order_by("round").last()
    if row is None:
        raise RuntimeError(f"finding {finding.pk} was submitted without a report")
    moves.carry_out(
        row, move, by=by, at=at, reason=reason, reviewed_by=by, reviewed_at=at, review_opinion=reason.strip()
    )
    return row
