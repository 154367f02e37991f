"""What a change of the calendar does to the deadlines that run: foreseen, done, and left when it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from conduct.calendar import book as calendar
from conduct.calendar import changes
from conduct.calendar.rules import Due, WorkCalendar
from conduct.dates import plain_date
from conduct.following import MOST_COUNTED, Shift, Shifts
from conduct.models import CalendarChange
from findings.models import Counted, Term
from findings.models.finding import OFFICE_SIDE
from findings.rules import recount as rules
from people import access, tree
from people.access import Asker
from people.roles import Permission

from . import clocks
from .clocks import CLOCKS, Clock

MOST_DAYS_NAMED = 3
PUT_BACK = "放假安排的调整已撤销，恢复原来的日期"
CERTAIN, ESTIMATED = "放假安排已录入，由估算改为确定，日期不变", "放假安排已撤回，日期不变，改标估算"


@dataclass(frozen=True, slots=True)
class Recount:
    """One deadline counted again: what stands, how it came about, and what it comes to now."""

    clock: Clock
    row: Any
    kept: Counted | None
    due: Due

    @property
    def was(self) -> date:
        return self.clock.due_of(self.row)

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return self.due.day != self.was or self.due.is_estimate != self.clock.is_estimate(self.row)


def recounts(
    *, clock: Clock, rows: list[Any], before: WorkCalendar, after: WorkCalendar
) -> Iterator[Recount]:
    """Those of the rows whose deadline changes between the two calendars."""
    latest = clock.latest(rows)
    for row in rows:
        kept = latest.get(str(row.pk))
        due = rules.recounted(
            due_on=clock.due_of(row),
            counts_from=kept.counts_from if kept else None,
            working_days=kept.working_days if kept else None,
            calendar_days=clock.days_of(row),
            before=before,
            after=after,
        )
        found = Recount(clock, row, kept, due)
        if found.changes:
            yield found


def foresee(user: Asker, now: WorkCalendar, to_come: WorkCalendar) -> Shifts:
    """What would move if the calendar became another one; counted up to a bound."""
    found, sees = Shifts(), _sight(user)
    since = changes.first_touched(before=now, after=to_come)
    if since is None:
        return found
    for clock in CLOCKS:
        for rows in clock.batches(since=since):
            for one in recounts(clock=clock, rows=rows, before=now, after=to_come):
                why = _why(one, now, to_come)
                found.take(_shift(clock, one.row, one.was, one.due.day, why), may_see=sees(one.row))
            if found.count >= MOST_COUNTED:
                found.is_more = True
                return found
    return found


def moved(user: Asker, change: CalendarChange) -> Shifts:
    """What a change has moved so far."""
    found, sees = Shifts(), _sight(user)
    for clock, row, term in clocks.moved_by(change):
        was = term.due_before or term.due_on
        found.take(_shift(clock, row, was, term.due_on, term.rule), may_see=sees(row))
    return found


def left(user: Asker, change: CalendarChange) -> Shifts:
    """What an undoing did not put back, with the reason."""
    found, sees, book = Shifts(), _sight(user), calendar.load()
    if change.undoes is None:
        return found
    restored = {
        (clock.of, str(row.pk)) for clock, row, term in clocks.moved_by(change) if term.rule == PUT_BACK
    }
    for clock, row, term in clocks.moved_by(change.undoes):
        if (clock.of, str(row.pk)) not in restored and term.due_before not in (None, term.due_on):
            why = objection_to_going_back(clock=clock, row=row, term=term, today=change.day, book=book)
            shift = _shift(clock, row, term.due_before or term.due_on, clock.due_of(row), why or "尚未恢复")
            found.take(shift, may_see=sees(row))
    return found


def objection_to_going_back(*, clock: Clock, row: Any, term: Counted, today: date, book: WorkCalendar) -> str:
    """Why the deadline a change moved does not go back to its former day; empty when it does."""
    if not clocks.runs(clock, row):
        return "已经办结，不再变动"
    latest = clock.latest([row]).get(str(row.pk))
    if latest is not None and latest.pk != term.pk and latest.due_on != term.due_on:
        word = latest.get_kind_display() if isinstance(latest, Term) else "此后另行确定"
        return f"此后期限另行确定（{word}），保持不变"
    former = term.due_before
    if former is not None and not rules.may_go_back(former=former, today=today, book=book):
        return f"原来的日期（{plain_date(former)}）已过或不足{rules.NEAR}个工作日，为不使单位措手不及，不提前"
    return ""


def _shift(clock: Clock, row: Any, was: date, becomes: date, why: str) -> Shift:
    what = f"{clocks.name_of(row)}（{clock.label}）"
    return Shift(what, clock.url(row), clocks.unit_of(row).name, was, becomes, why)


def _why(one: Recount, before: WorkCalendar, after: WorkCalendar) -> str:
    if one.due.day == one.was:
        return ESTIMATED if one.due.is_estimate else CERTAIN
    start = one.kept.counts_from if one.kept and one.kept.counts_from else one.was
    rest = sorted(
        day
        for day in (before.off ^ after.off) | (before.work ^ after.work)
        if start <= day <= one.due.day and before.is_working(day) and not after.is_working(day)
    )
    named = "、".join(plain_date(day) for day in rest[:MOST_DAYS_NAMED])
    more = f"等{len(rest)}天" if len(rest) > MOST_DAYS_NAMED else ""
    return f"{named}{more}改为休息，不计入" if rest else "按新的放假安排重新计算"


def _sight(user: Asker) -> Any:
    """Whether the person may be shown a row: only the office is, and of its own reach."""
    paths = access.reach(user, Permission.FINDING_VIEW, roles=OFFICE_SIDE)
    return lambda row: any(tree.is_below(clocks.unit_of(row).path, path) for path in paths)


# What conduct.following asks a floor.
WAYS = (foresee, moved, left)
