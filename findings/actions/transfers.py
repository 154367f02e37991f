from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from conduct import audit, clock, moves
from conduct.calendar import book as calendar
from conduct.calendar.rules import WorkCalendar
from conduct.dates import cn_date
from conduct.errors import NotFromHere, Refused
from findings.models import Finding, Notice, Rectification, Route, SideTerm, TransferRequest
from findings.moves import rectification as report_moves
from findings.moves import transfer as table
from findings.rules.deadline import TRANSFER_ANSWER_WORKING_DAYS, TRANSFER_WORKING_DAYS, deadline
from people import access
from people.models import Unit, User
from people.roles import Permission

from . import lapses, notices, occasions, terms

S = TransferRequest.State
ANSWERING = (Finding.State.RECEIVED, Finding.State.RECTIFYING)


@transaction.atomic
def ask(*, finding: Finding, reason: str, suggested: str, by: User, at: datetime) -> TransferRequest:
    """The head returns the matter as not the unit's own, within five working days of the receipt; the term goes on."""
    require_open(finding=finding, by=by, today=clock.day_of(at))
    if not reason.strip():
        raise Refused("请写明为什么不属于本单位职责，再提交。")
    book, days = calendar.load(), TRANSFER_ANSWER_WORKING_DAYS
    due = deadline(given_at=at, working_days=days, book=book)
    request = TransferRequest(
        finding=finding,
        notice=finding.notice,
        unit=finding.unit,
        reason=reason.strip(),
        suggested=suggested.strip(),
        asked_by=by,
        asked_at=at,
        due_on=due.day,
        due_is_estimate=due.is_estimate,
    )
    moves.born(request, state=S.ASKED, by=by, at=at, label="以不属本单位职责退回", reason=reason.strip())
    moves.revise(
        finding,
        expected=finding.version,
        by=by,
        at=at,
        verb="ask_transfer",
        label="以不属本单位职责退回，等待督查办决定",
        transfer_requests=finding.transfer_requests + 1,
    )
    setting = terms.given(rule="答复退回申请", working_days=days, due=due, at=at, book=book)
    terms.write_side(of=SideTerm.Of.TRANSFER, matter=request, setting=setting, at=at, book=book)
    occasions.transfer_asked(request, by=by, at=at)
    return request


@transaction.atomic
def grant(
    *,
    request: TransferRequest,
    unit: Unit,
    route: Route,
    requirement: str,
    contact: str,
    reason: str,
    by: User,
    at: datetime,
) -> Notice:
    """Give the matter to the unit it belongs to, with a new notice; the old unit no longer answers."""
    finding = request.finding
    require_decider(request=request, by=by)
    if unit.pk == request.unit_id:
        raise Refused("新的责任单位就是退回的单位。请另选单位，或者不同意改派。")
    if not access.may(by, Permission.NOTICE_ISSUE, unit=unit):
        raise Refused(f"“{unit.name}”不在您的办理范围内。请选择范围内的单位，或请上级督查办改派。")
    if not requirement.strip():
        raise Refused("请写明对新责任单位的整改要求。")
    draft = _lay_aside(finding, by, at)
    moves.carry_out(
        request,
        table.GRANT,
        by=by,
        at=at,
        reason=reason,
        decided_by=by,
        decided_at=at,
        decision=reason.strip(),
        new_unit=unit,
        draft=draft,
    )
    lapses.on_handing_on(finding=finding, reason=f"问题已改派{unit.name}。", by=by, at=at)
    occasions.transfer_granted(request, by=by, at=at)
    demand = notices.Demand(finding=finding, route=route, requirement=requirement)
    why = f"由{request.unit.name}改派{unit.name}：{reason.strip()}"
    return notices.hand_on(demand=demand, unit=unit, contact=contact, reason=why, by=by, at=at)


@transaction.atomic
def decline(*, request: TransferRequest, reason: str, by: User, at: datetime) -> TransferRequest:
    """Find that the matter is the unit's own; its term has gone on."""
    require_decider(request=request, by=by)
    judged: dict[str, Any] = {"decided_by": by, "decided_at": at, "decision": reason.strip()}
    moves.carry_out(request, table.DECLINE, by=by, at=at, reason=reason, **judged)
    _tell(request, "decline_transfer", table.DECLINE.label, by, at, reason)
    occasions.transfer_declined(request, by=by, at=at)
    return request


@transaction.atomic
def withdraw(*, request: TransferRequest, by: User, at: datetime) -> TransferRequest:
    """The head takes the request back before it is decided."""
    access.require(by, Permission.NOTICE_RECEIVE, unit=request.unit)
    moves.carry_out(request, table.WITHDRAW, by=by, at=at)
    _tell(request, "withdraw_transfer", table.WITHDRAW.label, by, at, "")
    return request


def last_day(*, notice: Notice, book: WorkCalendar) -> date | None:
    """Until when the unit may return what the notice asks of it; nothing runs before it is delivered."""
    if notice.delivered_at is None:
        return None
    return deadline(given_at=notice.delivered_at, working_days=TRANSFER_WORKING_DAYS, book=book).day


def require_open(*, finding: Finding, by: User, today: date) -> None:
    """Refuse who may not return the matter now.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.NOTICE_RECEIVE, unit=finding.unit)
    if finding.state == Finding.State.ASSIGNED:
        raise NotFromHere("请先签收整改通知书（签收表示收到），再以不属本单位职责退回。")
    notice = finding.notice
    if finding.state not in ANSWERING or notice is None:
        raise NotFromHere(f"问题当前是“{finding.get_state_display()}”，不能再以不属本单位职责退回。")
    earlier = finding.transfers.filter(notice=notice).exclude(state=S.WITHDRAWN).first()
    if earlier is not None:
        raise NotFromHere(f"本单位已经退回过这个问题，现在是“{earlier.get_state_display()}”，不能再次退回。")
    until = last_day(notice=notice, book=calendar.load())
    if until is not None and today > until:
        raise Refused(
            f"不属于本单位职责的，应在收到通知书后 {TRANSFER_WORKING_DAYS} 个工作日内退回，"
            f"期限是{cn_date(until)}，已经过了。请按期整改，或与督查办联系。"
        )


def require_decider(*, request: TransferRequest, by: User) -> None:
    """Refuse who may not decide, and a request that is decided.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.NOTICE_ISSUE, unit=request.unit)
    moves.require_from(request, table.GRANT)
    if access.belongs_to(person=by, unit=request.unit):
        raise Refused("您是责任单位的人员，不能决定本单位的退回申请。请由督查办其他同志决定。")


def _lay_aside(finding: Finding, by: User, at: datetime) -> Rectification | None:
    """What the old unit wrote of its report stays as it is; the new unit begins anew."""
    draft = finding.rectifications.filter(state=Rectification.State.DRAFT).order_by("round").last()
    if draft is not None:
        moves.carry_out(draft, report_moves.LAY_ASIDE, by=by, at=at)
    return draft


def _tell(request: TransferRequest, verb: str, label: str, by: User, at: datetime, reason: str) -> None:
    """A line on the finding's own timeline."""
    why = reason.strip()
    audit.record(at=at, by=by, verb=f"findings.{verb}", label=label, subject=request.finding, reason=why)
