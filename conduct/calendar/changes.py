"""Changes of the calendar as rows: what the years were and became, for deadlines to follow and for undoing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from conduct import audit
from conduct.errors import NotFromHere, Refused
from conduct.models import CalendarChange, CalendarYear

from . import book
from .drafts import OFF, YearDraft
from .rules import WorkCalendar

Kept = dict[str, Any]


@transaction.atomic
def save(
    *,
    years: Sequence[YearDraft],
    by: audit.Actor,
    at: datetime,
    expected: int | None = None,
    undoes: CalendarChange | None = None,
) -> CalendarChange | None:
    """Put these years in place, all or none; None when everything stood there already.

    expected: the version of the one year that the person had on the screen
    Raises:   Refused when there is no year; MovedMeanwhile
    """
    if not years:
        raise Refused("文件里没有可以导入的年份。请核对后再上传。")
    before = {str(draft.year): _kept(draft.year) for draft in years}
    for draft in years:
        book.save_year(draft=draft, by=by, at=at, expected=expected)
    return _noted(before, by, at, undoes)


@transaction.atomic
def undo(*, change: CalendarChange, by: audit.Actor, at: datetime) -> CalendarChange:
    """Put the years back as they were before a change; a year that was not known is not known again.

    Raises: Refused when it has been undone, is itself an undoing, or the years have been changed since
    """
    if problem := objection_to_undoing(change):
        raise NotFromHere(problem)
    before = {year: _kept(int(year)) for year in change.after}
    for year, kept in change.before.items():
        if kept is None:
            book.withdraw(year=int(year), by=by, at=at)
        else:
            book.save_year(draft=draft_from(int(year), kept), by=by, at=at)
    undone = _noted(before, by, at, change)
    if undone is None:
        raise NotFromHere("放假安排已经和调整前一样，不需要撤销。")
    return undone


def objection_to_undoing(change: CalendarChange) -> str:
    """Why the change cannot be undone; empty when it can."""
    if change.undoes_id is not None:
        return "这一条本身就是撤销，不能再撤销。请重新录入放假安排。"
    if CalendarChange.objects.filter(undoes=change).exists():
        return "这次调整已经撤销过，不必重复办理。"
    for year, kept in change.after.items():
        now = _kept(int(year))
        if now is None or now["version"] != kept["version"]:
            return f"{year}年的放假安排此后又改过，请先撤销后面的调整，或者直接修改这一年。"
    return ""


def with_years(*, now: WorkCalendar, years: Mapping[int, YearDraft | None]) -> WorkCalendar:
    """The calendar as it would be with these years; None stands for a year that is not known."""
    off = {day for day in now.off if day.year not in years}
    work = {day for day in now.work if day.year not in years}
    versions = _versions(now.version)
    for year, draft in years.items():
        if draft is None:
            versions.pop(year, None)
            continue
        versions[year] = versions.get(year, 0) + 1
        for day, (kind, _) in draft.days.items():
            (off if kind == OFF else work).add(day)
    return replace(
        now,
        off=frozenset(off),
        work=frozenset(work),
        years=frozenset(versions),
        version=",".join(f"{year}.{version}" for year, version in sorted(versions.items())),
    )


def before(*, change: CalendarChange, now: WorkCalendar) -> WorkCalendar:
    """The calendar as it was, as far as the change speaks of it."""
    years = {int(year): draft_from(int(year), kept) if kept else None for year, kept in change.before.items()}
    return with_years(now=now, years=years)


def first_touched(*, before: WorkCalendar, after: WorkCalendar) -> date | None:
    """The first day on which the two differ; of a year that becomes known or unknown, its first."""
    days = (before.off ^ after.off) | (before.work ^ after.work)
    days |= {date(year, 1, 1) for year in before.years ^ after.years}
    return min(days, default=None)


def draft_from(year: int, kept: Kept) -> YearDraft:
    """A year as it was kept."""
    days = {date.fromisoformat(day): (kind, name) for day, kind, name in kept["days"]}
    return YearDraft(year, kept["source"], days)


def _kept(year: int) -> Kept | None:
    row = CalendarYear.objects.filter(year=year, is_withdrawn=False).first()
    if row is None:
        return None
    days = [[day.isoformat(), kind, name] for day, (kind, name) in sorted(book.draft_of(year).days.items())]
    return {"version": row.version, "source": row.source, "days": days}


def _noted(
    before: dict[str, Kept | None], by: audit.Actor, at: datetime, undoes: CalendarChange | None
) -> CalendarChange | None:
    after = {year: _kept(int(year)) for year in before}
    if after == before:
        return None
    return CalendarChange.objects.create(
        at=at, by_id=str(by.pk or ""), by_name=str(by), before=before, after=after, undoes=undoes
    )


def _versions(text: str) -> dict[int, int]:
    pairs = [part.partition(".") for part in text.split(",") if part]
    return {int(year): int(version) for year, _, version in pairs}
