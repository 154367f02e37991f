"""What waits for one person on this floor, for 我的工作."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from inspections.models import Campaign, CampaignUnit, Method, TeamMember, Visit, VisitSignature
from people import access
from people.models import User
from people.roles import Permission

from . import campaigns

S = Visit.State
MOST = 30


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do. since: from when it waits; count: how many things stand behind it."""

    label: str
    url: str
    since: datetime | None = None
    count: int = 1


def for_user(user: User) -> list[Item]:
    """Everything that waits for this person here, what waits longest first."""
    items = [*_plans(user), *_stops(user), *_records(user)]
    return sorted(
        items, key=lambda item: (item.since is None, item.since.timestamp() if item.since else 0, item.label)
    )


def sent_and_waiting(user: User) -> list[Item]:
    """What the person sent on and waits for: plans under approval, own records under review."""
    plans = Campaign.objects.filter(author=user, state=Campaign.State.SUBMITTED).order_by("submitted_at")[
        :MOST
    ]
    records = _mine(user).filter(recorder=user, state=S.RECORDED).order_by("recorded_at")[:MOST]
    return [
        *(_campaign("等待批准方案", row, row.submitted_at) for row in plans),
        *(_visit("等待签名复核", row, row.recorded_at) for row in records),
    ]


def _plans(user: User) -> Iterator[Item]:
    if access.holds(user, Permission.CAMPAIGN_APPROVE):
        reach = access.within(user, Permission.CAMPAIGN_APPROVE, path_field="office__path")
        decides = Q(approver=user.pk) | (Q(approver__isnull=True) & ~Q(method=Method.COVERT))
        rows = Campaign.objects.filter(reach, decides, state=Campaign.State.SUBMITTED).exclude(author=user.pk)
        for row in rows.order_by("submitted_at")[:MOST]:
            yield _campaign("批准检查方案", row, row.submitted_at)
    if access.holds(user, Permission.CAMPAIGN_PLAN):
        rows = Campaign.objects.filter(author=user.pk, state=Campaign.State.RETURNED).order_by("submitted_at")
        for row in rows[:MOST]:
            yield _campaign("修改退回的检查方案", row, row.submitted_at)


def _stops(user: User) -> Iterator[Item]:
    """Campaigns with units the person's team has still to visit; a sealed unit is counted for no one else."""
    if not access.holds(user, Permission.VISIT_FILE):
        return
    mine = TeamMember.objects.filter(team=OuterRef("team"), user=user.pk)
    anyone = TeamMember.objects.filter(team__campaign=OuterRef("campaign"), user=user.pk)
    visited = Visit.objects.filter(campaign=OuterRef("campaign"), unit=OuterRef("unit")).exclude(
        state__in=(S.PLANNED, S.ABORTED)
    )
    rows = CampaignUnit.objects.filter(
        Q(Exists(mine)) | (Q(team__isnull=True) & Exists(anyone)),
        ~Exists(visited),
        campaign__in=campaigns.open_for_field(user),
    ).filter(
        ~Q(campaign__method=Method.COVERT) | Q(campaign__leader=user.pk) | Q(campaign__teams__leader=user.pk)
    )
    counted = rows.values(
        "campaign", "campaign__title", "campaign__starts_on", "campaign__approved_at"
    ).annotate(n=Count("pk", distinct=True))
    for row in counted.order_by("campaign__approved_at")[:MOST]:
        url = reverse("inspections:campaign_detail", args=[row["campaign"]])
        opens = row["campaign__starts_on"]
        title = (
            f"到被查单位检查：{row['campaign__title']}（{opens.month}月{opens.day}日起，还有{row['n']}家）"
        )
        yield Item(title, url, row["campaign__approved_at"], row["n"])


def _records(user: User) -> Iterator[Item]:
    if access.holds(user, Permission.VISIT_FILE):
        yield from _field(user)
    if access.holds(user, Permission.VISIT_LOCK):
        reach = access.within(user, Permission.VISIT_LOCK, path_field="campaign__office__path")
        rows = Visit.objects.filter(reach, state=S.REVIEWED).select_related("unit")
        for row in rows.order_by("reviewed_at")[:MOST]:
            yield _visit("归档检查记录", row, row.reviewed_at)


def _field(user: User) -> Iterator[Item]:
    for row in _mine(user).filter(state__in=(S.DEPARTED, S.ON_SITE)).order_by("created_at")[:MOST]:
        yield _visit("填完检查记录", row, row.departed_at)
    now_valid = VisitSignature.objects.filter(visit=OuterRef("pk"), visit_version=OuterRef("version"))
    recorded = _mine(user).filter(state=S.RECORDED)
    for row in recorded.exclude(Exists(now_valid.filter(user=user.pk))).order_by("recorded_at")[:MOST]:
        yield _visit("签名", row, row.recorded_at)
    led = recorded.filter(team__leader=user.pk).annotate(
        signed=Count("signatures", filter=Q(signatures__visit_version=F("version")))
    )
    for row in led.filter(signed__gte=2).order_by("recorded_at")[:MOST]:
        yield _visit("复核检查记录", row, row.recorded_at)


def _mine(user: User) -> QuerySet[Visit]:
    on_team = TeamMember.objects.filter(team=OuterRef("team"), user=user.pk)
    return Visit.objects.filter(Exists(on_team)).select_related("unit")


def _campaign(verb: str, row: Campaign, since: datetime | None) -> Item:
    return Item(f"{verb}：{row.title}", _url("campaign_detail", row.pk), since)


def _visit(verb: str, row: Visit, since: datetime | None) -> Item:
    return Item(f"{verb}：{row.unit}", _url("visit_detail", row.pk), since)


def _url(name: str, pk: Any) -> str:
    return reverse(f"inspections:{name}", args=[pk])
