"""In whose hands a finding is, by when, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.shapes import Standing, Term
from findings.models import Finding

from . import telling

S = Finding.State

OFFICE = "督查办"
RECEIPT_TERM = "签收期限"
SERVED = "视为送达待补签"
NEXT: dict[str, tuple[str, str, str]] = {
    # state: tone, desk (empty: the unit), what comes next
    S.NEW: ("draft", OFFICE, "确定情节后开始核实"),
    S.VERIFYING: ("waiting", OFFICE, "核实后作出认定"),
    S.CONFIRMED: ("open", OFFICE, "选定整改方式，发出整改通知书"),
    S.PARTLY: ("open", OFFICE, "选定整改方式，发出整改通知书"),
    S.DISMISSED: ("stopped", "已了结", ""),
    S.MERGED: ("stopped", "已了结", ""),
    S.ASSIGNED: ("waiting", "", "单位主要负责人签收"),
    S.RECEIVED: ("open", "", "起草整改报告"),
    S.RECTIFYING: ("open", "", "完成整改，主要负责人签字提交报告"),
    S.SUBMITTED: ("waiting", OFFICE, "由发现人以外的经办审核报告"),
    S.AWAITING_ACCEPTANCE: ("waiting", OFFICE, "由两位同志验收，之后销号"),
    S.CLOSED: ("done", "已了结", ""),
    S.ON_RECORD: ("done", "已了结", ""),
}


def standing(
    *,
    finding: Finding,
    today: date,
    book: WorkCalendar,
    accepted: int = 0,
    is_heard: bool = False,
    for_unit: bool = False,
    more: Sequence[Term] = (),
) -> Standing:
    """What every page about the finding shows at the top.

    accepted: how many have accepted so far
    is_heard: whether the unit's statement is on record
    for_unit: as the unit is told it
    more:     what else is due meanwhile
    """
    state = telling.state_for(finding.state, for_unit=for_unit)
    tone, desk, coming = NEXT[state]
    is_asked = state == S.VERIFYING and finding.statement_asked_at is not None and not is_heard
    if is_asked:
        desk, coming = "", "单位陈述后，由督查办认定"
    if finding.state == S.AWAITING_ACCEPTANCE and accepted and not for_unit:
        coming = "两位同志已同意验收，可以销号" if accepted >= 2 else "已有一位同志同意验收，等待另一位"
    if finding.paused_on is not None:
        coming = f"{OFFICE}答复异议后接着计时；整改可以照常进行"
    due_on, estimated = _term(finding, is_asked=is_asked)
    is_over = finding.closed_on is not None or finding.handed_in_on is not None
    is_running = due_on is not None and not is_over and finding.paused_on is None
    is_served = finding.notice is not None and finding.notice.served_at is not None
    waits_for_receipt = finding.state == S.ASSIGNED and not is_served
    if finding.state == S.ASSIGNED and is_served:
        coming = "单位主要负责人补签，起草整改报告"
    return Standing(
        state=SERVED if finding.state == S.ASSIGNED and is_served else str(state.label),
        tone=tone,
        desk=desk or finding.unit.name,
        next=coming,
        due_on=due_on,
        remaining=working_days_between(start=today, end=due_on, book=book) if is_running and due_on else None,
        closed_on=finding.closed_on,
        handed_in_on=finding.handed_in_on,
        paused=finding.paused_on is not None,
        estimated=estimated,
        has_deadline=due_on is not None,
        due_label=RECEIPT_TERM if waits_for_receipt else "期限",
        then=rectification_term(finding, today=today, book=book) if waits_for_receipt else None,
        how_url=reverse("findings:terms", args=[finding.pk])
        if finding.due_on or finding.statement_asked_at
        else "",
        more=more,
    )


def rectification_term(finding: Finding, *, today: date, book: WorkCalendar) -> Term | None:
    """The term to put the problem right, told beside the one to sign for the notice."""
    if finding.due_on is None:
        return None
    return Term(
        label="整改期限",
        due_on=finding.due_on,
        remaining=working_days_between(start=today, end=finding.due_on, book=book),
        estimated=finding.due_is_estimate,
    )


def _term(finding: Finding, *, is_asked: bool) -> tuple[date | None, bool]:
    """The day the present step is due, and whether it is an estimate."""
    if is_asked:
        return finding.statement_due_on, finding.statement_due_is_estimate
    if finding.state == S.ASSIGNED and finding.notice is not None and finding.notice.served_at is None:
        return finding.notice.receipt_due_on, finding.notice.receipt_due_is_estimate
    return finding.due_on if finding.state in (*Finding.OPEN, S.CLOSED) else None, finding.due_is_estimate
