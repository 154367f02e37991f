"""The working calendar as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.shortcuts import get_object_or_404

from conduct import following, jobs
from conduct.calendar import book, changes, drafts, rules
from conduct.calendar.drafts import OFF, Span, YearDraft
from conduct.following import Shifts
from conduct.models import CalendarChange, CalendarDay, CalendarYear, JobRun
from conduct.shapes import JobView
from people.models import User

from . import jobs as job_queries

missing_notice = book.missing_notice


@dataclass(frozen=True)
class YearView:
    """One year: its spans of days off, its make-up days, and how many working days that makes."""

    year: int
    version: int
    source: str
    changed_at: datetime
    off: list[Span]
    work: list[Span]
    working_days: int


def years() -> list[YearView]:
    """Every year entered, the newest first."""
    table = book.load()
    days: dict[int, dict[date, tuple[str, str]]] = {}
    for day, year, kind, name in CalendarDay.objects.values_list("day", "year", "kind", "name"):
        days.setdefault(year, {})[day] = (kind, name)
    found = []
    for row in CalendarYear.objects.filter(is_withdrawn=False).order_by("-year"):
        spans = drafts.spans_of(days.get(row.year, {}))
        number = rules.working_days_between(
            start=date(row.year - 1, 12, 31), end=date(row.year, 12, 31), book=table
        )
        found.append(
            YearView(
                row.year,
                row.version,
                row.source,
                row.changed_at,
                [span for span in spans if span.kind == OFF],
                [span for span in spans if span.kind != OFF],
                number,
            )
        )
    return found


def one(year: int) -> tuple[YearDraft, int]:
    """A year for editing, and its version: 0 when it is not yet entered."""
    row = CalendarYear.objects.filter(year=year).first()
    return book.draft_of(year), row.version if row else 0


def next_year(known: Sequence[YearView], today: date) -> int:
    """The first year from this one on that is not yet entered."""
    entered = {view.year for view in known}
    return next(year for year in range(today.year, drafts.LAST_YEAR + 2) if year not in entered)


MOST_CHANGES = 10


def latest_changes() -> list[CalendarChange]:
    """The latest changes, the newest first."""
    return list(CalendarChange.objects.select_related("undoes").order_by("-at", "id")[:MOST_CHANGES])


def change(pk: object) -> CalendarChange:
    """One change. Raises: Http404"""
    return get_object_or_404(CalendarChange.objects.select_related("undoes", "undone_by"), pk=pk)


def undone_by(row: CalendarChange) -> CalendarChange | None:
    """The undoing of a change, if it was undone."""
    return CalendarChange.objects.filter(undoes=row).first()


def foreseen(*, years: Sequence[YearDraft], by: User) -> Shifts:
    """Which deadlines would move if these years were put in place."""
    now = book.load()
    to_come = changes.with_years(now=now, years={draft.year: draft for draft in years})
    return following.foresee(by=by, now=now, to_come=to_come)


def is_followed(row: CalendarChange) -> bool:
    """Whether every floor has followed the change."""
    return all(run.state == JobRun.State.DONE for run in jobs.runs_of(subject=row))


def runs(row: CalendarChange) -> list[JobView]:
    """How far the deadlines have followed."""
    return [job_queries.seen(run, poll_url="") for run in jobs.runs_of(subject=row)]
