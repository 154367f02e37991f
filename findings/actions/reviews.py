from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from conduct import moves
from conduct.errors import Refused
from findings.models import Finding, Rectification
from findings.moves import finding as finding_moves
from findings.moves import rectification as table
from findings.queries import parties
from findings.rules import parting
from people import access
from people.models import User
from people.roles import Permission

from .rectifications import next_round


@transaction.atomic
def send_back(*, finding: Finding, by: User, at: datetime, reason: str) -> Rectification:
    """Return the report with reasons; the unit goes on from what it wrote. Returns the new round."""
    _require_reviewer(finding, by)
    moves.carry_out(finding, finding_moves.SEND_BACK, by=by, at=at, reason=reason, returns=F("returns") + 1)
    finding.refresh_from_db(fields=["returns"])
    return next_round(rectification=_judge(finding, table.RETURN, by, at, reason), by=by, at=at)


@transaction.atomic
def pass_on(*, finding: Finding, by: User, at: datetime, reason: str) -> Finding:
    """Find the report in order and ask for acceptance."""
    _require_reviewer(finding, by)
    moves.carry_out(finding, finding_moves.PASS_ON, by=by, at=at, reason=reason, reviewed_by=by)
    _judge(finding, table.PASS, by, at, reason)
    return finding


def _judge(finding: Finding, move: moves.Move, by: User, at: datetime, reason: str) -> Rectification:
    row = finding.rectifications.order_by("round").last()
    if row is None:
        raise RuntimeError(f"finding {finding.pk} was submitted without a report")
    moves.carry_out(
        row, move, by=by, at=at, reason=reason, reviewed_by=by, reviewed_at=at, review_opinion=reason.strip()
    )
    return row


def _require_reviewer(finding: Finding, by: User) -> None:
    access.require(by, Permission.RECTIFICATION_REVIEW, unit=finding.unit)
    objection = parting.objection_to_reviewer(
        person_id=by.pk,
        finder_ids=parties.finder_ids(finding),
        is_of_unit=access.belongs_to(person=by, unit=finding.unit),
    )
    if objection:
        raise Refused(objection)
