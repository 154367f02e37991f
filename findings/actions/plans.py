from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F

from conduct import audit, clock, files, moves
from conduct.calendar.rules import Due, WorkCalendar
from conduct.errors import NotFromHere, Refused
from findings.models import Finding, Notice, PlanItem, RectificationPlan, SideTerm, Term
from findings.moves import plan as table
from findings.queries import parties
from findings.rules import plan as rules
from findings.rules.plan import Item
from people import access
from people.models import User
from people.roles import Permission

from . import occasions, terms
from .rectifications import require_drafter

ANSWERING = (Finding.State.RECEIVED, Finding.State.RECTIFYING)


def demand(
    *, finding: Finding, notice: Notice, due: Due, by: User, at: datetime, book: WorkCalendar
) -> RectificationPlan:
    """Ask the unit for a plan, together with the notice that gives it a longer term."""
    plan = RectificationPlan(
        finding=finding,
        notice=notice,
        occurrence=finding.occurrence,
        due_on=due.day,
        due_is_estimate=due.is_estimate,
        calendar_version=due.calendar_version,
    )
    moves.born(plan, state=RectificationPlan.State.DUE, by=by, at=at, label="要求提交整改方案")
    days = rules.PLAN_WORKING_DAYS
    setting = terms.given(rule="提交整改方案", working_days=days, due=due, at=at, book=book)
    terms.write_side(of=SideTerm.Of.PLAN, matter=plan, setting=setting, at=at, book=book)
    return plan


def next_progress(*, finding: Finding, begun_on: date, due: Due, at: datetime, book: WorkCalendar) -> None:
    """Keep how the day of the next progress report came about; it counts every day.

    begun_on: the day of the notice, or of the relapse
    """
    number = finding.progress_made + 1
    rule = f"第{number}次进度报告，自发出通知书（或认定反弹）起{rules.PROGRESS_DAYS * number}日（自然日），遇休息日顺延"
    setting = terms.Setting(Term.Kind.ISSUED, rule, due, counts_from=begun_on)
    terms.write_side(of=SideTerm.Of.PROGRESS, matter=finding, setting=setting, at=at, book=book)


@transaction.atomic
def write(
    *,
    plan: RectificationPlan,
    approach: str,
    items: Sequence[Item],
    expected: int,
    by: User,
    at: datetime,
) -> RectificationPlan:
    """Keep the plan as far as it is written, its measures in the order given.

    Raises: MovedMeanwhile when someone else saved first (nothing has been written)
    """
    require_open(plan=plan, by=by)
    if len(items) > rules.MOST_ITEMS:
        raise Refused(f"整改措施最多 {rules.MOST_ITEMS} 条，请合并后再保存。")
    label = "保存整改方案"
    moves.revise(plan, expected=expected, by=by, at=at, verb="save_plan", label=label, approach=approach)
    plan.items.all().delete()
    PlanItem.objects.bulk_create(
        PlanItem(plan=plan, ordinal=place, what=item.what, owner=item.owner, due_on=item.due_on)
        for place, item in enumerate(items, 1)
    )
    return plan


@transaction.atomic
def hand_in(*, plan: RectificationPlan, by: User, at: datetime) -> RectificationPlan:
    """The head of the unit hands the plan in for the office to judge."""
    access.require(by, Permission.RECTIFICATION_SIGN, unit=plan.finding.unit)
    _require_current(plan)
    moves.require_from(plan, table.HAND_IN)
    until = plan.finding.due_on
    if until is None:
        raise RuntimeError(f"plan {plan.pk} hangs on a finding without a term")
    items = [Item(row.what, row.owner, row.due_on) for row in plan.items.order_by("ordinal")]
    if objection := rules.objection_to_handing_in(approach=plan.approach, items=items, until=until):
        raise Refused(objection)
    first = plan.first_handed_in_on or clock.day_of(at)
    signed: dict[str, Any] = {"handed_in_by": by, "handed_in_at": at, "first_handed_in_on": first}
    moves.carry_out(plan, table.HAND_IN, by=by, at=at, **signed)
    _tell(plan, table.HAND_IN.name, table.HAND_IN.label, by, at)
    occasions.plan_handed_in(plan, by=by, at=at)
    return plan


@transaction.atomic
def approve(*, plan: RectificationPlan, by: User, at: datetime, reason: str) -> RectificationPlan:
    """The office agrees to the plan; from now on its measures are ticked off with proof."""
    require_judge(plan=plan, by=by)
    _judge(plan, table.APPROVE, by, at, reason)
    occasions.plan_approved(plan, by=by, at=at)
    return plan


@transaction.atomic
def send_back(*, plan: RectificationPlan, by: User, at: datetime, reason: str) -> RectificationPlan:
    """The office returns the plan with reasons; the unit goes on from what it wrote."""
    require_judge(plan=plan, by=by)
    _judge(plan, table.RETURN, by, at, reason, returns=F("returns") + 1)
    plan.refresh_from_db(fields=["returns"])
    occasions.plan_returned(plan, by=by, at=at)
    return plan


@transaction.atomic
def complete(*, item: PlanItem, done_on: date, upload: UploadedFile, by: User, at: datetime) -> PlanItem:
    """Tick a measure off, with the day it was done and a file that proves it; a later proof replaces an earlier.

    Raises: Refused with what is wrong with the day or the file
    """
    plan = item.plan
    require_completer(plan=plan, by=by)
    if done_on > clock.day_of(at):
        raise Refused("完成日期不能晚于今天，请核对。")
    if done_on < plan.notice.issued_on:
        raise Refused("完成日期早于整改通知书发出的日期，请核对。")
    kept = files.take_document(upload=upload, by=by, at=at)
    moves.revise(
        item,
        expected=item.version,
        by=by,
        at=at,
        verb="complete_item",
        label="登记措施完成",
        done_on=done_on,
        done_by=by,
        file=kept,
    )
    _tell(plan, "complete_item", f"完成第 {item.ordinal} 条整改措施", by, at, item.what)
    return item


def require_open(*, plan: RectificationPlan, by: User) -> None:
    """Refuse who may not write the plan now.

    Raises: Forbidden, Refused
    """
    require_drafter(finding=plan.finding, by=by)
    _require_current(plan)
    if plan.state not in RectificationPlan.OWED:
        raise NotFromHere(f"整改方案当前是“{plan.get_state_display()}”，不能再改。")


def require_completer(*, plan: RectificationPlan, by: User) -> None:
    """Refuse who may not tick measures off now.

    Raises: Forbidden, Refused
    """
    require_drafter(finding=plan.finding, by=by)
    _require_current(plan)
    if plan.state != RectificationPlan.State.APPROVED:
        raise NotFromHere("整改方案经督查办同意后，才能逐条登记完成情况。")


def require_judge(*, plan: RectificationPlan, by: User) -> None:
    """Refuse who may not judge the plan, and a plan that is not there to judge.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.RECTIFICATION_REVIEW, unit=plan.finding.unit)
    moves.require_from(plan, table.APPROVE)
    if objection := parties.objection_to_reviewer(finding=plan.finding, person=by):
        raise Refused(objection.replace("整改报告", "整改方案"))


def _judge(
    plan: RectificationPlan, move: moves.Move, by: User, at: datetime, reason: str, **changes: Any
) -> None:
    judged: dict[str, Any] = {"judged_by": by, "judged_at": at, "judgement": reason.strip()}
    moves.carry_out(plan, move, by=by, at=at, reason=reason, **judged, **changes)
    _tell(plan, move.name, move.label, by, at, reason)


def _require_current(plan: RectificationPlan) -> None:
    """Refuse a plan of a notice the finding no longer stands in, and of a matter that is not the unit's now."""
    finding = plan.finding
    if plan.notice_id == finding.notice_id and plan.occurrence != finding.occurrence:
        raise NotFromHere("问题反弹后须另定整改方案，原整改方案只能查看。")
    if plan.notice_id != finding.notice_id:
        raise NotFromHere("这个问题已改由其他单位整改，原整改方案只能查看。")
    if finding.state == Finding.State.ASSIGNED:
        raise NotFromHere("请单位主要负责人先签收整改通知书，再制定整改方案。")
    if finding.state not in ANSWERING:
        raise NotFromHere(f"问题当前是“{finding.get_state_display()}”，不能再办理整改方案。")


def _tell(plan: RectificationPlan, verb: str, label: str, by: User, at: datetime, reason: str = "") -> None:
    """A line on the finding's own timeline."""
    why = reason.strip()
    audit.record(at=at, by=by, verb=f"findings.{verb}", label=label, subject=plan.finding, reason=why)
