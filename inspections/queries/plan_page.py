"""What the page of a plan needs beside its forms: the choice of units, and two versions side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from conduct import audit
from conduct.dates import cn_date
from conduct.shapes import Conflict, Difference
from inspections.models import Campaign, Method
from people.models import Unit, User

from . import campaigns, units

MOST_WORDS = 40
LABELS = {
    "title": "批次名称",
    "method": "检查方式",
    "level": "检查级别",
    "office": "组织单位",
    "taxonomy": "问题分类",
    "starts_on": "开始日期",
    "ends_on": "结束日期",
    "content": "检查内容",
    "objects_text": "检查对象",
    "scope": "检查范围",
    "leader": "带队负责人",
    "approver": "批准人",
}

CHOICES = {"method": Method, "level": Campaign.Level}


@dataclass(frozen=True)
class Chosen:
    """A unit ticked, and the place of the team that goes there."""

    unit: Unit
    team: str


@dataclass(frozen=True)
class UnitChoice:
    """Units ticked, units found, and the words they were found by."""

    words: str
    chosen: list[Chosen]
    found: list[Unit]
    team_places: list[tuple[str, str]]
    is_searched: bool


def unit_choice(
    user: User,
    query: QueryDict,
    *,
    chosen: Sequence[tuple[Unit, int | None]] | None = None,
    teams: int | None = None,
) -> UnitChoice:
    """The state of the choice, from the plan's form or from the fragment's own query."""
    if chosen is None:
        wanted = [value for value in query.getlist("units") if value.isdecimal() and len(value) < 10]
        chosen = [(unit, _place(query.get(f"team_of_{unit.pk}"))) for unit in units.by_ids(wanted)]
    if teams is None:
        teams = _place(query.get("teams-TOTAL_FORMS")) or 1
    words = query.get("find", "")[:MOST_WORDS].strip()
    return UnitChoice(
        words=words,
        chosen=[Chosen(unit, "" if team is None else str(team)) for unit, team in chosen],
        found=units.choosable(user=user, words=words, besides=[unit.pk for unit, _ in chosen]),
        team_places=[(str(place), f"第{place + 1}个组") for place in range(min(teams, 20))],
        is_searched=bool(words),
    )


def conflict(campaign: Campaign, typed: Any) -> Conflict:
    """What is stored now beside what was typed. typed: a plan with the campaign's columns, teams and units."""
    last = audit.history_of(subject=campaign).last()
    return Conflict(
        by=last.actor_name if last else "",
        at=last.at if last else campaign.created_at,
        reload_url=reverse("inspections:campaign_edit", args=[campaign.pk]),
        fields=list(_differences(campaign, typed)),
    )


def differs(campaign: Campaign, typed: Any) -> bool:
    """Whether what was typed says anything else than what is stored."""
    return any(True for _ in _differences(campaign, typed))


def _differences(campaign: Campaign, typed: Any) -> Iterator[Difference]:
    for name, label in LABELS.items():
        theirs, yours = getattr(campaign, name), getattr(typed, name)
        if theirs != yours:
            yield Difference(label, _words(name, theirs), _words(name, yours))
    stored = "、".join(row.unit.name for row in campaign.units.select_related("unit").order_by("unit__path"))
    wanted = "、".join(item.unit.name for item in typed.units)
    if stored != wanted:
        yield Difference("被查单位", stored, wanted)
    stored = "；".join(
        _team(team.name, [m.user.name for m in team.members.all()]) for team in campaigns.teams(campaign)
    )
    wanted = "；".join(_team(team.name, [user.name for user in team.members]) for team in typed.teams)
    if stored != wanted:
        yield Difference("检查组", stored, wanted)


def _team(name: str, members: Sequence[str]) -> str:
    return f"{name}：{'、'.join(members)}"


def _words(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    return cn_date(value) if hasattr(value, "isoformat") else str(value)


def _place(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 4 else None
