"""What waits for one person, and what they wait for: rows for 我的工作, sorted by deadline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from conduct.dates import cn_date
from conduct.paging import BOUND, bounded_count
from findings.models import Finding, Notice, Revisit, UnitStatement
from people import access
from people.models import User
from people.roles import OFFICE_ROLES, UNIT_ROLES, Permission

from . import asked, on_desk, revisits, worklist
from .items import MOST, Item

S = Finding.State
PAUSED = "异议办理期间暂停计时"


@dataclass(frozen=True, slots=True)
class Badge:
    """How many things wait for the unit's answer, and the nearest day."""

    count: int
    due_on: date | None


def for_user(user: User) -> list[Item]:
    """Everything that waits for this person, the nearest deadline first, what has none last."""
    items = [*_unit_side(user), *on_desk.for_user(user), *_second_looks(user), *asked.of_office(user)]
    return sorted(items, key=lambda item: (item.due_on is None, item.due_on or date.max, item.title))


def worklist_count(user: User) -> int:
    """Observations the person's office has not dealt with yet, counted up to the bound."""
    if not access.holds(user, Permission.FINDING_TRIAGE):
        return 0
    return min(bounded_count(worklist.for_user(user)), BOUND)


def badge(user: User) -> Badge:
    """What waits for the unit's answer: statements, receipts and reports."""
    if not access.reach(user, Permission.FINDING_VIEW, roles=UNIT_ROLES):
        return Badge(0, None)
    columns = ("state", "due_on", "statement_due_on", "notice__receipt_due_on")
    rows = _answerable(user).values_list(*columns)[: BOUND + 1]
    days = [
        {S.VERIFYING: statement, S.ASSIGNED: receipt}.get(S(state), due)
        for state, due, statement, receipt in rows
    ]
    return Badge(len(days), min((day for day in days if day), default=None))


def badge_count(user: User) -> int:
    """The number on the unit's menu line."""
    return badge(user).count


def sent_and_waiting(user: User) -> list[Item]:
    """What the person's side sent on and waits for: reports under review, what was asked of the office or the unit."""
    return [*_handed_in(user), *asked.of_units(user), *_statements_awaited(user)]


def _handed_in(user: User) -> list[Item]:
    if not access.reach(user, Permission.FINDING_VIEW, roles=UNIT_ROLES):
        return []
    rows = _own(user).filter(state__in=[S.SUBMITTED, S.AWAITING_ACCEPTANCE]).order_by("due_on", "pk")
    return [
        replace(_item("等待督查办" + row.get_state_display().removeprefix("整改报告"), row), due_on=None)
        for row in rows[:MOST]
    ]


def _statements_awaited(user: User) -> list[Item]:
    """Statements units were asked for and still have time to give."""
    reach = access.reach(user, Permission.FINDING_TRIAGE, roles=OFFICE_ROLES)
    if not reach:
        return []
    rows = Finding.objects.of_branches(reach).filter(
        ~Exists(UnitStatement.objects.filter(finding=OuterRef("pk"))),
        state=S.VERIFYING,
        statement_due_on__gte=access.today(),
    )
    rows = rows.select_related("unit").order_by("statement_due_on", "pk")
    return [_item("等待单位陈述", row, due_on=row.statement_due_on) for row in rows[:MOST]]


def _own(user: User) -> QuerySet[Finding]:
    own = access.within(user, Permission.FINDING_VIEW, path_field="unit__path", roles=UNIT_ROLES)
    return Finding.objects.visible_to(user).filter(own).select_related("unit", "notice")


def _answerable(user: User) -> QuerySet[Finding]:
    """Where the person's own answer is due: to a question, a notice, or with a report; not where the head of
    a unit below answers.
    """
    unanswered = Q(state=S.VERIFYING, statement_asked_at__isnull=False) & ~Exists(
        UnitStatement.objects.filter(finding=OuterRef("pk"))
    )
    below = access.answered_below(user, path_field="unit__path")
    return _own(user).filter(unanswered | Q(state__in=[S.ASSIGNED, S.RECEIVED, S.RECTIFYING]), ~below)


def _unit_side(user: User) -> list[Item]:
    if not access.reach(user, Permission.FINDING_VIEW, roles=UNIT_ROLES):
        return []
    items: dict[str, Item] = {}
    for row in _answerable(user).order_by("due_on", "pk")[:MOST]:
        is_head = access.may(user, Permission.RECTIFICATION_SIGN, unit=row.unit)
        item = _unit_item(row, user, is_head=is_head)
        if item:
            items.setdefault(item.url, item)
    return list(items.values())


def _unit_item(row: Finding, user: User, *, is_head: bool) -> Item | None:
    if row.state == S.VERIFYING:
        return (
            _item("提交陈述", row, url="findings:statement", due_on=row.statement_due_on) if is_head else None
        )
    if row.state == S.ASSIGNED and row.notice is not None:
        return _notice_item(row.notice, row) if is_head else None
    if is_head or row.liaison_id == user.pk:
        verb, url = "提交整改报告" if is_head else "起草整改报告", "findings:rectify"
        if row.paused_on:
            return replace(_item(verb, row, url=url, note=PAUSED), due_on=None, is_estimate=False)
        return _item(verb, row, url=url, note=f"已退回 {row.returns} 次" if row.returns else "")
    return None


def _notice_item(notice: Notice, row: Finding) -> Item:
    """To sign for a notice by its own day; the nearest term to put something right stands beside it."""
    served = f"{cn_date(notice.served_at)}已视为送达；" if notice.served_at else ""
    term = f"整改期限 {cn_date(row.due_on)}{'（估算）' if row.due_is_estimate else ''}" if row.due_on else ""
    return Item(
        verb="补签整改通知" if served else "签收整改通知",
        title=notice.number,
        unit=row.unit.name,
        url=reverse("findings:notice_detail", args=[notice.pk]),
        due_on=notice.receipt_due_on,
        is_estimate=notice.receipt_due_is_estimate,
        note=f"{served}{term}",
        batch="findings:batch_receive",
        key=f"{notice.pk}:{notice.version}",
    )


def _second_looks(user: User) -> list[Item]:
    """Those the person keeps, shortly before their day, and those they may judge now."""
    if not access.holds(user, Permission.FINDING_CONFIRM):
        return []
    kept = revisits.kept_by(user, today=access.today())
    found: list[tuple[str, Revisit, date | None]] = [("安排回头看", row, row.on_day) for row in kept]
    found += [("认定回头看结果", row, None) for row in revisits.to_judge(user)]
    return [
        Item(
            verb,
            row.finding.title,
            row.finding.unit.name,
            reverse("findings:revisit", args=[row.pk]),
            day,
            is_sealed=True,
        )
        for verb, row, day in found
    ]


def _item(
    verb: str, row: Finding, *, url: str = "findings:detail", due_on: date | None = None, note: str = ""
) -> Item:
    return Item(
        verb=verb,
        title=row.title,
        unit=row.unit.name,
        url=reverse(url, args=[row.pk]),
        due_on=due_on or row.due_on,
        is_estimate=row.due_is_estimate if due_on is None else row.statement_due_is_estimate,
        note=note,
    )
