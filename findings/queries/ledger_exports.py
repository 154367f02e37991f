"""Workbooks of the ledger: the lines that go in, and the exports a person has asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conduct import jobs
from conduct.calendar import book as calendar
from conduct.models import JobRun
from conduct.paging import in_batches
from conduct.shapes import JobView
from findings.models import LedgerExport
from findings.rules.ledger import ALWAYS, BY_KEY
from people import access
from people.access import Asker
from people.models import User
from people.queries.jobs import seen
from people.roles import Permission

from . import listing
from .filters import Wish
from .ledger import ROW, Lines, Value

BATCH = 1000
MOST_LISTED = 10
MOST_ROWS = 1_000_000  # a sheet holds 1,048,576 with its heads
Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Shown:
    """One export as its owner sees it."""

    export: LedgerExport
    job: JobView
    is_ready: bool


def count(*, user: Asker, wish: Wish, order: str, today: date) -> int:
    """How many lines the workbook would have."""
    return listing.selected(user=user, wish=wish, order=order, today=today, book=calendar.load()).rows.count()


def lines(
    *, user: Asker, wish: Wish, order: str, columns: list[str], today: date, on_step: Step, total: int
) -> Iterator[list[Value]]:
    """The lines of the workbook, batch by batch. on_step: told how many of all are read"""
    book = calendar.load()
    found = listing.selected(user=user, wish=wish, order=order, today=today, book=book)
    reading = Lines(
        [key for key in columns if key in BY_KEY] or [ALWAYS],
        for_unit=found.for_unit,
        today=today,
        book=book,
        full_names=True,
    )
    done = 0
    for batch in in_batches(found.rows, (*ROW, *found.extra), order=found.by, size=BATCH):
        yield from reading.of(batch)
        done += len(batch)
        on_step(done, max(done, total))


def reach_of(user: Asker) -> list[str]:
    """Over which units the person sees findings today, and as whom: what an export was made by."""
    side = "unit" if listing.telling.reads_as_unit(user) else "office"
    return [side, *access.reach(user, Permission.FINDING_VIEW)]


def own(user: User) -> QuerySet[LedgerExport]:
    """The person's exports, the newest first."""
    return LedgerExport.objects.filter(owner=user).order_by("-asked_at", "pk")


def get_for(user: User, pk: object) -> LedgerExport:
    """One of the person's own. Raises: Http404"""
    return get_object_or_404(own(user), pk=pk)


def shown(export: LedgerExport, *, at: datetime) -> Shown:
    """The export with how far it is."""
    run = next(iter(jobs.runs_of(subject=export, limit=1)), None)
    return _shown(export, run, at=at)


def latest(user: User, *, at: datetime) -> list[Shown]:
    """The person's last exports."""
    exports = list(own(user)[:MOST_LISTED])
    runs = JobRun.objects.filter(
        subject_type=LedgerExport._meta.label_lower, subject_id__in=[str(export.pk) for export in exports]
    ).order_by("created_at")
    by_export = {run.subject_id: run for run in runs}
    return [_shown(export, by_export.get(str(export.pk)), at=at) for export in exports]


def _shown(export: LedgerExport, run: JobRun | None, *, at: datetime) -> Shown:
    url = reverse("findings:export", args=[export.pk])
    job = seen(run, poll_url=url) if run else JobView(pk=str(export.pk), title=export.title, state="done")
    return Shown(export, job, is_there(export, at=at))


def is_there(export: LedgerExport, *, at: datetime) -> bool:
    """Whether the file can be had."""
    return bool(export.sha256 and export.dropped_at is None and export.expires_at and at < export.expires_at)


def expired(*, at: datetime) -> QuerySet[LedgerExport]:
    """Those whose file is to go."""
    return LedgerExport.objects.filter(ready_at__isnull=False, dropped_at__isnull=True, expires_at__lte=at)
