"""Plans and progress reports that wait for one person: further rows for 我的工作."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from findings.models import Finding, RectificationPlan, TransferRequest
from findings.rules.plan import EARLY_DAYS
from people import access
from people.models import User
from people.roles import OFFICE_ROLES, UNIT_ROLES, Permission

from . import co_units, parties
from .waiting import MOST, Item

ANSWERING = (Finding.State.RECEIVED, Finding.State.RECTIFYING)


def for_user(user: User, *, today: date) -> list[Item]:
    """What waits for this person besides the findings themselves."""
    return [*_unit_side(user, today), *_office_side(user), *_transfers(user), *_parts(user)]


def _parts(user: User) -> list[Item]:
    """Parts of other units' matters, for the head to answer."""
    return [
        Item(
            verb="答复协办事项",
            title=row.finding.title,
            unit=row.unit.name,
            url=reverse("findings:part", args=[row.pk]),
            due_on=row.due_on,
            is_estimate=row.due_is_estimate,
            note=f"已退回 {row.returns} 次" if row.returns else "",
        )
        for row in co_units.waiting_for(user)
    ]


def sent_by(user: User) -> list[Item]:
    """What the person's unit returned to the office and waits for."""
    own = access.within(user, Permission.NOTICE_RECEIVE, path_field="unit__path", roles=UNIT_ROLES)
    if not access.holds(user, Permission.NOTICE_RECEIVE):
        return []
    rows = TransferRequest.objects.filter(own, state=TransferRequest.State.ASKED)
    return [_transfer("等待督查办决定是否改派", row) for row in _with_names(rows)]


def _transfers(user: User) -> list[Item]:
    """Matters units say are not their own, for the office to decide."""
    if not access.holds(user, Permission.NOTICE_ISSUE):
        return []
    own = access.within(user, Permission.NOTICE_ISSUE, path_field="unit__path", roles=OFFICE_ROLES)
    rows = TransferRequest.objects.filter(own, state=TransferRequest.State.ASKED)
    return [_transfer("决定是否改派", row) for row in _with_names(rows)]


def _with_names(rows: QuerySet[TransferRequest]) -> QuerySet[TransferRequest]:
    return rows.select_related("finding", "unit").order_by("due_on", "pk")[:MOST]


def _transfer(verb: str, row: TransferRequest) -> Item:
    return Item(
        verb=verb,
        title=row.finding.title,
        unit=row.unit.name,
        url=reverse("findings:transfer", args=[row.pk]),
        due_on=row.due_on,
        is_estimate=row.due_is_estimate,
    )


def _unit_side(user: User, today: date) -> list[Item]:
    if not access.reach(user, Permission.RECTIFICATION_DRAFT, roles=UNIT_ROLES):
        return []
    own = access.within(
        user, Permission.RECTIFICATION_DRAFT, path_field="finding__unit__path", roles=UNIT_ROLES
    )
    below = access.answered_below(user, path_field="finding__unit__path")
    plans = RectificationPlan.objects.filter(
        own,
        ~below,
        _written_by(user, "finding__"),
        state__in=RectificationPlan.OWED,
        finding__state__in=ANSWERING,
        notice=F("finding__notice"),
        occurrence=F("finding__occurrence"),
    ).select_related("finding__unit")
    return [*(_plan_item(row) for row in plans.order_by("due_on", "pk")[:MOST]), *_progress(user, today)]


def _progress(user: User, today: date) -> list[Item]:
    """Progress reports whose time has come: of matters that run, or were given, more than thirty days."""
    own = access.within(user, Permission.RECTIFICATION_DRAFT, path_field="unit__path", roles=UNIT_ROLES)
    rows = Finding.objects.filter(
        own,
        ~access.answered_below(user, path_field="unit__path"),
        _written_by(user, ""),
        Q(progress_due_on__lte=today) | Q(progress_due_on__lt=F("due_on")),
        state__in=ANSWERING,
        progress_due_on__lte=today + timedelta(days=EARLY_DAYS),
    ).select_related("unit")
    return [
        Item(
            verb="提交进度报告",
            title=row.title,
            unit=row.unit.name,
            url=reverse("findings:progress", args=[row.pk]),
            due_on=row.progress_due_on,
            is_estimate=row.progress_is_estimate,
        )
        for row in rows.order_by("progress_due_on", "pk")[:MOST]
    ]


def _office_side(user: User) -> list[Item]:
    if not access.holds(user, Permission.RECTIFICATION_REVIEW):
        return []
    rows = _to_judge(user).select_related("finding__unit").order_by("due_on", "pk")[:MOST]
    finders = parties.finders_of(row.finding for row in rows)
    return [
        _item("审核整改方案", row, note=f"已退回 {row.returns} 次" if row.returns else "")
        for row in rows
        if user.pk not in finders.get(row.finding_id, ())
        and not access.belongs_to(person=user, unit=row.finding.unit)
    ]


def _to_judge(user: User) -> QuerySet[RectificationPlan]:
    own = access.within(
        user, Permission.RECTIFICATION_REVIEW, path_field="finding__unit__path", roles=OFFICE_ROLES
    )
    return RectificationPlan.objects.filter(own, state=RectificationPlan.State.SUBMITTED)


def _written_by(user: User, finding: str) -> Q:
    """Matters on which the person writes for the unit: the head all, a liaison those named to them."""
    signs = access.within(
        user, Permission.RECTIFICATION_SIGN, path_field=f"{finding}unit__path", roles=UNIT_ROLES
    )
    return signs | Q(**{f"{finding}liaison": user})


def _plan_item(row: RectificationPlan) -> Item:
    verb = "修改整改方案" if row.state == RectificationPlan.State.RETURNED else "提交整改方案"
    return _item(verb, row, due_on=row.due_on, is_estimate=row.due_is_estimate)


def _item(
    verb: str,
    row: RectificationPlan,
    *,
    due_on: date | None = None,
    is_estimate: bool = False,
    note: str = "",
) -> Item:
    return Item(
        verb=verb,
        title=row.finding.title,
        unit=row.finding.unit.name,
        url=reverse("findings:plan", args=[row.finding_id]),
        due_on=due_on,
        is_estimate=is_estimate,
        note=note,
    )
