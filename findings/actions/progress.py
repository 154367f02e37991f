from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from conduct import clock, moves
from conduct.calendar import book as calendar
from conduct.dates import plain_date
from conduct.errors import NotFromHere, Refused
from findings.models import Finding, Progress
from findings.rules import plan as rules
from people.models import User

from . import plans
from .rectifications import require_drafter

ANSWERING = (Finding.State.RECEIVED, Finding.State.RECTIFYING)


@transaction.atomic
def report(*, finding: Finding, done: str, remaining: str, by: User, at: datetime) -> Progress:
    """The unit's monthly report; what it missed before is told in one."""
    today = clock.day_of(at)
    due = require_reporter(finding=finding, by=by, today=today)
    notice, issued_on = finding.notice, finding.issued_on
    if notice is None or issued_on is None:
        raise RuntimeError(f"finding {finding.pk} owes progress without a notice")
    if not done.strip() or not remaining.strip():
        raise Refused("请写明已完成的和未完成的事项，没有的写“无”。")
    book = calendar.load()
    begun_on = max(issued_on, clock.day_of(finding.reopened_at)) if finding.reopened_at else issued_on
    number = rules.number_now(issued_on=begun_on, last=finding.progress_made, today=today, book=book)
    coming = rules.progress_due(issued_on=begun_on, number=number + 1, book=book)
    moves.revise(
        finding,
        expected=finding.version,
        by=by,
        at=at,
        verb="report_progress",
        label=f"提交第 {number} 次进度报告",
        progress_made=number,
        progress_due_on=coming.day,
        progress_is_estimate=coming.is_estimate,
    )
    plans.next_progress(finding=finding, begun_on=begun_on, due=coming, at=at, book=book)
    return Progress.objects.create(
        finding=finding,
        notice=notice,
        occurrence=finding.occurrence,
        number=number,
        due_on=due,
        done=done.strip(),
        remaining=remaining.strip(),
        reported_on=today,
        reported_at=at,
        reported_by=by,
    )


def require_reporter(*, finding: Finding, by: User, today: date) -> date:
    """Refuse who may not report progress now, and a report whose time has not come. Returns its day.

    Raises: Forbidden, Refused
    """
    require_drafter(finding=finding, by=by)
    due = finding.progress_due_on
    if finding.state not in ANSWERING or due is None:
        raise NotFromHere(f"问题当前是“{finding.get_state_display()}”，不用提交进度报告。")
    if not rules.is_owed(due=due, until=finding.due_on, today=today):
        raise NotFromHere("整改期限以内没有应报的进度报告，按期提交整改报告即可。")
    if today < rules.opens_on(due):
        opens = plain_date(rules.opens_on(due))
        raise NotFromHere(f"下一次进度报告应于{plain_date(due)}前提交，{opens}起可以填报。")
    return due
