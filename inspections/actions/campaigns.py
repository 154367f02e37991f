"""Plan a campaign, have it approved, and bring it to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from conduct import clock, moves
from conduct.errors import Forbidden, MovedMeanwhile, Refused
from inspections.models import Campaign, CampaignUnit, Method, Taxonomy, Team, TeamMember, Visit
from inspections.moves import campaigns as steps
from inspections.queries import campaigns as standing
from inspections.queries import plan_page
from inspections.rules import plans as rules
from people import access
from people.models import Unit, User
from people.roles import Permission

from . import occasions

UNFINISHED = (
    Visit.State.PLANNED,
    Visit.State.DEPARTED,
    Visit.State.ON_SITE,
    Visit.State.RECORDED,
    Visit.State.REVIEWED,
)


@dataclass(frozen=True)
class TeamPlan:
    """A team to be: at least two inspectors, one of whom leads it."""

    name: str
    leader: User
    members: Sequence[User]


@dataclass(frozen=True)
class UnitPlan:
    """A unit to visit. team: place in the list of teams, from 0; None lets any team go there."""

    unit: Unit
    team: int | None = None


@dataclass(frozen=True)
class Plan:
    """What the author writes down; a draft may leave texts empty, a plan sent up may not.

    is_revisit: for the second look at one finding
    """

    title: str
    starts_on: date
    ends_on: date
    office: Unit
    leader: User
    taxonomy: Taxonomy
    method: str = Method.OPEN
    level: str = Campaign.Level.LOCAL
    content: str = ""
    objects_text: str = ""
    scope: str = ""
    approver: User | None = None
    teams: Sequence[TeamPlan] = ()
    units: Sequence[UnitPlan] = ()
    is_revisit: bool = False


def draft(*, plan: Plan, by: User, at: datetime, client_key: UUID | None = None) -> Campaign:
    """Write down a new campaign's plan; the same key again answers with the same campaign.

    Raises: Forbidden; MovedMeanwhile when the form comes again with other words; Refused for a plan that
            cannot stand even as a draft
    """
    access.require(by, Permission.CAMPAIGN_PLAN, unit=plan.office)
    _check_draft(plan, author=by, by=by, at=at)
    try:
        with transaction.atomic():
            return _draft_new(plan, client_key, by, at)
    except IntegrityError:
        # The same form was sent before: by a double click, or after going back.
        known = Campaign.objects.filter(author=by, client_key=client_key).first()
        if known is None or client_key is None:
            raise
    if plan_page.differs(known, plan):
        raise MovedMeanwhile("这份方案已经保存过，与现在的内容不同。请核对后在已保存的草稿上修改。")
    return known


def _draft_new(plan: Plan, client_key: UUID | None, by: User, at: datetime) -> Campaign:
    campaign = moves.born(
        Campaign(
            author=by,
            created_at=at,
            client_key=client_key,
            is_revisit=plan.is_revisit,
            **_columns(plan),
        ),
        state=Campaign.State.DRAFT,
        by=by,
        at=at,
        label="拟定方案",
    )
    _lay_out(campaign, plan)
    return campaign


@transaction.atomic
def revise(*, campaign: Campaign, plan: Plan, expected: int, by: User, at: datetime) -> Campaign:
    """Change a plan that has not been sent up, or has come back.

    expected: the version the person had on the screen
    Raises:   Forbidden; MovedMeanwhile; Refused
    """
    access.require(by, Permission.CAMPAIGN_PLAN, unit=campaign.office)
    access.require(by, Permission.CAMPAIGN_PLAN, unit=plan.office)
    if campaign.state not in steps.SUBMIT.sources:
        raise Refused(f"方案当前是“{campaign.get_state_display()}”，不能再修改。确需调整，请由批准人先退回。")
    _check_draft(plan, author=campaign.author, by=by, at=at)
    moves.revise(
        campaign, expected=expected, by=by, at=at, verb="revise_plan", label="修改方案", **_columns(plan)
    )
    campaign.units.all().delete()
    campaign.teams.all().delete()
    _lay_out(campaign, plan)
    return campaign


@transaction.atomic
def submit(*, campaign: Campaign, by: User, at: datetime) -> Campaign:
    """Send the plan up to its approver.

    Raises: Forbidden; Refused with everything the plan lacks
    """
    access.require(by, Permission.CAMPAIGN_PLAN, unit=campaign.office)
    _check_complete(campaign)
    moves.carry_out(campaign, steps.SUBMIT, by=by, at=at, submitted_at=at)
    occasions.submitted(campaign, by=by, at=at)
    return campaign


@transaction.atomic
def approve(*, campaign: Campaign, by: User, at: datetime) -> Campaign:
    """Let the campaign go ahead.

    Raises: Forbidden; Refused for the author, for anyone but the named approver of a covert campaign,
            and for a plan that is no longer complete
    """
    _check_approver(campaign, by)
    _check_complete(campaign)
    moves.carry_out(campaign, steps.APPROVE, by=by, at=at, approved_at=at, approver=by)
    return campaign


@transaction.atomic
def send_back(*, campaign: Campaign, by: User, at: datetime, reason: str) -> Campaign:
    """Return the plan to its author with a reason.

    Raises: Forbidden; Refused for the author, and without a reason
    """
    _check_approver(campaign, by)
    moves.carry_out(campaign, steps.SEND_BACK, by=by, at=at, reason=reason)
    return campaign


@transaction.atomic
def report(*, campaign: Campaign, by: User, at: datetime) -> Campaign:
    """End the field work and turn to the summary.

    Raises: Forbidden; Refused while a visit is unfinished
    """
    access.require(by, Permission.CAMPAIGN_PLAN, unit=campaign.office)
    _check_visits_finished(campaign, "转入汇总")
    moves.carry_out(campaign, steps.REPORT, by=by, at=at)
    return campaign


@transaction.atomic
def close(*, campaign: Campaign, by: User, at: datetime, reason: str) -> Campaign:
    """End the campaign. reason: what came of it, kept as its outcome.

    Raises: Forbidden; Refused without an outcome
    """
    access.require(by, Permission.CAMPAIGN_PLAN, unit=campaign.office)
    moves.carry_out(campaign, steps.CLOSE, by=by, at=at, reason=reason, outcome=reason.strip())
    return campaign


@transaction.atomic
def discard(*, campaign: Campaign, by: User, at: datetime, reason: str) -> Campaign:
    """Give up a draft.

    Raises: Forbidden; Refused without a reason
    """
    access.require(by, Permission.CAMPAIGN_PLAN, unit=campaign.office)
    moves.carry_out(campaign, steps.DISCARD, by=by, at=at, reason=reason)
    return campaign


@transaction.atomic
def cancel(*, campaign: Campaign, by: User, at: datetime, reason: str) -> Campaign:
    """Call the campaign off; what was already filed stays.

    Raises: Forbidden; Refused without a reason, and while a visit is unfinished
    """
    access.require(by, Permission.CAMPAIGN_APPROVE, unit=campaign.office)
    _check_visits_finished(campaign, "取消批次")
    moves.carry_out(campaign, steps.CANCEL, by=by, at=at, reason=reason)
    return campaign


def start(*, campaign: Campaign, by: User, at: datetime) -> None:
    """Mark the campaign as begun when its first visit leaves. Call inside the visit's transaction."""
    if campaign.state != Campaign.State.APPROVED:
        return
    try:
        moves.carry_out(campaign, steps.START, by=by, at=at, started_at=at)
    except MovedMeanwhile:
        # Two teams that leave in the same moment both start it: being second is no fault.
        campaign.refresh_from_db()
        if campaign.state != Campaign.State.ACTIVE:
            raise


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        name: getattr(plan, name)
        for name in (
            "title",
            "content",
            "objects_text",
            "scope",
            "method",
            "level",
            "starts_on",
            "ends_on",
            "office",
            "leader",
            "approver",
            "taxonomy",
        )
    }


def _lay_out(campaign: Campaign, plan: Plan) -> None:
    teams = []
    for team in plan.teams:
        row = Team.objects.create(campaign=campaign, name=team.name, leader=team.leader)
        TeamMember.objects.bulk_create(TeamMember(team=row, user=user) for user in team.members)
        teams.append(row)
    CampaignUnit.objects.bulk_create(
        CampaignUnit(
            campaign=campaign, unit=chosen.unit, team=None if chosen.team is None else teams[chosen.team]
        )
        for chosen in plan.units
    )


def _check_draft(plan: Plan, *, author: User, by: User, at: datetime) -> None:
    if wrong := rules.wrong_dates(plan.starts_on, plan.ends_on):
        raise Refused(wrong)
    if plan.method not in (Method.OPEN, Method.COVERT):
        raise Refused("批次的检查方式只能是明察或暗访。")
    names = [team.name for team in plan.teams]
    if len(set(names)) < len(names):
        raise Refused("有两个检查组同名，请改成不同的组名。")
    for team in plan.teams:
        if len({user.pk for user in team.members}) < len(team.members):
            raise Refused(f"{team.name}里同一人写了两次，请去掉一个。")
    if plan.approver:
        _check_named_approver(plan.approver, plan.office, author, at)
    _check_inspectors(plan, at)
    _check_units(plan, by)


def _check_named_approver(approver: User, office: Unit, author: User, at: datetime) -> None:
    if approver.pk == author.pk:
        raise Refused("批准人不能是拟稿人本人，请另选一位分管领导。")
    able = access.holders(permission=Permission.CAMPAIGN_APPROVE, unit=office, day=clock.day_of(at))
    if not able.filter(pk=approver.pk).exists():
        raise Refused(f"{approver}没有批准{office}检查方案的权限，请另选批准人。")


def _check_inspectors(plan: Plan, at: datetime) -> None:
    wanted = {user.pk: user for team in plan.teams for user in (*team.members, team.leader)}
    able = access.holders(permission=Permission.VISIT_FILE, unit=plan.office, day=clock.day_of(at))
    for pk in wanted.keys() - set(able.filter(pk__in=wanted).values_list("pk", flat=True)):
        raise Refused(f"{wanted[pk]}不是{plan.office}可派的检查人员，请换人或先办理抽调授权。")


def _check_units(plan: Plan, by: User) -> None:
    seen: set[int] = set()
    for chosen in plan.units:
        unit = chosen.unit
        if unit.pk in seen:
            raise Refused(f"{unit}选了两次，请去掉一个。")
        seen.add(unit.pk)
        if not unit.is_active or unit.is_unrecorded:
            raise Refused(f"{unit}已停用，不能列为被查单位。")
        if not access.may(by, Permission.CAMPAIGN_PLAN, unit=unit):
            raise Refused(f"{unit}不在您单位的管辖范围内，不能列为被查单位。")
        if chosen.team is not None and not 0 <= chosen.team < len(plan.teams):
            raise Refused(f"{unit}指定的检查组不存在，请重新选择。")


def _check_complete(campaign: Campaign) -> None:
    lacking = rules.wrong_with(standing.plan_facts(campaign))
    if lacking:
        raise Refused("方案还不完整：" + "".join(lacking))


def _check_approver(campaign: Campaign, by: User) -> None:
    access.require(by, Permission.CAMPAIGN_APPROVE, unit=campaign.office)
    if by.pk == campaign.author_id:
        raise Forbidden("方案由您拟定，不能由您本人批准。请由其他分管领导办理。")
    if campaign.method == Method.COVERT and by.pk != campaign.approver_id:
        raise Forbidden("暗访方案只由方案上写明的批准人办理。")


def _check_visits_finished(campaign: Campaign, wish: str) -> None:
    open_visits = Visit.objects.filter(campaign=campaign, state__in=UNFINISHED).count()
    if open_visits:
        raise Refused(f"还有{open_visits}次检查没有归档或中止，不能{wish}。请先办完这些检查。")
