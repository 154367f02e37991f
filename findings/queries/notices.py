"""Notices as pages show them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.models import Office
from conduct.shapes import Standing
from findings.models import Finding, Notice, Objection
from people import access
from people.models import User
from people.roles import Permission

from .standing import RECEIPT_TERM, rectification_term


def listed(user: User) -> QuerySet[Notice]:
    """The notices the person sees, with their unit."""
    return Notice.objects.visible_to(user).select_related("unit", "received_by")


def several_for(user: User, ids: list[UUID]) -> list[Notice]:
    """Those of the notices the person may see, in the order asked."""
    found = {row.pk: row for row in Notice.objects.visible_to(user).select_related("unit").filter(pk__in=ids)}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def may_receive(user: User, notice: Notice) -> bool:
    """Whether this person can sign for the notice now."""
    return notice.received_at is None and access.may(user, Permission.NOTICE_RECEIVE, unit=notice.unit)


def is_corrected(notice: Notice) -> bool:
    """Whether an objection to one of its findings was upheld, at least in part: what it says is put right."""
    changed = (Objection.State.UPHELD, Objection.State.PARTLY)
    return Objection.objects.filter(finding__notice=notice, state__in=changed).exists()


def contact() -> str:
    """Whom units ask, unless a clerk writes someone else."""
    return Office.objects.values_list("contact", flat=True).first() or ""


def standing(*, notice: Notice, findings: list[Finding], today: date, book: WorkCalendar) -> Standing:
    """Where the notice stands: signed for or not, by when it is to be, and the earliest term it sets."""
    running = [row for row in findings if row.due_on and row.state in Finding.OPEN]
    first = min(running, key=lambda row: (row.runs_until or date.max, row.due_on or date.max), default=None)
    rectification = rectification_term(first, today=today, book=book) if first else None
    # Nothing to sign for by a day any more: the head signed, or the notice has counted as served without.
    is_received = notice.delivered_at is not None
    due_on, estimated = (first.due_on, first.due_is_estimate) if first else (None, False)
    if first and not is_received:
        due_on, estimated = notice.receipt_due_on, notice.receipt_due_is_estimate
    state, coming = _receipt(notice)
    return Standing(
        state=state,
        tone="open" if is_received else "waiting",
        desk=notice.unit.name if running else "已了结",
        next=coming if running else "",
        due_on=due_on,
        remaining=working_days_between(start=today, end=due_on, book=book) if due_on else None,
        handed_in_on=first.handed_in_on if first and is_received else None,
        paused=bool(first and is_received and first.paused_on),
        estimated=estimated,
        has_deadline=due_on is not None,
        due_label="整改期限" if is_received else RECEIPT_TERM,
        how_url=reverse("findings:terms", args=[first.pk]) if first else "",
        then=None if is_received else rectification,
    )


def _receipt(notice: Notice) -> tuple[str, str]:
    """How the receipt stands, and what is next."""
    if notice.received_at is not None:
        return "已签收", "按期提交整改报告"
    if notice.served_at is not None:
        return "视为送达待补签", "单位主要负责人补签，按期提交整改报告"
    return "待签收", "单位主要负责人签收"
