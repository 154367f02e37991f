"""Matters returned as not the unit's own, as pages show them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import models
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.prepared import Prepared
from conduct.shapes import Standing, TimelineEntry
from findings.models import Finding, Notice, PlanItem, RectificationPlan, TransferRequest
from people.access import Asker

from . import timeline

S = TransferRequest.State
OF_FINDING = Prepared(
    lambda finding: (
        TransferRequest.objects.filter(finding=finding)
        .select_related("unit", "new_unit", "decided_by")
        .order_by("-asked_at")
    ),
    finding=models.UUIDField(),
)
NEXT = {
    S.ASKED: "督查办决定改派还是不同意，期间整改期限照常计算",
    S.HANDED_ON: "",
    S.DECLINED: "单位按期整改",
    S.WITHDRAWN: "单位按期整改",
}


def get_for(user: Asker, pk: UUID) -> TransferRequest:
    """A request of the person's own unit, or of one of the office's.

    Raises: Http404
    """
    rows = TransferRequest.objects.visible_to(user).select_related(
        "unit",
        "notice",
        "new_unit",
        "asked_by",
        "decided_by",
        "draft",
        "finding__unit",
        "finding__notice",
        "finding__route",
    )
    return get_object_or_404(rows, pk=pk)


def of_finding(finding: Finding, *, for_unit: bool) -> list[TransferRequest]:
    """The requests about a finding, the latest first; a unit sees its own."""
    if not finding.transfer_requests:
        return []
    rows: list[TransferRequest] = OF_FINDING(finding=finding.pk)
    return [row for row in rows if not for_unit or row.unit_id == finding.unit_id]


def of_notice(notice: Notice) -> list[TransferRequest]:
    """What a notice asked for and was given to other units since."""
    rows = TransferRequest.objects.filter(notice=notice, state=S.HANDED_ON).select_related(
        "finding", "new_unit"
    )
    return list(rows.order_by("decided_at"))


def plan_of(request: TransferRequest) -> tuple[RectificationPlan | None, list[PlanItem]]:
    """The plan the unit had made, with its measures."""
    plans = RectificationPlan.objects.filter(finding=request.finding, notice=request.notice)
    plan = plans.order_by("occurrence").last()
    return plan, list(plan.items.order_by("ordinal")) if plan else []


def steps(request: TransferRequest, *, for_unit: bool) -> list[TimelineEntry]:
    """What was done while the unit had the matter, newest first."""
    end = request.decided_at if request.state == S.HANDED_ON else None
    rows = timeline.entries(
        finding=request.finding, reports=[], statements=[], acceptances=[], for_unit=for_unit, whole=True
    )
    start = _begun(request) if for_unit else None
    return [row for row in rows if (end is None or row.at <= end) and (start is None or row.at >= start)]


def _begun(request: TransferRequest) -> datetime | None:
    """Since when the unit had the matter, where another had it before."""
    earlier = TransferRequest.objects.filter(
        finding=request.finding, state=S.HANDED_ON, decided_at__lt=request.asked_at
    )
    return earlier.order_by("-decided_at").values_list("decided_at", flat=True).first()


def standing(request: TransferRequest, *, today: date, book: WorkCalendar) -> Standing:
    """Where the request stands, and by when it is answered."""
    is_open = request.state == S.ASKED
    left = working_days_between(start=today, end=request.due_on, book=book) if is_open else None
    return Standing(
        state=request.get_state_display(),
        tone="waiting" if is_open else "done",
        desk="督查办" if is_open else "已答复" if request.decided_at else "已撤回",
        next=NEXT[S(request.state)],
        due_on=request.due_on if is_open else None,
        remaining=left,
        estimated=request.due_is_estimate,
        has_deadline=is_open,
        due_label="答复期限",
        how_url=reverse("findings:terms", args=[request.finding_id]) if is_open else "",
    )
