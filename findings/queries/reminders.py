"""What presses on a working morning: notices to sign for, terms about to end or past, by unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.dates import plain_date
from findings.models import Finding, Notice, RectificationPlan
from findings.rules.light import soon_until

ANSWERING = (Finding.State.RECEIVED, Finding.State.RECTIFYING)
NAMES = {"receipt": "待签收", "plan": "待报方案", "progress": "待报进度", "soon": "临期", "overdue": "逾期"}


@dataclass(frozen=True, slots=True)
class Pressing:
    """One thing a unit is reminded of.

    kind: one of NAMES
    left: working days, negative once past
    """

    kind: str
    path: str
    unit: str
    number: str
    due_on: date
    left: int

    @property
    def words(self) -> str:
        """One line of a digest: nothing that anybody typed."""
        what = NAMES[self.kind]
        return f"{what}　{self.unit}　{self.number}　{plain_date(self.due_on)}（{self._left()}）"

    def _left(self) -> str:
        if self.left < 0:
            return f"已超 {-self.left} 个工作日"
        return f"还剩 {self.left} 个工作日" if self.left else "今天到期"


def pressing(*, today: date, book: WorkCalendar) -> Iterator[Pressing]:
    """All that presses today, the longest overdue first; it costs as much as there is of it."""
    for path, unit, number, due_on in _unsigned(today):
        yield _made("receipt", path, unit, number, due_on, today, book)
    soon = soon_until(today=today, book=book)
    for kind, owed in (("plan", _plans(soon)), ("progress", _progress(today))):
        for path, unit, number, due_on in owed:
            yield _made(kind, path, unit, number, due_on, today, book)
    for path, unit, number, due_on in _running(soon):
        kind = "overdue" if due_on < today else "soon"
        yield _made(kind, path, unit, number, due_on, today, book)


def _unsigned(today: date) -> Iterator[tuple[str, str, str, date]]:
    rows = Notice.objects.filter(received_at__isnull=True, served_at__isnull=True, receipt_due_on__lte=today)
    columns = ("unit__path", "unit__name", "number", "receipt_due_on")
    yield from rows.order_by("receipt_due_on", "pk").values_list(*columns).iterator()


def _plans(until: date) -> Iterator[tuple[str, str, str, date]]:
    rows = RectificationPlan.objects.filter(
        state__in=RectificationPlan.OWED,
        due_on__lte=until,
        notice=F("finding__notice"),
        occurrence=F("finding__occurrence"),
        finding__runs_until__isnull=False,
        finding__state__in=ANSWERING,
    )
    columns = ("finding__unit__path", "finding__unit__name", "notice__number", "due_on")
    yield from rows.order_by("due_on", "pk").values_list(*columns).iterator()


def _progress(today: date) -> Iterator[tuple[str, str, str, date]]:
    rows = Finding.objects.filter(progress_due_on__lte=today, runs_until__isnull=False, state__in=ANSWERING)
    columns = ("unit__path", "unit__name", "notice__number", "progress_due_on")
    yield from rows.order_by("progress_due_on", "pk").values_list(*columns).iterator()


def _running(until: date) -> Iterator[tuple[str, str, str, date]]:
    """Only terms that run: not what is handed in, and not what an objection stopped."""
    rows = Finding.objects.filter(runs_until__lte=until)
    columns = ("unit__path", "unit__name", "notice__number", "runs_until")
    yield from rows.order_by("runs_until", "pk").values_list(*columns).iterator()


def _made(
    kind: str, path: str, unit: str, number: str, due_on: date, today: date, book: WorkCalendar
) -> Pressing:
    left = working_days_between(start=today, end=due_on, book=book)
    return Pressing(kind, path, unit, number, due_on, min(left, -1) if due_on < today else left)
