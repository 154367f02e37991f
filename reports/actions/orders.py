"""Asking for a bulletin: the counting runs in the background, one run for one click."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from conduct import audit, clock, jobs
from conduct.errors import Refused
from conduct.models import JobRun
from people import access
from people.models import Unit, User
from people.roles import Permission
from reports.gather import cases
from reports.queries import orders
from reports.rules import periods
from reports.rules.periods import Period

WHOLE = {
    periods.WEEKLY: "周报须从周一到周日，整整一周。请改正日期，或选择“专期”。",
    periods.MONTHLY: "月报须从当月第一天到最后一天。请改正日期，或选择“专期”。",
}


@transaction.atomic
def place(
    *,
    kind: str,
    office: Unit,
    period: Period,
    made_key: str,
    by: User,
    at: datetime,
    most_cases: int = cases.MOST,
) -> JobRun:
    """Start the drafting of a bulletin; the same key again gives back the run that is there.

    Raises: Forbidden; Refused for a period that does not fit its kind, is too long or lies in the future
    """
    access.require(by, Permission.BULLETIN_DRAFT, unit=office)
    refuse_period(kind=kind, period=period, today=clock.day_of(at))
    slot = f"order:{made_key}"
    try:
        with transaction.atomic():
            run = jobs.start(
                "reports.draft_bulletin",
                by=by,
                at=at,
                subject=office,
                slot=slot,
                kind=kind,
                office_id=office.pk,
                first=period.first.isoformat(),
                last=period.last.isoformat(),
                made_key=slot,
                author_id=by.pk,
                most_cases=most_cases,
            )
    except IntegrityError:
        return JobRun.objects.get(job=orders.JOB, slot=slot)
    audit.record(
        at=at,
        by=by,
        verb="reports.bulletin_ordered",
        label="编印通报",
        subject=run,
        details={"office": office.code, "kind": kind}
        | {"first": period.first.isoformat(), "last": period.last.isoformat()},
    )
    return run


@transaction.atomic
def retry(*, run: JobRun, office: Unit, by: User, at: datetime) -> JobRun:
    """Let a failed drafting run again.

    Raises: Forbidden, Refused when it has not failed
    """
    access.require(by, Permission.BULLETIN_DRAFT, unit=office)
    jobs.retry(run=run, at=at)
    audit.record(at=at, by=by, verb="reports.drafting_retried", label="重新办理任务", subject=run)
    return run


def refuse_period(*, kind: str, period: Period, today: date) -> None:
    """Refuse a period that no bulletin can speak about.

    Raises: Refused
    """
    if period.last > today:
        raise Refused(f"截止日期不能晚于今天（{today.isoformat()}），请改正后再编印。")
    if period.days > periods.MOST_DAYS:
        raise Refused(f"统计期最长三年（{periods.MOST_DAYS}天），现在是 {period.days} 天，请缩短后再编印。")
    if not periods.fits(kind=kind, period=period):
        raise Refused(WHOLE[kind])
