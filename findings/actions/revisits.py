"""The second look: scheduled by closing, kept to the few who need to know, arranged as a covert visit, and judged."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from conduct import clock, moves
from conduct.calendar import book as calendar
from conduct.calendar.rules import counts_from
from conduct.dates import SHANGHAI
from conduct.errors import Refused
from findings.models import Finding, FindingObservation, Objection, Revisit, Term
from findings.moves import finding as finding_moves
from findings.moves import revisit as table
from findings.queries import revisits as queries
from findings.rules import revisit as rules
from findings.rules.deadline import deadline
from findings.rules.plan import PLAN_WORKING_DAYS, needs_plan, progress_due
from inspections.actions import campaigns
from inspections.actions.campaigns import TeamPlan, UnitPlan
from inspections.models import Campaign, Method, Observation, Visit
from people import access
from people.models import User
from people.roles import Permission

from . import heirs, lapses, occasions, plans, terms
from .rectifications import start_over

LOTS = 1_000_000
LONGEST_TITLE = 80


@dataclass(frozen=True)
class Party:
    """Who makes the second look, and who lets them."""

    approver: User
    leader: User
    members: Sequence[User]


def schedule(*, finding: Finding, by: User, at: datetime) -> Revisit:
    """Set the second look at a finding just closed, on a day drawn by lot. Call inside the closing transaction.

    Known to its keeper alone: no number, no job, no message and no line of the audit tells of it.
    """
    if finding.route is None or finding.closed_on is None or finding.closed_by is None:
        raise RuntimeError(f"finding {finding.pk} is not closed")
    return _schedule(finding, turn=1, closed_by=finding.closed_by, keeper=by, at=at)


@transaction.atomic
def entrust(*, revisit: Revisit, to: User, by: User, at: datetime) -> Revisit:
    """Hand the task to somebody else of the office, who from now on keeps it instead."""
    access.require(by, Permission.FINDING_CLOSE, unit=revisit.finding.unit)
    moves.require_from(revisit, table.ENTRUST)
    if not access.may(to, Permission.CAMPAIGN_PLAN, unit=revisit.finding.unit):
        raise Refused(f"{to}没有拟定检查方案的权限，请另选督查办经办。")
    moves.carry_out(revisit, table.ENTRUST, by=by, at=at, keeper=to)
    return revisit


@transaction.atomic
def arrange(*, revisit: Revisit, party: Party, by: User, at: datetime) -> Campaign:
    """Draw up the covert plan of the second look and send it to its approver.

    Raises: Forbidden; Refused while an earlier plan stands, and for people who may not go
    """
    finding = revisit.finding
    access.require(by, Permission.CAMPAIGN_PLAN, unit=finding.unit)
    moves.require_from(revisit, table.ARRANGE)
    if queries.stands(revisit):
        raise Refused("回头看的方案已经拟定，不必重复安排。如需改变，请先作废或取消原方案。")
    if by.pk != revisit.keeper_id:
        raise Refused("回头看由承办人安排。请由承办人办理，或先移交回头看任务。")
    _check_party(finding, party)
    plan = _plan(revisit, party, by, at)
    campaign = campaigns.draft(plan=plan, by=by, at=at)
    campaigns.submit(campaign=campaign, by=by, at=at)
    moves.carry_out(revisit, table.ARRANGE, by=by, at=at, campaign=campaign)
    return campaign


def hold(*, revisit: Revisit, by: User, at: datetime, reason: str) -> Revisit:
    """Find that what was put right has lasted."""
    return _decide(revisit, table.HOLDS, by, at, reason)


@transaction.atomic
def leave_open(*, revisit: Revisit, by: User, at: datetime, reason: str) -> Revisit:
    """Note that the visit could not tell; another second look is set. Returns the new one."""
    _decide(revisit, table.INCONCLUSIVE, by, at, reason)
    finding = revisit.finding
    return _schedule(
        finding, turn=revisit.turn + 1, closed_by=revisit.closed_by, keeper=revisit.keeper, at=at
    )


@transaction.atomic
def relapse(*, revisit: Revisit, by: User, at: datetime, reason: str) -> Finding:
    """Find that the problem is back: the same finding is put right once more, in a new term, and weighs double."""
    _decide(revisit, table.RELAPSED, by, at, reason)
    finding = revisit.finding
    if finding.objections.filter(state=Objection.State.FILED).exists():
        raise Refused("单位对这个问题的异议还没有答复。请先答复异议，再认定问题反弹。")
    lapses.extensions(finding=finding, reason="问题反弹，整改期限重新计算。", by=by, at=at)
    heirs.to_successor(finding=finding, by=by, at=at)
    _reopen(finding, by, at, reason)
    start_over(finding=finding, by=by, at=at)
    _rest_on(finding, revisit)
    occasions.relapsed(finding, by=by, at=at)
    return finding


def require_judge(*, revisit: Revisit, by: User) -> Visit:
    """Refuse who may not say what came of a second look, and one whose record is not filed away. Returns the visit.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.FINDING_CONFIRM, unit=revisit.finding.unit)
    moves.require_from(revisit, table.HOLDS)
    if objection := queries.objection_to_judge(revisit=revisit, person=by):
        raise Refused(objection)
    visit = queries.visit_of(revisit)
    if visit is None or visit.state != Visit.State.LOCKED:
        raise Refused("回头看的现场记录还没有归档，不能认定结果。请在记录签名、复核、归档后办理。")
    return visit


@transaction.atomic
def _decide(revisit: Revisit, move: moves.Move, by: User, at: datetime, reason: str) -> Revisit:
    visit = require_judge(revisit=revisit, by=by)
    moves.carry_out(
        revisit,
        move,
        by=by,
        at=at,
        reason=reason,
        visit=visit,
        decided_by=by,
        decided_at=at,
        opinion=reason.strip(),
    )
    return revisit


def _schedule(finding: Finding, *, turn: int, closed_by: User, keeper: User, at: datetime) -> Revisit:
    route, today = finding.route, clock.day_of(at)
    if route is None or finding.closed_on is None:
        raise RuntimeError(f"finding {finding.pk} is not closed")
    day = rules.day_of(
        closed_on=today,
        first=route.revisit_from_days,
        last=route.revisit_to_days,
        drawn=secrets.randbelow(LOTS),
        book=calendar.load(),
    )
    return Revisit.objects.create(
        finding=finding,
        occurrence=finding.occurrence,
        turn=turn,
        closed_on=finding.closed_on,
        closed_by=closed_by,
        on_day=day,
        keeper=keeper,
        created_at=at,
    )


def _check_party(finding: Finding, party: Party) -> None:
    """Nobody looks again at what they let pass, or at their own unit."""
    for person in {party.leader, *party.members}:
        if objection := queries.objection_to_looking(finding=finding, person=person):
            raise Refused(objection)


def _plan(revisit: Revisit, party: Party, by: User, at: datetime) -> campaigns.Plan:
    finding, today = revisit.finding, clock.day_of(at)
    offices = queries.offices_for(by)
    if not offices:
        raise Refused("您没有可以拟定检查方案的单位，请移交给督查办经办安排。")
    first = max(revisit.on_day, today)
    return campaigns.Plan(
        title=f"回头看：{finding.title}"[:LONGEST_TITLE],
        content=_brief(finding),
        objects_text=finding.unit.name,
        scope=finding.unit.name,
        method=Method.COVERT,
        starts_on=first,
        ends_on=first + timedelta(days=rules.DAYS_TO_GO),
        office=offices[0],
        leader=party.leader,
        approver=party.approver,
        taxonomy=finding.category.taxonomy,
        teams=[TeamPlan("回头看组", party.leader, list(party.members))],
        units=[UnitPlan(finding.unit, 0)],
        is_revisit=True,
    )


def _brief(finding: Finding) -> str:
    """What the team goes by where there is no network: copied, so that the plan stands by itself."""
    report = finding.rectifications.order_by("round").last()
    parts = [f"原问题：{finding.facts}", f"整改要求：{finding.requirement}"]
    if report is not None:
        parts.append(f"单位已采取的措施：{report.measures}")
    return "\n".join(["看整改成果是否巩固。", *parts])


def _reopen(finding: Finding, by: User, at: datetime, reason: str) -> None:
    if finding.route is None:
        raise RuntimeError(f"finding {finding.pk} was closed without a route")
    book, before, days = calendar.load(), finding.due_on, finding.route.working_days
    setting = terms.Setting(
        Term.Kind.RELAPSED,
        f"问题反弹，按{finding.route.get_code_display()}重新整改，{days}个工作日",
        deadline(given_at=at, working_days=days, book=book),
        counts_from=counts_from(received=at.astimezone(SHANGHAI), book=book),
        working_days=days,
    )
    progress = progress_due(issued_on=clock.day_of(at), number=1, book=book)
    moves.carry_out(
        finding,
        finding_moves.RELAPSE,
        by=by,
        at=at,
        reason=reason,
        closed_at=None,
        closed_on=None,
        closed_by=None,
        days_to_close=None,
        occurrence=F("occurrence") + 1,
        factor=rules.FACTOR_OF_A_RELAPSE,
        reopened_at=at,
        extensions=0,
        needs_plan=needs_plan(working_days=days),
        progress_made=0,
        progress_due_on=progress.day,
        progress_is_estimate=progress.is_estimate,
        **terms.columns(setting),
    )
    terms.write(finding=finding, setting=setting, before=before, at=at, book=book)
    finding.refresh_from_db(fields=["occurrence"])
    plans.next_progress(finding=finding, begun_on=clock.day_of(at), due=progress, at=at, book=book)
    if finding.needs_plan and finding.notice is not None:
        due = deadline(given_at=at, working_days=PLAN_WORKING_DAYS, book=book)
        plans.demand(finding=finding, notice=finding.notice, due=due, by=by, at=at, book=book)


def _rest_on(finding: Finding, revisit: Revisit) -> None:
    """What the visit saw of the same indicator belongs to the finding now; the rest waits for triage."""
    seen = Observation.objects.filter(
        visit=revisit.visit_id, kind=Observation.Kind.PROBLEM, category__code=finding.category.code
    )
    FindingObservation.objects.bulk_create(
        [FindingObservation(finding=finding, observation=row) for row in seen], ignore_conflicts=True
    )
