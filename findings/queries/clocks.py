"""The deadlines that run, of every kind, as a change of the calendar finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from conduct.models import CalendarChange
from findings.models import (
    CoUnit,
    Counted,
    Finding,
    Notice,
    RectificationPlan,
    SideTerm,
    Term,
    TransferRequest,
)
from findings.rules.plan import PROGRESS_DAYS
from people.models import Unit

BATCH = 200
Of = SideTerm.Of


@dataclass(frozen=True)
class Clock:
    """One kind of deadline: the rows on which it runs, and the columns that hold it.

    of:      empty for the term to put a finding right
    rows:    those on which it runs now
    version: the column of the calendar version, where there is one
    """

    of: str
    label: str
    rows: Callable[[], QuerySet[Any]]
    due: str
    estimate: str
    page: str
    version: str = ""

    def batches(self, *, since: date) -> Iterator[list[Any]]:
        """Its rows due on a day or later, some at a time, the same order each time."""
        last: object = None
        while True:
            rows = self.rows().filter(**{f"{self.due}__gte": since}).order_by("pk")
            found = list((rows if last is None else rows.filter(pk__gt=last))[:BATCH])
            if not found:
                return
            yield found
            last = found[-1].pk

    def latest(self, rows: Sequence[Any]) -> dict[str, Counted]:
        """How each row's present deadline came about, by its key; without those nobody kept."""
        keys = [str(row.pk) for row in rows]
        if self.of:
            kept: QuerySet[Any] = SideTerm.objects.filter(of=self.of, matter__in=keys)
            return {row.matter: row for row in kept.order_by("ordinal")}
        terms = Term.objects.filter(finding__in=[row.pk for row in rows]).order_by("ordinal")
        return {str(term.finding_id): term for term in terms}

    def due_of(self, row: Any) -> date:
        """The day that stands."""
        day: date = getattr(row, self.due)
        return day

    def is_estimate(self, row: Any) -> bool:
        """Whether it stands as an estimate."""
        return bool(getattr(row, self.estimate))

    def days_of(self, row: Any) -> int | None:
        """Calendar days it gives, where it gives no working days."""
        return PROGRESS_DAYS * (row.progress_made + 1) if self.of == Of.PROGRESS else None

    def url(self, row: Any) -> str:
        """The page of the row."""
        return reverse(self.page, args=[row.finding_id if self.of == Of.PLAN else row.pk])


def unit_of(row: Any) -> Unit:
    """Whose deadline it is."""
    unit: Unit = row.finding.unit if isinstance(row, RectificationPlan) else row.unit
    return unit


def name_of(row: Any) -> str:
    """What the office calls the matter."""
    return str(row) if isinstance(row, Notice) else (row if isinstance(row, Finding) else row.finding).title


def number_of(row: Any) -> str:
    """What the papers call the matter: nothing that anybody typed."""
    if isinstance(row, Notice):
        return row.number
    if isinstance(row, CoUnit):
        return "协办事项"
    notice = (row if isinstance(row, Finding) else row.finding).notice
    return notice.number if notice else "正在核实的问题"


def _findings(**which: Any) -> QuerySet[Finding]:
    return Finding.objects.filter(**which).select_related("unit", "notice")


MAIN = Clock(
    "",
    "整改期限",
    lambda: _findings(state__in=Finding.OPEN),
    "due_on",
    "due_is_estimate",
    "findings:terms",
    "calendar_version",
)
CLOCKS = (
    MAIN,
    Clock(
        Of.RECEIPT,
        "签收期限",
        lambda: Notice.objects.filter(received_at__isnull=True, served_at__isnull=True).select_related(
            "unit"
        ),
        "receipt_due_on",
        "receipt_due_is_estimate",
        "findings:notice_detail",
    ),
    Clock(
        Of.STATEMENT,
        "陈述期限",
        lambda: _findings(state=Finding.State.VERIFYING, statement_asked_at__isnull=False),
        "statement_due_on",
        "statement_due_is_estimate",
        "findings:detail",
    ),
    Clock(
        Of.PLAN,
        "整改方案期限",
        lambda: RectificationPlan.objects.filter(
            state__in=RectificationPlan.OWED,
            notice=F("finding__notice"),
            occurrence=F("finding__occurrence"),
            finding__state__in=Finding.WITH_UNIT,
        ).select_related("finding__unit", "finding__notice"),
        "due_on",
        "due_is_estimate",
        "findings:plan",
        "calendar_version",
    ),
    Clock(
        Of.PROGRESS,
        "进度报告期限",
        lambda: _findings(state__in=Finding.WITH_UNIT, progress_due_on__lt=F("due_on")),
        "progress_due_on",
        "progress_is_estimate",
        "findings:progress",
    ),
    Clock(
        Of.PART,
        "协办期限",
        lambda: CoUnit.objects.filter(state=CoUnit.State.OPEN).select_related("unit", "finding__notice"),
        "due_on",
        "due_is_estimate",
        "findings:part",
        "calendar_version",
    ),
    Clock(
        Of.TRANSFER,
        "改派答复期限",
        lambda: TransferRequest.objects.filter(state=TransferRequest.State.ASKED).select_related(
            "unit", "finding__notice"
        ),
        "due_on",
        "due_is_estimate",
        "findings:transfer",
    ),
)


def moved_by(change: CalendarChange) -> Iterator[tuple[Clock, Any, Counted]]:
    """The settings a change of the calendar wrote, each with its row, kind by kind; of rows that are there still."""
    mains = Term.objects.filter(change=change).select_related("finding__unit", "finding__notice")
    for term in mains.order_by("pk"):
        yield MAIN, term.finding, term
    sides = SideTerm.objects.filter(change=change).order_by("of", "pk")
    for of, group in groupby(sides, key=lambda side: side.of):
        clock, kept = next(clock for clock in CLOCKS if clock.of == of), list(group)
        rows = _all_of(of, [side.matter for side in kept])
        for side in kept:
            if side.matter in rows:
                yield clock, rows[side.matter], side


def _all_of(of: str, keys: Sequence[str]) -> dict[str, Any]:
    """The rows, whatever has become of them since."""
    sources: dict[str, QuerySet[Any]] = {
        Of.RECEIPT: Notice.objects.select_related("unit"),
        Of.PLAN: RectificationPlan.objects.select_related("finding__unit", "finding__notice"),
        Of.PART: CoUnit.objects.select_related("unit", "finding__notice"),
        Of.TRANSFER: TransferRequest.objects.select_related("unit", "finding__notice"),
    }
    rows = sources.get(of, _findings())
    return {str(row.pk): row for row in rows.filter(pk__in=keys)}


def runs(clock: Clock, row: Any) -> bool:
    """Whether the deadline of the row still runs."""
    return clock.rows().filter(pk=row.pk).exists()
