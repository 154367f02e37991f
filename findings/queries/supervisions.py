"""Steps of the ladder as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.prepared import Prepared
from conduct.shapes import Standing
from findings.models import Finding, Supervision
from findings.rules.ladder import NAMES, PAPERS, Step, day_of, steps_of
from people.access import Asker

S = Supervision.State
# What the list of the office can be narrowed to: the address, the words, the states.
FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "waiting": ("待签发", (S.DRAFTED,)),
    "held": ("暂缓签发", (S.HELD,)),
    "signed": ("已签发", tuple(Supervision.ISSUED)),
    "proposed": ("追责建议", (S.PROPOSED,)),
    "skipped": ("已越过", (S.SKIPPED,)),
    "moot": ("不再需要", (S.MOOT,)),
}
STEPS: dict[str, tuple[str, Step]] = {step.name.lower(): (NAMES[step], step) for step in PAPERS}
TONES = {S.DRAFTED: "waiting", S.HELD: "stopped", S.SIGNED: "open", S.RECORDED: "done"}
OF_FINDING = Prepared(
    lambda finding: (
        Supervision.objects.filter(finding=finding)
        .select_related("signed_by", "recorded_by")
        .order_by("made_at", "step", "pk")
    ),
    finding=models.UUIDField(),
)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step as the page of the finding tells it. day: when it came, or will come; row: None before that."""

    name: str
    state: str
    day: date | None = None
    row: Supervision | None = None
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where a finding stands on the ladder of its route. note: why nothing comes next just now."""

    rungs: list[Rung]
    note: str = ""


def listed(user: Asker, *, state: str = "", step: str = "") -> QuerySet[Supervision]:
    """Papers and proposals the person sees; state, step: keys of FILTERS and STEPS, anything else for all."""
    rows = Supervision.objects.visible_to(user).select_related("unit", "finding", "signed_by")
    rows = rows.filter(step__gte=Step.LETTER)
    if state in FILTERS:
        rows = rows.filter(state__in=FILTERS[state][1])
    return rows.filter(step=STEPS[step][1]) if step in STEPS else rows


def get_for(user: Asker, pk: UUID) -> Supervision:
    """A step the person may read.

    Raises: Http404
    """
    rows = Supervision.objects.visible_to(user).filter(step__gte=Step.LETTER)
    rows = rows.select_related(
        "unit", "paper", "finding__unit", "finding__notice", "signed_by", "recorded_by"
    )
    return get_object_or_404(rows, pk=pk)


def of_finding(finding: Finding, *, for_unit: bool, today: date, book: WorkCalendar) -> Ladder | None:
    """The ladder of a finding: what was done, what comes next and when; None where nothing presses it."""
    if finding.route is None or finding.due_on is None:
        return None
    rows = OF_FINDING(finding=finding.pk) if getattr(finding, "was_pressed", True) else []
    rows = [row for row in rows if not for_unit or _told(row, finding)]
    if finding.runs_until is None:
        note = "异议办理期间暂停督办。" if finding.paused_on else ""
        return Ladder([_past(row) for row in rows], note) if rows else None
    return Ladder([*map(_past, rows), *_coming(finding, today, book)])


def _told(row: Supervision, finding: Finding) -> bool:
    """Whether the unit is told of it: its own reminders, and what was signed."""
    return row.unit_id == finding.unit_id and row.state in (S.DONE, *Supervision.ISSUED)


def _past(row: Supervision) -> Rung:
    return Rung(row.get_step_display(), row.get_state_display(), row.made_on, row)


def _coming(finding: Finding, today: date, book: WorkCalendar) -> list[Rung]:
    if finding.route is None or finding.runs_until is None:
        return []
    days, start = finding.route.ladder, finding.ladder_from or finding.runs_until
    above = [step for step in steps_of(days) if step > finding.rung]
    return [
        Rung(
            NAMES[step],
            "下一步" if place == 0 else "",
            max(today, day_of(step=step, days=days, start=start, book=book)),
            is_next=place == 0,
        )
        for place, step in enumerate(above)
    ]


def standing(row: Supervision, *, today: date, book: WorkCalendar) -> Standing:
    """Where the paper stands."""
    finding = row.finding
    is_waiting = row.state in Supervision.WAITING
    runs = finding.runs_until is not None and finding.unit_id == row.unit_id
    return Standing(
        state=row.get_state_display(),
        tone=TONES.get(S(row.state), "done"),
        desk="督查办分管领导" if is_waiting else (row.unit.name if runs else "已了结"),
        next="分管领导签发，或者写明理由暂缓" if is_waiting else ("单位报送整改报告" if runs else ""),
        due_on=row.due_on,
        remaining=working_days_between(start=today, end=row.due_on, book=book) if runs else None,
        handed_in_on=finding.handed_in_on,
        paused=finding.paused_on is not None,
        due_label="整改期限",
    )
