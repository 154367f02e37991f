"""What the schedule does about notices nobody has signed for: DOMAIN §4.3."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from conduct import audit, clock, moves
from conduct.audit import Actor
from conduct.calendar import book as calendar
from conduct.errors import MovedMeanwhile
from findings.models import Notice
from findings.queries import receipts
from findings.rules.receipt import Step, step_due

from . import occasions

SERVED, REMINDED = "视为送达", "提醒签收"
UNREMINDED = "签收期限内系统停办，没有发出提醒。"


def pass_over(*, by: Actor, at: datetime) -> int:
    """Remind of notices whose term ends today, and count those past it as served; never on a day off.

    Each step once, however often it is called; returns how many were made.
    """
    today = clock.day_of(at)
    if not calendar.load().is_working(today):
        return 0
    return sum(_take(pk, by, at) for pk in receipts.unanswered(today=today))


@transaction.atomic
def _take(pk: UUID, by: Actor, at: datetime) -> bool:
    """The step due of one notice, in a transaction of its own; False when somebody was faster."""
    notice = receipts.as_it_is(pk)
    is_reminded = notice.reminded_at is not None
    step = step_due(receipt_due_on=notice.receipt_due_on, today=clock.day_of(at), is_reminded=is_reminded)
    if notice.delivered_at is not None or step is None:
        return False
    try:
        if step == Step.SERVE:
            _note(notice, "serve_notice", SERVED, by, at, "" if is_reminded else UNREMINDED, served_at=at)
            occasions.served(notice, by=by, at=at)
        else:
            _note(notice, "remind_receipt", REMINDED, by, at, "", reminded_at=at)
    except MovedMeanwhile:
        return False
    return True


def _note(notice: Notice, verb: str, label: str, by: Actor, at: datetime, why: str, **changes: Any) -> None:
    """The step on the notice, and a line on the timeline of each of its findings."""
    moves.revise(notice, expected=notice.version, by=by, at=at, verb=verb, label=label, **changes)
    reason = f"{notice.number}。{why}"
    for finding in notice.findings.order_by("pk"):
        audit.record(at=at, by=by, verb=f"findings.{verb}", label=label, subject=finding, reason=reason)
