"""The page of one campaign as plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from conduct import audit, moves
from conduct.dates import cn_date
from conduct.moves import Move
from conduct.shapes import Fact, MoveButton, Standing, TimelineEntry
from inspections.models import Campaign, Method, Team, Visit
from inspections.moves import campaigns as steps
from inspections.rules import plans as rules
from people import access
from people.models import User
from people.roles import Permission

from . import campaigns
from .campaigns import Stop

S = Campaign.State
TONES = {
    S.DRAFT: "draft",
    S.SUBMITTED: "waiting",
    S.RETURNED: "waiting",
    S.CLOSED: "done",
    S.CANCELLED: "stopped",
}
BACK = {"inspections.send_back", "inspections.cancel", "inspections.discard"}
DONE = {"inspections.close"}


@dataclass(frozen=True)
class StopLine:
    """A unit to visit and what the person can do about it."""

    stop: Stop
    url: str
    action: str
    can_depart: bool


@dataclass(frozen=True)
class CampaignPage:
    """Everything the page shows."""

    campaign: Campaign
    standing: Standing
    facts: list[Fact]
    teams: list[Team]
    stops: list[StopLine]
    is_sealed: bool
    is_field: bool
    lacking: list[str]
    timeline: list[TimelineEntry]
    buttons: list[MoveButton]
    may_edit: bool
    note: str


def page(campaign: Campaign, user: User, *, day: date) -> CampaignPage:
    """The campaign for one who sees it."""
    knows = campaigns.knows_plan(user, campaign)
    may_plan = access.may(user, Permission.CAMPAIGN_PLAN, unit=campaign.office)
    team = campaigns.team_of(user, campaign)
    may_edit = may_plan and campaign.state in steps.SUBMIT.sources
    lines = [_stop(campaign, stop, team, day) for stop in campaigns.stops(user, campaign)]
    offered = buttons(campaign, user)
    return CampaignPage(
        campaign=campaign,
        standing=_standing(campaign),
        facts=_facts(campaign, is_sealed=not knows),
        teams=list(campaigns.teams(campaign)),
        stops=sorted(lines, key=lambda line: not line.can_depart),
        is_sealed=not knows,
        is_field=any(line.can_depart for line in lines),
        lacking=rules.wrong_with(campaigns.plan_facts(campaign)) if may_edit else [],
        timeline=_timeline(campaign, is_sealed=not knows),
        buttons=offered,
        may_edit=may_edit,
        note=_named_another(campaign, user, offered),
    )


def buttons(campaign: Campaign, user: User) -> list[MoveButton]:
    """The moves this person may make now."""
    may_plan = access.may(user, Permission.CAMPAIGN_PLAN, unit=campaign.office)
    decides = (
        access.may(user, Permission.CAMPAIGN_APPROVE, unit=campaign.office)
        and user.pk != campaign.author_id
        and (campaign.method != Method.COVERT or user.pk == campaign.approver_id)
    )
    allowed: dict[Move, Callable[[], bool]] = {
        steps.SUBMIT: lambda: may_plan,
        steps.APPROVE: lambda: decides,
        steps.SEND_BACK: lambda: decides,
        steps.REPORT: lambda: may_plan,
        steps.CLOSE: lambda: may_plan,
        steps.DISCARD: lambda: may_plan,
        steps.CANCEL: lambda: access.may(user, Permission.CAMPAIGN_APPROVE, unit=campaign.office),
    }
    return [
        MoveButton(
            name=move.name,
            label=move.label,
            url=reverse("inspections:campaign_move", args=[campaign.pk, move.name]),
            needs_reason=move.needs_reason,
            is_primary=move in (steps.SUBMIT, steps.APPROVE, steps.REPORT, steps.CLOSE),
            is_danger=move.danger,
            reason_label="总结（检查情况、主要问题、处理结果）" if move is steps.CLOSE else "理由",
        )
        for move in moves.open_moves(campaign, steps.TABLE)
        if move in allowed and allowed[move]()
    ]


def _named_another(campaign: Campaign, user: User, offered: list[MoveButton]) -> str:
    """Told to whom may approve the plan although it names somebody else for that."""
    may_decide = any(button.name == steps.APPROVE.name for button in offered)
    if not may_decide or campaign.approver is None or campaign.approver_id == user.pk:
        return ""
    return f"方案上写明的批准人是{campaign.approver.name}。您也有批准明察方案的权限，可以代为办理。"


def _stop(campaign: Campaign, stop: Stop, team: Team | None, day: date) -> StopLine:
    mine = team is not None and (stop.team is None or stop.team.pk == team.pk)
    if stop.visit and stop.visit.state != Visit.State.ABORTED:
        waits = stop.visit.state == Visit.State.PLANNED and mine and can_set_out(campaign, day)
        return StopLine(stop, reverse("inspections:visit_detail", args=[stop.visit.pk]), "查看", waits)
    if not mine or campaign.state not in campaigns.FIELD_OPEN:
        return StopLine(stop, "", "", False)
    address = reverse("inspections:visit_new")
    url = f"{address}?campaign={campaign.pk}&unit={stop.unit.pk}"
    return StopLine(stop, url, "填写检查记录", can_set_out(campaign, day))


def can_set_out(campaign: Campaign, day: date) -> bool:
    objection = rules.objection_to_setting_out(
        first_day=campaign.starts_on, last_day=campaign.ends_on, today=day
    )
    return campaign.state in campaigns.FIELD_OPEN and not objection


def _standing(campaign: Campaign) -> Standing:
    author, approver = campaign.author.name, campaign.approver.name if campaign.approver else ""
    leader = campaign.leader.name if campaign.leader else ""
    desk, following = {
        S.DRAFT: (author, "写好方案后提交报批"),
        S.SUBMITTED: (approver, "批准，或退回并说明理由"),
        S.RETURNED: (author, "按退回理由修改后再提交"),
        S.APPROVED: (leader, "检查组出发后自动开始实施"),
        S.ACTIVE: (leader, "各组检查、签名、复核，督查办归档"),
        S.REPORTING: ("督查办", "写出总结后结束批次"),
        S.CLOSED: ("", ""),
        S.CANCELLED: ("", ""),
    }[S(campaign.state)]
    return Standing(
        state=campaign.get_state_display(),
        desk=desk,
        next=following,
        tone=TONES.get(S(campaign.state), "open"),
        has_deadline=False,
    )


def _facts(campaign: Campaign, *, is_sealed: bool) -> list[Fact]:
    whom = [
        Fact("检查对象", campaign.objects_text, wide=True),
        Fact("检查范围", campaign.scope, wide=True),
    ]
    return [
        Fact("检查方式", campaign.get_method_display()),
        Fact("检查级别", campaign.get_level_display()),
        Fact("检查期限", f"{cn_date(campaign.starts_on)}至{cn_date(campaign.ends_on)}"),
        Fact("组织单位", campaign.office.name),
        Fact("带队负责人", campaign.leader.name if campaign.leader else ""),
        Fact("拟稿人", campaign.author.name),
        Fact("批准人", campaign.approver.name if campaign.approver else ""),
        Fact("问题分类", str(campaign.taxonomy)),
        Fact("检查内容", campaign.content, wide=True),
        *([] if is_sealed else whom),
        *([Fact("总结", campaign.outcome, wide=True)] if campaign.outcome else []),
    ]


def _timeline(campaign: Campaign, *, is_sealed: bool) -> list[TimelineEntry]:
    """Every step; a reason may name units that are still sealed, so those who need not know them read none."""
    return [
        TimelineEntry(
            at=row.at,
            who=row.actor_name,
            what=row.label,
            why="" if is_sealed else row.reason,
            tone=_tone(row.verb),
        )
        for row in audit.history_of(subject=campaign).order_by("-id")
    ]


def _tone(verb: str) -> str:
    if verb in BACK:
        return "back"
    return "done" if verb in DONE else ""
