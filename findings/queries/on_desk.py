"""What the office may do now about findings, for 我的工作: told to exactly those whom the step would not refuse."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q
from django.urls import reverse

from conduct import clock
from conduct.calendar import book as calendar
from conduct.calendar.rules import Due, WorkCalendar
from findings.models import Acceptance, Finding, FindingObservation, UnitStatement
from findings.rules.office_term import office_due
from findings.rules.parting import ACCEPTERS_NEEDED
from people import access
from people.models import User
from people.roles import OFFICE_ROLES, Permission

from . import parties
from .items import MOST, Item

S = Finding.State
P = Permission
REPORTED = (S.SUBMITTED, S.AWAITING_ACCEPTANCE)
SHOWN = (
    "id",
    "title",
    "state",
    "version",
    "raised_at",
    "confirmed_at",
    "handed_in_on",
    "due_on",
    "due_is_estimate",
    "statement_asked_at",
    "statement_due_on",
    "names_person",
    "unit__name",
    "unit__path",
)
STEPS = {
    S.NEW: P.FINDING_TRIAGE,
    S.VERIFYING: P.FINDING_CONFIRM,
    S.CONFIRMED: P.NOTICE_ISSUE,
    S.PARTLY: P.NOTICE_ISSUE,
    S.SUBMITTED: P.RECTIFICATION_REVIEW,
    S.AWAITING_ACCEPTANCE: P.FINDING_ACCEPT,
}


class IsReported(Func):
    """The report is with the office, told of the column `state`; spelled out so that the partial index is used."""

    arity = 1
    template = f"%(expressions)s IN ({', '.join(repr(str(state)) for state in REPORTED)})"
    output_field = BooleanField()


class IsBeforeNotice(Func):
    """Still to be judged or handed over, told of the column `state`; spelled out for the same reason."""

    arity = 1
    template = f"%(expressions)s IN ({', '.join(repr(str(state)) for state in Finding.BEFORE_NOTICE)})"
    output_field = BooleanField()


class Desk:
    """What is known of the rows of one person's desk, asked for all of them at once."""

    def __init__(self, user: User, rows: list[Finding]) -> None:
        self.user = user
        self.finders = parties.finders_of(row for row in rows if row.state in REPORTED)
        self.accepted = _verdicts(rows)
        self.heard, self.pointing = _hearings([row for row in rows if row.state == S.VERIFYING])
        self.book: WorkCalendar = calendar.load()
        self.today = access.today()

    def may(self, permission: Permission, row: Finding) -> bool:
        """Whether the person holds the permission over the unit of this row."""
        return access.may(self.user, permission, unit=row.unit)

    def is_part_of(self, row: Finding) -> bool:
        """Whether the person found it, or serves in the unit that answers for it."""
        return self.user.pk in self.finders.get(row.pk, ()) or access.belongs_to(
            person=self.user, unit=row.unit
        )

    def due(self, row: Finding) -> Due | None:
        """By when the office is to take the step."""
        return office_due(
            state=row.state,
            raised_on=clock.day_of(row.raised_at),
            judged_on=clock.day_of(row.confirmed_at) if row.confirmed_at else None,
            handed_in_on=row.handed_in_on,
            book=self.book,
        )


def for_user(user: User) -> list[Item]:
    """What the office may do now, leaving out what this person may not do because of an earlier part."""
    states = [state for state, permission in STEPS.items() if access.holds(user, permission)]
    rows = _nearest(user, states) if states else []
    if not rows:
        return []
    desk = Desk(user, rows)
    items = (_item(row, desk) for row in rows)
    return [item for item in items if item is not None]


def _nearest(user: User, states: list[Finding.State]) -> list[Finding]:
    """The findings of the office in these states: reports by the day they came, the rest by age.

    Asked one after the other, each is a walk along an index; together they would all be sorted to show a few.
    """
    reach = access.reach(user, Permission.FINDING_VIEW, roles=OFFICE_ROLES)
    rows = Finding.objects.of_branches(reach).select_related("unit").only(*SHOWN)
    found: list[Finding] = []
    if set(states) & set(REPORTED):
        found += rows.filter(IsReported(F("state"))).order_by("handed_in_on", "pk")[:MOST]
    if set(states) & set(Finding.BEFORE_NOTICE):
        left_out = [state for state in Finding.BEFORE_NOTICE if state not in states]
        before = rows.filter(IsBeforeNotice(F("state"))).exclude(state__in=left_out)
        found += before.order_by("raised_at", "pk")[:MOST]
    return found


def _item(row: Finding, desk: Desk) -> Item | None:
    match row.state:
        case S.NEW if desk.may(P.FINDING_TRIAGE, row):
            return _line("研判", row, desk)
        case S.VERIFYING:
            return _verifying(row, desk)
        case S.CONFIRMED | S.PARTLY if desk.may(P.NOTICE_ISSUE, row):
            return _line("发出整改通知书", row, desk, batch="findings:batch_issue")
        case S.SUBMITTED if desk.may(P.RECTIFICATION_REVIEW, row) and not desk.is_part_of(row):
            return _line("审核整改报告", row, desk, url="findings:review", batch="findings:batch_pass")
        case S.AWAITING_ACCEPTANCE if not desk.is_part_of(row):
            return _accepting(row, desk)
    return None


def _verifying(row: Finding, desk: Desk) -> Item | None:
    """To be judged, once the unit has been heard where it must be; while its time runs, the unit is waited for."""
    if row.pk not in desk.heard:
        if row.statement_asked_at is not None:
            is_over = row.statement_due_on is None or row.statement_due_on < desk.today
            if not is_over or not desk.may(P.FINDING_TRIAGE, row):
                return None
            return _line("记录单位陈述情况", row, desk, url="findings:hear", note="陈述期限已过")
        if row.names_person or row.pk in desk.pointing:
            return _line("请单位陈述", row, desk) if desk.may(P.FINDING_TRIAGE, row) else None
    if not desk.may(P.FINDING_CONFIRM, row):
        return None
    return _line("核实认定", row, desk, batch="findings:batch_confirm")


def _accepting(row: Finding, desk: Desk) -> Item | None:
    accepted = desk.accepted.get(row.pk, set())
    if len(accepted) >= ACCEPTERS_NEEDED:
        may_close = desk.may(P.FINDING_CLOSE, row)
        return _line("销号", row, desk, batch="findings:batch_close") if may_close else None
    if desk.user.pk in accepted or not desk.may(P.FINDING_ACCEPT, row):
        return None
    if access.answers_to(person=desk.user, superior_ids=desk.finders.get(row.pk, frozenset())):
        return None
    return _line("验收", row, desk, url="findings:accept", note=f"已有 {len(accepted)} 位同意")


def _line(
    verb: str, row: Finding, desk: Desk, *, url: str = "findings:detail", note: str = "", batch: str = ""
) -> Item:
    due = desk.due(row)
    return Item(
        verb=verb,
        title=row.title,
        unit=row.unit.name,
        url=reverse(url, args=[row.pk]),
        due_on=due.day if due else row.due_on,
        is_estimate=due.is_estimate if due else row.due_is_estimate,
        note=note,
        batch=batch,
        key=f"{row.pk}:{row.version}",
    )


def _hearings(rows: list[Finding]) -> tuple[set[UUID], set[UUID]]:
    """Of which of them a statement is on record, and which rest on a record that points at somebody."""
    if not rows:
        return set(), set()
    seen = FindingObservation.objects.filter(finding=OuterRef("pk"))
    known = Finding.objects.filter(pk__in=[row.pk for row in rows]).values_list(
        "pk",
        Exists(UnitStatement.objects.filter(finding=OuterRef("pk"))),
        Exists(seen.filter(~Q(observation__person_post="") | Q(observation__persons__gt=0))),
    )
    heard, pointing = set(), set()
    for pk, is_heard, points in known:
        heard |= {pk} if is_heard else set()
        pointing |= {pk} if points else set()
    return heard, pointing


def _verdicts(rows: Iterable[Finding]) -> dict[UUID, set[int]]:
    """Who accepted the present round of each finding."""
    awaiting = [row.pk for row in rows if row.state == S.AWAITING_ACCEPTANCE]
    if not awaiting:
        return {}
    latest = dict(
        Finding.objects.filter(pk__in=awaiting)
        .annotate(rounds=Count("rectifications"))
        .values_list("pk", "rounds")
    )
    found: dict[UUID, set[int]] = {}
    accepts = Acceptance.objects.filter(finding__in=awaiting, verdict=Acceptance.Verdict.ACCEPT)
    for finding, round_, person in accepts.values_list("finding", "round", "by"):
        if latest.get(finding) == round_:
            found.setdefault(finding, set()).add(person)
    return found
