"""What waits for one person, and what they wait for: rows for 我的工作, sorted by deadline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from conduct.dates import cn_date
from conduct.paging import BOUND, bounded_count
from findings.models import Acceptance, Finding, Notice, Revisit, UnitStatement
from findings.rules.parting import ACCEPTERS_NEEDED
from people import access
from people.models import User
from people.roles import OFFICE_ROLES, UNIT_ROLES, Permission

from . import asked, parties, revisits, worklist
from .filters import IsOpen
from .items import Item

S = Finding.State
MOST = 60
SHOWN = (
    "id",
    "title",
    "state",
    "due_on",
    "due_is_estimate",
    "statement_due_on",
    "statement_due_is_estimate",
    "unit__name",
    "unit__path",
)
OFFICE_STEPS = {
    S.NEW: Permission.FINDING_TRIAGE,
    S.VERIFYING: Permission.FINDING_CONFIRM,
    S.CONFIRMED: Permission.NOTICE_ISSUE,
    S.PARTLY: Permission.NOTICE_ISSUE,
    S.SUBMITTED: Permission.RECTIFICATION_REVIEW,
    S.AWAITING_ACCEPTANCE: Permission.FINDING_ACCEPT,
}


@dataclass(frozen=True, slots=True)
class Badge:
    """How many things wait for the unit's answer, and the nearest day."""

    count: int
    due_on: date | None


def for_user(user: User) -> list[Item]:
    """Everything that waits for this person, the nearest deadline first, what has none last."""
    items = [*_unit_side(user), *_office_side(user), *_second_looks(user), *asked.of_office(user)]
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
    """What the person's unit handed in and waits for: reports under review or acceptance."""
    paths = access.reach(user, Permission.FINDING_VIEW, roles=UNIT_ROLES)
    if not paths:
        return []
    rows = _own(user).filter(state__in=[S.SUBMITTED, S.AWAITING_ACCEPTANCE]).order_by("due_on", "pk")
    return [
        _item("等待督查办" + row.get_state_display().removeprefix("整改报告"), row) for row in rows[:MOST]
    ]


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
    is_head = access.holds(user, Permission.RECTIFICATION_SIGN)
    items: dict[str, Item] = {}
    for row in _answerable(user).order_by("due_on", "pk")[:MOST]:
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
        note = f"已退回 {row.returns} 次" if row.returns else ""
        return _item("提交整改报告" if is_head else "起草整改报告", row, url="findings:rectify", note=note)
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
    )


def _office_side(user: User) -> list[Item]:
    """What the office may do now, leaving out what this person may not do because of an earlier part."""
    steps = {
        state: permission for state, permission in OFFICE_STEPS.items() if access.holds(user, permission)
    }
    if not steps:
        return []
    found = _nearest(user, list(steps))
    finders = parties.finders_of(row for row in found if row.state in (S.SUBMITTED, S.AWAITING_ACCEPTANCE))
    verdicts = _verdicts(found)
    items = (
        _office_item(row, user, finders.get(row.pk, frozenset()), verdicts.get(row.pk, set()))
        for row in found
    )
    return [item for item in items if item is not None]


def _nearest(user: User, states: list[Finding.State]) -> list[Finding]:
    """The findings of the office in these states, the nearest term first, what has none by its age after them.

    Asked one after the other, each is a walk along an index; together they would all be sorted to show a few.
    """
    reach = access.reach(user, Permission.FINDING_VIEW, roles=OFFICE_ROLES)
    rows = Finding.objects.of_branches(reach).select_related("unit").only(*SHOWN)
    found: list[Finding] = []
    if set(states) & set(Finding.OPEN):
        # Told by what they are not: asked for these states, SQLite would leave the index by term.
        left_out = [state for state in Finding.OPEN if state not in states]
        termed = rows.filter(IsOpen(F("state")), due_on__isnull=False).exclude(state__in=left_out)
        found += termed.order_by("due_on", "pk")[:MOST]
    others = [state for state in states if state not in Finding.OPEN]
    if others and len(found) < MOST:
        found += rows.filter(state__in=others).order_by("raised_at", "pk")[: MOST - len(found)]
    return found


def _office_item(row: Finding, user: User, finders: frozenset[int], accepted: set[int]) -> Item | None:
    match row.state:
        case S.NEW:
            return _item("研判", row)
        case S.VERIFYING:
            return _item("核实认定", row, due_on=row.statement_due_on)
        case S.CONFIRMED | S.PARTLY:
            return _item("发出整改通知书", row)
        case S.AWAITING_ACCEPTANCE if len(accepted) >= ACCEPTERS_NEEDED:
            return _item("销号", row)
    if user.pk in finders or user.pk in accepted or access.belongs_to(person=user, unit=row.unit):
        return None
    if row.state == S.SUBMITTED:
        return _item("审核整改报告", row, url="findings:review")
    if access.answers_to(person=user, superior_ids=finders):
        return None
    return _item("验收", row, url="findings:accept", note=f"已有 {len(accepted)} 位同意")


def _second_looks(user: User) -> list[Item]:
    """Those the person keeps, shortly before their day, and those they may judge now."""
    if not access.holds(user, Permission.FINDING_CONFIRM):
        return []
    kept = revisits.kept_by(user, today=access.today())
    found: list[tuple[str, Revisit, date | None]] = [("安排回头看", row, row.on_day) for row in kept]
    found += [("认定回头看结果", row, None) for row in revisits.to_judge(user)]
    return [
        Item(verb, row.finding.title, row.finding.unit.name, reverse("findings:revisit", args=[row.pk]), day)
        for verb, row, day in found
    ]


def _verdicts(rows: Iterable[Finding]) -> dict[object, set[int]]:
    """Who accepted the present round of each finding."""
    awaiting = [row.pk for row in rows if row.state == S.AWAITING_ACCEPTANCE]
    latest = dict(
        Finding.objects.filter(pk__in=awaiting)
        .annotate(rounds=Count("rectifications"))
        .values_list("pk", "rounds")
    )
    found: dict[object, set[int]] = {}
    accepts = Acceptance.objects.filter(finding__in=awaiting, verdict=Acceptance.Verdict.ACCEPT)
    for finding, round_, person in accepts.values_list("finding", "round", "by"):
        if latest.get(finding) == round_:
            found.setdefault(finding, set()).add(person)
    return found


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
