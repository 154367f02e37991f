"""The office's table of days off and make-up days: as the rules want it, and how it is kept."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from conduct import audit, tables
from conduct.errors import MovedMeanwhile
from conduct.models import CalendarDay, CalendarYear
from conduct.prepared import Prepared
from conduct.tables import Fault

from . import drafts
from .drafts import YearDraft
from .rules import WorkCalendar

WARN_FROM_MONTH = 10  # the official notice comes out in autumn
CHANGED = "这一年的日历在您填写期间被别人改过。您填的内容仍在页面上，请核对最新内容后再保存。"


WHOLE = Prepared(
    lambda: (
        CalendarYear.objects.filter(is_withdrawn=False)
        .order_by("year")
        .values_list("year", "version", "days__day", "days__kind")
    )
)


def load() -> WorkCalendar:
    """The whole table: one query, a few dozen rows a year."""
    versions: dict[int, int] = {}
    off: set[date] = set()
    work: set[date] = set()
    for year, version, day, kind in WHOLE():
        versions[year] = version
        if day is not None:
            (off if kind == CalendarDay.Kind.OFF else work).add(day)
    return WorkCalendar(
        off=frozenset(off),
        work=frozenset(work),
        years=frozenset(versions),
        version=",".join(f"{year}.{version}" for year, version in versions.items()),
    )


def names(*, first: date, last: date) -> dict[date, str]:
    """Names of the days off of a span that have one, e.g. 国庆节."""
    days = CalendarDay.objects.filter(kind=CalendarDay.Kind.OFF, day__range=(first, last)).exclude(name="")
    return dict(days.values_list("day", "name"))


def draft_of(year: int) -> YearDraft:
    """A year as it stands, for editing; empty when it is not yet entered."""
    row = CalendarYear.objects.filter(year=year).first()
    days = CalendarDay.objects.filter(year=year).values_list("day", "kind", "name")
    return YearDraft(year, row.source if row else "", {day: (kind, name) for day, kind, name in days})


def missing_notice(*, today: date) -> str:
    """The warning that deadlines are estimates: this year's table is missing, or from October on the next one's."""
    wanted = [today.year] + [today.year + 1] * (today.month >= WARN_FROM_MONTH)
    rows = CalendarYear.objects.filter(year__in=wanted, is_withdrawn=False)
    known = set(rows.values_list("year", flat=True))
    missing = [year for year in wanted if year not in known]
    if not missing:
        return ""
    names = "、".join(f"{year} 年" for year in missing)
    return f"{names}的放假安排还没有录入，涉及这一年的期限按周一至周五计算，都标“估算”。请在通知公布后录入。"


def read(*, name: str, content: bytes) -> tuple[list[YearDraft], list[Fault]]:
    """Years from a file handed in, and what is wrong with it; nothing is saved.

    Raises: Refused when the file cannot be read at all
    """
    if tables.is_json(content):
        value = tables.read_json(name=name, content=content)
        if isinstance(value, dict) and "years" in value:
            return drafts.from_notice(value)
    return drafts.from_lines(tables.read(name=name, content=content, columns=drafts.COLUMNS))


@transaction.atomic
def save_year(
    *, draft: YearDraft, by: audit.Actor, at: datetime, expected: int | None = None
) -> CalendarYear:
    """Put a year's table in place of what was there; its version grows when anything differs.

    expected: the version the person had on the screen, 0 for a new year; None replaces whatever is there
    Raises:   MovedMeanwhile when someone else saved first (nothing has been written)
    """
    row = CalendarYear.objects.filter(year=draft.year).first()
    if expected is not None and expected != (row.version if row else 0):
        raise MovedMeanwhile(CHANGED)
    if row and not row.is_withdrawn and draft_of(draft.year) == draft:
        return row
    row = _next_version(row, draft, at)
    CalendarDay.objects.filter(year=row).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day, year=row, kind=kind, name=name)
        for day, (kind, name) in sorted(draft.days.items())
    )
    audit.record(
        at=at,
        by=by,
        verb="conduct.calendar_saved",
        label="保存工作日历",
        subject=row,
        details={"days": len(draft.days), "source": draft.source},
    )
    return row


@transaction.atomic
def withdraw(*, year: int, by: audit.Actor, at: datetime) -> None:
    """Let a year count as not known again; what was entered for it is taken out."""
    row = CalendarYear.objects.get(year=year)
    row = _next_version(row, YearDraft(year), at, is_withdrawn=True)
    CalendarDay.objects.filter(year=row).delete()
    audit.record(at=at, by=by, verb="conduct.calendar_withdrawn", label="撤回放假安排", subject=row)


def _next_version(
    row: CalendarYear | None, draft: YearDraft, at: datetime, *, is_withdrawn: bool = False
) -> CalendarYear:
    if row is None:
        try:
            with transaction.atomic():
                return CalendarYear.objects.create(year=draft.year, source=draft.source, changed_at=at)
        except IntegrityError as fault:
            raise MovedMeanwhile(CHANGED) from fault
    changed = CalendarYear.objects.filter(year=row.year, version=row.version).update(
        version=F("version") + 1, source=draft.source, changed_at=at, is_withdrawn=is_withdrawn
    )
    if not changed:
        raise MovedMeanwhile(CHANGED)
    row.version += 1
    row.source, row.changed_at, row.is_withdrawn = draft.source, at, is_withdrawn
    return row
