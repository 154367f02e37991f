"""The working calendar as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from conduct.calendar import book, drafts, rules
from conduct.calendar.drafts import OFF, Span, YearDraft
from conduct.models import CalendarDay, CalendarYear

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
    for row in CalendarYear.objects.order_by("-year"):
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
