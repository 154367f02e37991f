from __future__ import annotations

from datetime import datetime

from django.db import transaction

from conduct import clock, moves
from conduct.calendar import book as calendar
from conduct.calendar.rules import working_days_between
from conduct.errors import NotFromHere, Refused
from findings.models import Acceptance, Finding, Rectification
from findings.moves import finding as table
from findings.queries import parties
from findings.rules import parting
from people import access
from people.models import User
from people.roles import Permission

from . import occasions, terms
from .rectifications import next_round

Verdict = Acceptance.Verdict


@transaction.atomic
def accept(*, finding: Finding, by: User, at: datetime, opinion: str) -> Acceptance:
    """One of two different people finds that the problem has been put right."""
    report = _called_upon(finding, by, opinion)
    moves.revise(finding, expected=finding.version, by=by, at=at, verb="accept", label="同意验收")
    return _note(report, Verdict.ACCEPT, opinion, by, at)


@transaction.atomic
def refuse(*, finding: Finding, by: User, at: datetime, opinion: str) -> Rectification:
    """Find that it has not been put right; the unit goes on from its report. Returns the new round."""
    report = _called_upon(finding, by, opinion)
    terms.give_back(finding=finding, move=table.REFUSE, by=by, at=at, reason=opinion)
    _note(report, Verdict.REFUSE, opinion, by, at)
    occasions.returned(report, by=by, at=at)
    return next_round(rectification=report, by=by, at=at)


@transaction.atomic
def close(*, finding: Finding, by: User, at: datetime, reason: str = "") -> Finding:
    """Close the matter (销号) after two people accepted, and count the working days it took."""
    access.require(by, Permission.FINDING_CLOSE, unit=finding.unit)
    if finding.state in table.CLOSE.sources:
        accepted = parties.accepted(finding, round=_report(finding).round)
        if objection := parting.objection_to_closing(accepted=accepted):
            raise Refused(objection)
    today = clock.day_of(at)
    moves.carry_out(
        finding,
        table.CLOSE,
        by=by,
        at=at,
        reason=reason,
        closed_at=at,
        closed_on=today,
        closed_by=by,
        days_to_close=_days(finding, at),
    )
    occasions.closed(finding, by=by, at=at)
    return finding


def _days(finding: Finding, at: datetime) -> int:
    if finding.issued_on is None:
        return 0
    return max(0, working_days_between(start=finding.issued_on, end=clock.day_of(at), book=calendar.load()))


def require_accepter(*, finding: Finding, by: User) -> None:
    """Refuse who may not give a verdict on the present round, and a finding that awaits none.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.FINDING_ACCEPT, unit=finding.unit)
    if finding.state != Finding.State.AWAITING_ACCEPTANCE:
        raise NotFromHere(f"问题当前是“{finding.get_state_display()}”，不能验收。请刷新页面看最新情况。")
    round_ = _report(finding).round
    if objection := parties.objection_to_accepter(finding=finding, round=round_, person=by):
        raise Refused(objection)


def _called_upon(finding: Finding, by: User, opinion: str) -> Rectification:
    """The report this person may judge, and does with a word of why."""
    require_accepter(finding=finding, by=by)
    if not opinion.strip():
        raise Refused("验收须写明意见，请填写后再提交。")
    return _report(finding)


def _report(finding: Finding) -> Rectification:
    row = finding.rectifications.order_by("round").last()
    if row is None:
        raise RuntimeError(f"finding {finding.pk} awaits acceptance without a report")
    return row


def _note(report: Rectification, verdict: str, opinion: str, by: User, at: datetime) -> Acceptance:
    return Acceptance.objects.create(
        finding=report.finding, round=report.round, by=by, at=at, verdict=verdict, opinion=opinion.strip()
    )
