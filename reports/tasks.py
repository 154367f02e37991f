"""Background work of reports: drafting bulletins, asked for by a person or by the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from conduct import clock, jobs
from conduct.audit import SystemActor
from conduct.jobs import Slot
from conduct.models import JobRun
from findings.models import Objection
from people.models import Unit, User
from reports.actions import bulletins, case_files, corrections
from reports.gather import cases
from reports.queries import schedules
from reports.rules.periods import Period

MOST_MISSED = 8


@jobs.job("reports.draft_bulletin", label="编印通报")
def draft_bulletin(
    *,
    run: JobRun,
    kind: str,
    office_id: int,
    first: str,
    last: str,
    made_key: str,
    author_id: int | None = None,
    most_cases: int = cases.MOST,
) -> None:
    """Draft the bulletin of one period, once."""
    bulletins.draft(
        kind=kind,
        office=Unit.objects.get(pk=office_id),
        period=Period(date.fromisoformat(first), date.fromisoformat(last)),
        by=User.objects.get(pk=author_id) if author_id else None,
        at=clock.now(),
        made_key=made_key,
        most_cases=most_cases,
        on_step=lambda done, total: jobs.report_progress(run, done=done, total=total),
    )


@jobs.job("reports.list_corrections", label="列出待更正的文书")
def list_corrections(*, run: JobRun, objection_id: str) -> None:
    """Put every issued paper that an objection has shown to be wrong on the office's list, once."""
    rows = Objection.objects.select_related("finding__unit", "finding__notice__unit")
    corrections.list_of(objection=rows.get(pk=objection_id), by=SystemActor(), at=clock.now())


@jobs.job(case_files.JOB, label="编印案卷")
def draw_case_file(*, run: JobRun, case_file: str) -> None:
    """Draw a thick case file from its frozen facts, once."""
    case_files.draw_by_key(
        pk=case_file, on_step=lambda done, total: jobs.report_progress(run, done=done, total=total)
    )


@jobs.schedule
def bulletins_due(at: datetime) -> Iterator[Slot]:
    """Every closed week or month whose bulletin fell due, the missed ones too."""
    for schedule, due in schedules.due(at=at, most=MOST_MISSED):
        key = f"{schedule.kind}:{schedule.office_id}:{due.period.first.isoformat()}"
        yield Slot(
            job="reports.draft_bulletin",
            key=key,
            kwargs={
                "kind": schedule.kind,
                "office_id": schedule.office_id,
                "first": due.period.first.isoformat(),
                "last": due.period.last.isoformat(),
                "made_key": key,
            },
        )
