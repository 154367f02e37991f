"""Plans, their measures and progress reports, as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404

from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.prepared import Prepared
from conduct.shapes import Term
from findings.models import Finding, PlanItem, Progress, RectificationPlan
from findings.rules.plan import is_owed
from people import access
from people.access import Asker
from people.models import User
from people.roles import Permission

ANSWERING = (Finding.State.ASSIGNED, Finding.State.RECEIVED, Finding.State.RECTIFYING)
PLANS = Prepared(
    lambda finding, notice, occurrence: RectificationPlan.objects.filter(
        finding=finding, notice=notice, occurrence=occurrence
    ),
    finding=models.UUIDField(),
    notice=models.UUIDField(),
    occurrence=models.PositiveSmallIntegerField(),
)
ITEMS = Prepared(
    lambda plan: PlanItem.objects.filter(plan=plan).select_related("file").order_by("ordinal"),
    plan=models.UUIDField(),
)
PROGRESS = Prepared(
    lambda finding, notice, occurrence: (
        Progress.objects.filter(finding=finding, notice=notice, occurrence=occurrence)
        .select_related("reported_by")
        .order_by("-number")
    ),
    finding=models.UUIDField(),
    notice=models.UUIDField(),
    occurrence=models.PositiveSmallIntegerField(),
)


def plan_of(finding: Finding) -> RectificationPlan | None:
    """The plan the present notice asks for, if it asks for one."""
    if not finding.needs_plan or finding.notice_id is None:
        return None
    for plan in PLANS(finding=finding.pk, notice=finding.notice_id, occurrence=finding.occurrence):
        plan.finding, plan.notice = finding, finding.notice
        return plan  # type: ignore[no-any-return]
    return None


def plan_for(finding: Finding) -> RectificationPlan:
    """The same where there is nothing to show without it.

    Raises: Http404
    """
    plan = plan_of(finding)
    if plan is None:
        raise Http404
    return plan


def items_of(plan: RectificationPlan) -> list[PlanItem]:
    """The checklist, in its order."""
    return ITEMS(plan=plan.pk)


def item_for(user: Asker, pk: UUID) -> PlanItem:
    """A measure of a plan in force that the person may read.

    Raises: Http404
    """
    rows = PlanItem.objects.filter(
        plan__finding__in=Finding.objects.visible_to(user),
        plan__notice=F("plan__finding__notice"),
        plan__occurrence=F("plan__finding__occurrence"),
    ).select_related("file", "plan__notice", "plan__finding__unit", "plan__finding__notice")
    item = get_object_or_404(rows, pk=pk)
    return item if shows_plan(user, item.plan) else get_object_or_404(rows.none(), pk=pk)


def shows_plan(user: Asker, plan: RectificationPlan) -> bool:
    """Whether the person may read what the plan says: until it is handed in, it is the unit's alone."""
    if plan.state not in RectificationPlan.OWED:
        return True
    return isinstance(user, User) and access.may(user, Permission.RECTIFICATION_DRAFT, unit=plan.finding.unit)


def progress_of(finding: Finding) -> list[Progress]:
    """The progress reports on the present notice, the latest first."""
    if finding.notice_id is None:
        return []
    rows: list[Progress] = PROGRESS(
        finding=finding.pk, notice=finding.notice_id, occurrence=finding.occurrence
    )
    return rows


def terms(
    *, finding: Finding, plan: RectificationPlan | None, today: date, book: WorkCalendar
) -> Sequence[Term]:
    """What else runs against the unit beside the term itself: the plan and the next progress report."""
    if finding.state not in ANSWERING:
        return ()
    found = []
    if plan is not None and plan.state in RectificationPlan.OWED:
        found.append(_term("方案期限", plan.due_on, today, book, is_estimate=plan.due_is_estimate))
    if owes_progress(finding, today=today) and finding.progress_due_on:
        is_estimate = finding.progress_is_estimate
        found.append(_term("进度报告期限", finding.progress_due_on, today, book, is_estimate=is_estimate))
    return found


def owes_progress(finding: Finding, *, today: date) -> bool:
    """Whether a progress report is still to come before the matter ends."""
    due = finding.progress_due_on
    return (
        finding.state in ANSWERING and due is not None and is_owed(due=due, until=finding.due_on, today=today)
    )


def _term(label: str, day: date, today: date, book: WorkCalendar, *, is_estimate: bool) -> Term:
    left = working_days_between(start=today, end=day, book=book)
    return Term(label=label, due_on=day, remaining=left, estimated=is_estimate)
