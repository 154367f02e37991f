"""What the schedule does about terms that end: it reminds by itself, and drafts what the office is to sign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from conduct import audit, clock, moves
from conduct.audit import SystemActor
from conduct.calendar import book as calendar
from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.models import AuditEntry
from findings.models import Finding, Supervision
from findings.queries import ladder as queries
from findings.queries.ladder import Bucket
from findings.rules.ladder import NAMES, PAPERS, Step, made_of

S = Supervision.State
# By what is made of a step: the verb of its line of history, and how the line begins.
LINES = {
    S.DONE: ("findings.ladder_reminded", ""),
    S.DRAFTED: ("findings.ladder_drafted", "起草"),
    S.PROPOSED: ("findings.ladder_proposed", "提出"),
}
MISSED = "系统停办期间没有办理、已越过的步骤：{}。"


def climb(*, at: datetime, on_step: Callable[[int], None] = lambda done: None) -> int:
    """Take every step that is due today, batch by batch, each batch a transaction of its own; never on a day off.

    Taken again, or by two at once, or after a crash, each step is made once. Returns how many findings moved up.
    """
    today, book = clock.day_of(at), calendar.load()
    if not book.is_working(today):
        return 0
    done = 0
    for bucket in queries.buckets(today=today, book=book):
        while True:
            taken = _take(bucket, at, today, book)
            # Nothing taken while something is due: another worker has just taken the batch.
            if not taken and not queries.due(bucket).exists():
                break
            done += taken
            on_step(done)
    return done


@transaction.atomic
def _take(bucket: Bucket, at: datetime, today: date, book: WorkCalendar) -> int:
    findings = queries.take(bucket)
    before = queries.taken_before(findings) if findings else set()
    made: list[Supervision] = []
    told: list[AuditEntry] = []
    risen: dict[Step, list[Finding]] = {}
    for finding in findings:
        reached = bucket.reached(finding)
        risen.setdefault(reached[-1], []).append(finding)
        key = (finding.pk, finding.unit_id, finding.runs_until)
        fresh = [step for step in reached if (*key, int(step)) not in before]
        if not fresh:
            continue
        overdue = _overdue(finding, today, book)
        taken, missed = made_of(fresh)
        rows = [_row(finding, step, _state(step), overdue, at) for step in taken]
        made += rows + [_row(finding, step, S.SKIPPED, overdue, at) for step in missed]
        told += [_line(finding, row, missed if row is rows[0] else [], at) for row in rows]
    moves.born_together(made, told=told)
    for step, rows_there in risen.items():
        Finding.objects.filter(pk__in=[row.pk for row in rows_there]).update(rung=step)
    return len(findings)


def _overdue(finding: Finding, today: date, book: WorkCalendar) -> int:
    start = finding.ladder_from or finding.runs_until or today
    return max(0, working_days_between(start=start, end=today, book=book))


def _state(step: Step) -> Supervision.State:
    if step in PAPERS:
        return S.DRAFTED
    return S.PROPOSED if step == Step.CASE else S.DONE


def _row(finding: Finding, step: Step, state: Supervision.State, overdue: int, at: datetime) -> Supervision:
    if finding.runs_until is None:
        raise RuntimeError(f"finding {finding.pk} has no running term")
    return Supervision(
        finding=finding,
        unit_id=finding.unit_id,
        step=step,
        due_on=finding.runs_until,
        overdue_days=overdue,
        made_at=at,
        made_on=clock.day_of(at),
        state=state,
    )


def _line(finding: Finding, row: Supervision, missed: list[Step], at: datetime) -> AuditEntry:
    verb, begins = LINES[S(row.state)]
    names = "、".join(NAMES[step] for step in missed)
    return audit.line(
        at=at,
        by=SystemActor(),
        verb=verb,
        label=f"{begins}{NAMES[Step(row.step)]}",
        subject=finding,
        reason=MISSED.format(names) if missed else "",
    )
