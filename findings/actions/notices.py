from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from conduct import clock, issuing, moves
from conduct.calendar import book as calendar
from conduct.calendar.rules import Due, WorkCalendar, counts_from
from conduct.dates import SHANGHAI
from conduct.errors import NotFromHere, Refused
from conduct.models import Office
from conduct.moves import Move
from conduct.search import filling
from findings import gather
from findings.models import Finding, Notice, Route, SideTerm, Term
from findings.moves import finding as table
from findings.rules.deadline import RECEIPT_WORKING_DAYS, deadline, receipt_deadline
from findings.rules.plan import PLAN_WORKING_DAYS, needs_plan, progress_due
from people import access
from people.models import Unit, User
from people.roles import Permission

from . import occasions, plans, terms

SERIES = "整改通知"
MOST_FINDINGS = 20


@dataclass(frozen=True)
class Demand:
    """The way chosen for one finding, and what the unit is to do."""

    finding: Finding
    route: Route
    requirement: str


@transaction.atomic
def issue(*, demands: Sequence[Demand], contact: str, by: User, at: datetime) -> Notice:
    """Issue one numbered notice about one or several findings of one unit; their terms run from now."""
    _check(demands, contact, by)
    return _send_out(demands, contact, by, at)


def hand_on(*, demand: Demand, unit: Unit, contact: str, reason: str, by: User, at: datetime) -> Notice:
    """Give a matter to another unit with a notice of its own, whose terms run from now. Call inside a transaction.

    demand: about a finding that still belongs to the unit that returned it
    """
    for one in (demand.finding.unit, unit):
        access.require(by, Permission.NOTICE_ISSUE, unit=one)
    moves.require_from(demand.finding, table.HAND_ON)
    if not contact.strip():
        raise Refused("请写明联系人及电话，单位有疑问时才找得到人。")
    demand.finding.unit = unit
    afresh = {"unit": unit, "liaison": None, "returns": 0, "extensions": 0, "taken_over_at": at}
    return _send_out([demand], contact, by, at, move=table.HAND_ON, reason=reason, **afresh)


def _send_out(
    demands: Sequence[Demand],
    contact: str,
    by: User,
    at: datetime,
    *,
    move: Move = table.ASSIGN,
    reason: str = "",
    **changes: Any,
) -> Notice:
    book = calendar.load()
    orders = [
        gather.Order(
            finding=demand.finding,
            route=demand.route,
            requirement=demand.requirement.strip(),
            due=deadline(given_at=at, working_days=demand.route.working_days, book=book),
        )
        for demand in demands
    ]
    receipt = receipt_deadline(given_at=at, book=book)
    notice = Notice.objects.create(
        unit=demands[0].finding.unit,
        **_issued(orders, receipt, contact.strip(), by, at),
        issued_at=at,
        issued_on=clock.day_of(at),
        issued_by=by,
        contact=contact.strip(),
        receipt_due_on=receipt.day,
        receipt_due_is_estimate=receipt.is_estimate,
    )
    filling.changed(notice)
    terms.write_side(
        of=SideTerm.Of.RECEIPT,
        matter=notice,
        setting=terms.given(
            rule="签收整改通知书", working_days=RECEIPT_WORKING_DAYS, due=receipt, at=at, book=book
        ),
        at=at,
        book=book,
    )
    for order in orders:
        _assign(order, notice, book, by, at, move, reason or notice.number, **changes)
    occasions.notice_issued(notice, by=by, at=at)
    return notice


def _issued(
    orders: Sequence[gather.Order], receipt: Due, contact: str, by: User, at: datetime
) -> dict[str, Any]:
    """The paper with its number."""
    office = Office.objects.get()
    paper = gather.notice(orders=orders, office=office, contact=contact, receipt=receipt, at=at)
    issued = issuing.issue(
        kind="notice",
        series=SERIES,
        code=office.notice_code,
        year=clock.day_of(at).year,
        title=paper.title,
        facts_for=lambda number, head: gather.numbered(paper, number, head),
        draw=gather.draw,
        by=by,
        at=at,
    )
    return {"paper": issued, "number": issued.number}


@transaction.atomic
def receive(*, notice: Notice, by: User, at: datetime) -> Notice:
    """The head of the unit signs for the notice; each of its findings is received with it."""
    access.require(by, Permission.NOTICE_RECEIVE, unit=notice.unit)
    if notice.received_at is not None:
        raise NotFromHere(f"{notice.number}整改通知书已经签收，不必重复签收。")
    late = "，此前已视为送达，逾期补签" if notice.served_at is not None else ""
    moves.revise(
        notice,
        expected=notice.version,
        by=by,
        at=at,
        verb="receive_notice",
        label="补签整改通知书" if late else "签收整改通知书",
        received_at=at,
        received_by=by,
    )
    for finding in notice.findings.filter(state=Finding.State.ASSIGNED).order_by("pk"):
        moves.carry_out(finding, table.RECEIVE, by=by, at=at, reason=f"{notice.number}{late}")
    return notice


def _check(demands: Sequence[Demand], contact: str, by: User) -> None:
    if not demands:
        raise Refused("请至少选择一个已认定的问题，再发整改通知书。")
    if len(demands) > MOST_FINDINGS:
        raise Refused(f"一份整改通知书最多列 {MOST_FINDINGS} 个问题，请分几份发出。")
    if len({demand.finding.unit_id for demand in demands}) > 1:
        raise Refused("所选问题属于不同单位，不能写在一份整改通知书里。请按单位分别发出。")
    access.require(by, Permission.NOTICE_ISSUE, unit=demands[0].finding.unit)
    for demand in demands:
        if demand.finding.state not in table.ASSIGN.sources:
            raise NotFromHere(
                f"“{demand.finding.title}”当前是“{demand.finding.get_state_display()}”，不能发整改通知书。"
                "请返回问题清单，按最新情况重新选择。"
            )
        if not demand.requirement.strip():
            raise Refused(f"请写明对“{demand.finding.title}”的整改要求。")
    if not contact.strip():
        raise Refused("请写明联系人及电话，单位有疑问时才找得到人。")


def _assign(
    order: gather.Order,
    notice: Notice,
    book: WorkCalendar,
    by: User,
    at: datetime,
    move: Move,
    reason: str,
    **changes: Any,
) -> None:
    days, before = order.route.working_days, order.finding.due_on
    is_first = move is table.ASSIGN
    setting = terms.Setting(
        Term.Kind.ISSUED if is_first else Term.Kind.HANDED_ON,
        f"{order.route.get_code_display()}，{days}个工作日",
        order.due,
        counts_from=counts_from(received=at.astimezone(SHANGHAI), book=book),
        working_days=days,
    )
    progress = progress_due(issued_on=notice.issued_on, number=1, book=book)
    moves.carry_out(
        order.finding,
        move,
        by=by,
        at=at,
        reason=reason,
        notice=notice,
        route=order.route,
        requirement=order.requirement,
        issued_on=notice.issued_on,
        needs_plan=needs_plan(working_days=days),
        progress_made=0,
        progress_due_on=progress.day,
        progress_is_estimate=progress.is_estimate,
        **terms.columns(setting),
        **changes,
    )
    before = None if is_first else before
    terms.write(finding=order.finding, setting=setting, before=before, at=at, book=book)
    plans.next_progress(finding=order.finding, begun_on=notice.issued_on, due=progress, at=at, book=book)
    if order.finding.needs_plan:
        due = deadline(given_at=at, working_days=PLAN_WORKING_DAYS, book=book)
        plans.demand(finding=order.finding, notice=notice, due=due, by=by, at=at, book=book)
