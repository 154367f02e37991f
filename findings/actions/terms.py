"""Every setting of a finding's deadline: the columns of the finding and the row that says how it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from conduct import clock, moves
from conduct.audit import Actor
from conduct.calendar import book as calendar
from conduct.calendar.rules import Due, WorkCalendar, counts_from
from conduct.dates import SHANGHAI
from conduct.models import CalendarChange
from conduct.moves import Move
from findings.models import Finding, SideTerm, Term
from findings.rules import ladder
from findings.rules import term as rules

from . import supervisions

OBJECTION_RULE, RETURN_RULE = "异议办理期间不计，办结后接着计算", "督查办审核期间不计，退回后接着计算"


@dataclass(frozen=True)
class Setting:
    """A deadline to be set: what it is counted from, and the result.

    rule:   in the words of the office, e.g. 限期整改，15个工作日
    change: of the calendar, when it is one that moves the deadline
    """

    kind: Term.Kind
    rule: str
    due: Due
    counts_from: date | None = None
    working_days: int | None = None
    change: CalendarChange | None = None
    # From when the ladder counts, where the clock had stood still past the term.
    ladder_from: date | None = None


def columns(setting: Setting) -> dict[str, Any]:
    """What the finding takes over in the move that sets the deadline; the unit's clock runs from then on."""
    due = setting.due
    first = {"first_due_on": due.day} if setting.kind in (Term.Kind.ISSUED, Term.Kind.HANDED_ON) else {}
    return {
        "due_on": due.day,
        "due_is_estimate": due.is_estimate,
        "calendar_version": due.calendar_version,
        "runs_until": due.day,
        "handed_in_on": None,
        "paused_on": None,
        "ladder_from": setting.ladder_from,
        **first,
    }


def write(
    *, finding: Finding, setting: Setting, before: date | None, at: datetime, book: WorkCalendar
) -> Term:
    """Keep how the deadline came about. Call after the move, in its transaction.

    before: the deadline so far; None when this is the first
    """
    if before is not None and (before != setting.due.day or setting.kind == Term.Kind.HANDED_ON):
        supervisions.begin_anew(finding=finding, why=f"期限另行确定：{setting.rule}", at=at)
    return Term.objects.create(
        finding=finding,
        ordinal=finding.terms.count() + 1,
        kind=setting.kind,
        **_counted(setting, before, at, book),
    )


def write_side(
    *,
    of: SideTerm.Of,
    matter: Model,
    setting: Setting,
    before: date | None = None,
    at: datetime,
    book: WorkCalendar,
) -> SideTerm:
    """Keep how a deadline beside the one to put right came about. Call in the transaction that sets it.

    matter: the row it is a deadline of
    """
    key = str(matter.pk)
    return SideTerm.objects.create(
        of=of,
        matter=key,
        ordinal=SideTerm.objects.filter(of=of, matter=key).count() + 1,
        **_counted(setting, before, at, book),
    )


def given(*, rule: str, working_days: int, due: Due, at: datetime, book: WorkCalendar) -> Setting:
    """A term in working days from now."""
    start = counts_from(received=at.astimezone(SHANGHAI), book=book)
    return Setting(
        Term.Kind.ISSUED, f"{rule}，{working_days}个工作日", due, counts_from=start, working_days=working_days
    )


def _counted(setting: Setting, before: date | None, at: datetime, book: WorkCalendar) -> dict[str, Any]:
    """The columns that every kept setting has."""
    start, due = setting.counts_from, setting.due.day
    passed_over = None
    if start is not None:
        names = calendar.names(first=start, last=due)
        runs = rules.skipped(start=start, due=due, book=book, names=names)
        passed_over = [[run.first.isoformat(), run.last.isoformat(), run.why] for run in runs]
    return {
        "at": at,
        "rule": setting.rule,
        "counts_from": start,
        "working_days": setting.working_days,
        "due_before": before,
        "due_on": due,
        "is_estimate": setting.due.is_estimate,
        "calendar_version": setting.due.calendar_version,
        "skipped": passed_over,
        "change": setting.change,
    }


def give_back(*, finding: Finding, move: Move, by: Actor, at: datetime, reason: str, **changes: Any) -> None:
    """Put a report back into the unit's hands; its clock goes on from where it stood."""
    book, before = calendar.load(), finding.due_on
    setting = after_return(finding=finding, at=at, book=book)
    moves.carry_out(finding, move, by=by, at=at, reason=reason, **columns(setting), **changes)
    write(finding=finding, setting=setting, before=before, at=at, book=book)


def after_return(*, finding: Finding, at: datetime, book: WorkCalendar) -> Setting:
    """The deadline of a report that is sent back: the days it lay with the office do not count."""
    if finding.due_on is None or finding.handed_in_on is None:
        raise RuntimeError(f"finding {finding.pk} was handed in without a term")
    stood = (finding, finding.due_on, finding.handed_in_on)
    return _resumed(Term.Kind.AFTER_RETURN, RETURN_RULE, *stood, at=at, book=book)


def after_pause(*, finding: Finding, at: datetime, book: WorkCalendar) -> Setting:
    """The deadline after an objection that stopped the clock has been decided."""
    if finding.due_on is None or finding.paused_on is None:
        raise RuntimeError(f"finding {finding.pk} is not paused")
    stood = (finding, finding.due_on, finding.paused_on)
    return _resumed(Term.Kind.AFTER_PAUSE, OBJECTION_RULE, *stood, at=at, book=book)


def _resumed(
    kind: Term.Kind,
    rule: str,
    finding: Finding,
    due_on: date,
    stopped_on: date,
    *,
    at: datetime,
    book: WorkCalendar,
) -> Setting:
    today = clock.day_of(at)
    due, left = rules.resumed(due_on=due_on, stopped_on=stopped_on, resumes_on=today, book=book)
    if not left:
        pressed = ladder.resumed_from(
            counted_from=finding.ladder_from or due_on, stopped_on=stopped_on, resumes_on=today, book=book
        )
        return Setting(kind, f"{rule}；停计时已逾期，期限不变", due, ladder_from=pressed)
    return Setting(kind, f"{rule}：尚余{left}个工作日", due, counts_from=today, working_days=left)
