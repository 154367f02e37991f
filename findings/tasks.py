"""Background work of findings: roll-ups are folded, people reminded, and notices nobody signs for followed up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from django.http import QueryDict

from conduct import clock, jobs, rollups
from conduct.audit import SystemActor
from conduct.calendar import book as calendar
from conduct.jobs import Slot
from conduct.models import CalendarChange, JobRun
from findings.actions import following, ladder, ledger_exports, pressing, receipts, reminding
from findings.forms.filters import FilterForm, order_of
from findings.models import LedgerExport
from findings.queries import ledger_exports as export_queries
from findings.queries import receipts as receipt_queries
from findings.queries import tallies
from findings.rules.receipt import OPENS_HOUR

FOLD = "findings.fold_tallies"
REMIND = "findings.remind"
REMIND_FROM = time(8, 0)
FOLLOW = "findings.follow_calendar"
LADDER = "findings.climb_ladder"
RECEIPTS = "findings.pass_over_receipts"
DROP_EXPORTS = "findings.drop_ledger_exports"


@jobs.job(FOLD, label="整理统计表")
def fold_tallies(*, run: JobRun) -> None:
    """Make one row of the many that add up to one count; doing it twice changes nothing."""
    rollups.fold_all()


@jobs.schedule
def folding_due(at: datetime) -> Iterator[Slot]:
    """Once an hour at most, and only after many changes."""
    if tallies.are_long():
        yield Slot(job=FOLD, key=f"{at:%Y-%m-%dT%H}", kwargs={})


@jobs.job(REMIND, label="发送期限提醒")
def remind(*, run: JobRun, day: str) -> None:
    """One digest to each who has something pressing; made up for on a later day, it says nothing.

    day: the working day it is for
    """
    at = clock.now()
    if clock.day_of(at).isoformat() == day:
        reminding.remind(at=at)


@jobs.schedule
def reminding_due(at: datetime) -> Iterator[Slot]:
    """Every working day from eight in the morning, once."""
    local = at.astimezone(clock.SHANGHAI)
    if local.time() >= REMIND_FROM and calendar.load().is_working(local.date()):
        day = local.date().isoformat()
        yield Slot(job=REMIND, key=day, kwargs={"day": day})


@jobs.job(RECEIPTS, label="提醒签收和视为送达")
def pass_over_receipts(*, run: JobRun) -> None:
    """Remind, and count as served; doing it twice changes nothing."""
    receipts.pass_over(by=SystemActor(), at=clock.now())


@jobs.job(ledger_exports.JOB, label="导出问题台账", minutes=60)
def export_ledger(*, run: JobRun, export_id: str) -> None:
    """Write one workbook for its owner; one that is ready is not written again."""
    export = LedgerExport.objects.select_related("owner").get(pk=export_id)
    asked = QueryDict(export.query)
    wish = FilterForm(asked, user=export.owner).wish()
    ledger_exports.make(
        export=export,
        wish=wish,
        order=order_of(asked, wish),
        at=clock.now(),
        on_step=lambda done, total: jobs.report_progress(run, done=done, total=total),
    )


@jobs.job(DROP_EXPORTS, label="清除过期的导出文件")
def drop_exports(*, run: JobRun) -> None:
    """Take out the files whose days are over."""
    ledger_exports.drop_expired(at=clock.now())


@jobs.schedule
def exports_to_drop(at: datetime) -> Iterator[Slot]:
    """Once an hour at most, and only when one is to go."""
    if export_queries.expired(at=at).exists():
        yield Slot(job=DROP_EXPORTS, key=f"{at:%Y-%m-%dT%H}", kwargs={})


@jobs.schedule
def receipts_due(at: datetime) -> Iterator[Slot]:
    """Once on each day on which there is something to do, from the opening of the office on."""
    day = clock.day_of(at)
    if at.astimezone(clock.SHANGHAI).hour < OPENS_HOUR or not receipt_queries.are_due(today=day):
        return
    if calendar.load().is_working(day):
        yield Slot(job=RECEIPTS, key=f"{day}", kwargs={})


@jobs.job(FOLLOW, label="按新的放假安排重算期限", minutes=120)
def follow_calendar(*, run: JobRun, change: str) -> None:
    """Move the deadlines that run; doing it twice moves nothing twice and tells nobody twice.

    change: key of the change of the calendar
    """
    following.follow(
        change=CalendarChange.objects.select_related("undoes").get(pk=change),
        by=SystemActor(),
        at=clock.now(),
        on_step=lambda done: jobs.report_progress(run, done=done, total=0),
    )


@jobs.job(LADDER, label="督办", minutes=30)
def climb(*, run: JobRun) -> None:
    """Take the steps of the ladder that are due, and tell of them; doing it twice changes nothing."""
    at = clock.now()
    ladder.climb(at=at, on_step=lambda done: jobs.report_progress(run, done=done, total=0))
    pressing.tell(at=at)


@jobs.schedule
def ladder_due(at: datetime) -> Iterator[Slot]:
    """Once on every working day, from the opening of the office on."""
    day = clock.day_of(at)
    if at.astimezone(clock.SHANGHAI).hour >= OPENS_HOUR and calendar.load().is_working(day):
        yield Slot(job=LADDER, key=f"{day}", kwargs={})
