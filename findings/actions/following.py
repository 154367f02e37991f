"""Deadlines follow a change of the calendar: batch by batch, each told and kept, and put back when it is undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from conduct import clock, messages, moves
from conduct.audit import Actor
from conduct.calendar import book as calendar
from conduct.calendar import changes
from conduct.calendar.rules import Due, WorkCalendar
from conduct.dates import plain_date
from conduct.models import CalendarChange
from findings.models import Finding, SideTerm, Term
from findings.queries import clocks
from findings.queries import following as query
from findings.queries.clocks import CLOCKS, Clock
from people.queries import addressees

from . import terms

MOVED = messages.declare("findings.calendar", "放假安排调整，期限变动", is_floor=True)
RULE = "放假安排调整后重新计算："
MOST_LINES = 20
Step = Callable[[int], None]


def follow(*, change: CalendarChange, by: Actor, at: datetime, on_step: Step) -> int:
    """Move every deadline that runs as the change asks, and tell those concerned; returns how many rows were looked at.

    Doing it again after a crash goes on where it stopped: what has been moved stays, and nobody is told twice.
    on_step: told how many rows have been looked at
    """
    now, seen = calendar.load(), 0
    before = changes.before(change=change, now=now)
    if change.undoes is not None:
        _put_back(change, change.undoes, now, by, at)
    since = changes.first_touched(before=before, after=now)
    for kind in CLOCKS if since else ():
        for rows in kind.batches(since=since or date.max):
            _move(kind, [row.pk for row in rows], before, now, change, by, at)
            seen += len(rows)
            on_step(seen)
    _tell(change, by, at)
    return seen


@transaction.atomic
def _move(
    kind: Clock,
    keys: list[Any],
    before: WorkCalendar,
    now: WorkCalendar,
    change: CalendarChange,
    by: Actor,
    at: datetime,
) -> None:
    rows = list(kind.rows().select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    for one in query.recounts(clock=kind, rows=rows, before=before, after=now):
        kept = one.kept
        rule = (
            kept.rule if kept and kept.rule.startswith(RULE) else RULE + (kept.rule if kept else kind.label)
        )
        setting = terms.Setting(
            Term.Kind.CALENDAR,
            rule[:120],
            one.due,
            counts_from=kept.counts_from if kept else None,
            working_days=kept.working_days if kept else None,
            change=change,
        )
        _set(kind, one.row, setting, now, by, at)


def _put_back(
    change: CalendarChange, undone: CalendarChange, now: WorkCalendar, by: Actor, at: datetime
) -> None:
    """Give back the former day where nothing else has set the deadline since; a near day is left as it is."""
    today = change.day
    for kind, found, term in clocks.moved_by(undone):
        if term.due_before is None or term.due_before == term.due_on:
            continue
        with transaction.atomic():
            row = kind.rows().select_for_update(of=("self",)).filter(pk=found.pk).first()
            if row is None or query.objection_to_going_back(
                clock=kind, row=row, term=term, today=today, book=now
            ):
                continue
            if kind.due_of(row) == term.due_before:
                continue
            start = term.counts_from or term.due_before
            due = Due(
                term.due_before, not now.knows(min(start, term.due_before), term.due_before), now.version
            )
            setting = terms.Setting(
                Term.Kind.CALENDAR,
                query.PUT_BACK,
                due,
                counts_from=term.counts_from,
                working_days=term.working_days,
                change=change,
            )
            _set(kind, row, setting, now, by, at)


def _set(kind: Clock, row: Any, setting: terms.Setting, book: WorkCalendar, by: Actor, at: datetime) -> None:
    """The columns of the row, its history, and how the day came about."""
    before, due = kind.due_of(row), setting.due
    columns: dict[str, Any] = {kind.due: due.day, kind.estimate: due.is_estimate}
    if kind.version:
        columns[kind.version] = due.calendar_version
    if isinstance(row, Finding) and not kind.of and row.runs_until is not None:
        columns["runs_until"] = due.day
    moves.revise(
        row,
        expected=row.version,
        by=by,
        at=at,
        verb="follow_calendar",
        label=f"{kind.label}随放假安排调整",
        reason=f"{plain_date(before)}改为{plain_date(due.day)}" if before != due.day else "日期不变",
        **columns,
    )
    if kind.of:
        terms.write_side(
            of=SideTerm.Of(kind.of), matter=row, setting=setting, before=before, at=at, book=book
        )
    else:
        terms.write(finding=row, setting=setting, before=before, at=at, book=book)


@dataclass
class Digest:
    """What one person is told of a change: how many deadlines, of which units, and the first of them."""

    number: int = 0
    units: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    due_on: date | None = None


@transaction.atomic
def _tell(change: CalendarChange, by: Actor, at: datetime) -> None:
    """One message to each person concerned, whatever the number."""
    digests: dict[int, Digest] = {}
    today = clock.day_of(at)
    changed = [
        (kind, row, term)
        for kind, row, term in clocks.moved_by(change)
        if term.due_before not in (None, term.due_on)
    ]
    answering = addressees.answering_for({clocks.unit_of(row).path for _, row, _ in changed}, day=today)
    for kind, row, term in changed:
        unit = clocks.unit_of(row)
        is_offices = kind.of == SideTerm.Of.TRANSFER
        to = addressees.office_of(unit, day=today) if is_offices else answering[unit.path]
        line = (
            f"{kind.label}　{unit.name}　{clocks.number_of(row)}　"
            f"{plain_date(term.due_before or term.due_on)}改为{plain_date(term.due_on)}"
        )
        for person in to:
            digest = digests.setdefault(person, Digest())
            digest.number += 1
            digest.units.add(unit.name)
            digest.due_on = min(digest.due_on or term.due_on, term.due_on)
            if len(digest.lines) < MOST_LINES:
                digest.lines.append(line)
    for person, digest in digests.items():
        _send(person, digest, change, by, at)


def _send(person: int, digest: Digest, change: CalendarChange, by: Actor, at: datetime) -> None:
    number = digest.number
    why = "放假安排的调整已撤销" if change.undoes_id else "放假安排有调整"
    more = [f"另有 {number - len(digest.lines)} 项，请登录查看。"] if number > len(digest.lines) else []
    messages.tell(
        MOVED,
        to=[person],
        matter=change,
        step="moved",
        words=f"{why}，{number} 个期限随之变动，请按新的日期办理。",
        unit=next(iter(digest.units)) if len(digest.units) == 1 else f"{len(digest.units)} 个单位",
        due_on=digest.due_on,
        lines="\n".join([*digest.lines, *more]),
        url_name="findings:list",
        query="?order=deadline",
        by=by,
        at=at,
    )
