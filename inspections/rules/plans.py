"""What a campaign's plan must say before it is sent up, and before it is approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from conduct.dates import plain_date

FEWEST_INSPECTORS = 2
MOST_TEAMS = 20
MOST_DAYS = 366
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True)
class TeamFacts:
    """A team as it is written down; people by their ids."""

    name: str
    leader: int | None
    members: tuple[int, ...]


@dataclass(frozen=True)
class PlanFacts:
    """A plan as it is written down."""

    content: str
    objects_text: str
    scope: str
    starts_on: date
    ends_on: date
    has_leader: bool
    has_approver: bool
    units: int
    teams: tuple[TeamFacts, ...]


def objection_to_setting_out(*, first_day: date, last_day: date, today: date) -> str:
    """Against leaving for a unit on a day on which no visit of the campaign can be filed.

    Setting out opens a covert visit to the office, so it must not happen for nothing.
    """
    if first_day <= today <= last_day:
        return ""
    term = f"{plain_date(first_day)}至{plain_date(last_day)}"
    if today < first_day:
        return f"本批次的检查期限是{term}，还没有开始，不能登记出发。请到期限内出发时再登记。"
    return f"本批次的检查期限是{term}，已经结束，不能再登记出发。确需检查的，请另拟方案报批。"


def wrong_with(plan: PlanFacts) -> list[str]:
    """Everything a plan lacks, in the order of its page.

    Source: 政府督查工作条例: 督查方案须明确督查内容、对象和范围
    """
    return list(_wrong(plan))


def wrong_dates(starts_on: date, ends_on: date) -> str:
    """Why the campaign cannot run from one day to the other; "" when it can."""
    if ends_on < starts_on:
        return "结束日期早于开始日期，请核对。"
    if starts_on.year < FIRST_YEAR or ends_on.year > LAST_YEAR:
        return f"日期的年份应在{FIRST_YEAR}年至{LAST_YEAR}年之间，请核对。"
    if (ends_on - starts_on).days >= MOST_DAYS:
        return f"检查期限超过{MOST_DAYS}天，请分批制定方案。"
    return ""


def _wrong(plan: PlanFacts) -> Iterator[str]:
    for label, text in (
        ("检查内容", plan.content),
        ("检查对象", plan.objects_text),
        ("检查范围", plan.scope),
    ):
        if not text.strip():
            yield f"还没有写明{label}。"
    if dates := wrong_dates(plan.starts_on, plan.ends_on):
        yield dates
    if not plan.has_leader:
        yield "还没有指定带队负责人。"
    if not plan.has_approver:
        yield "还没有选定批准人。"
    if not plan.units:
        yield "还没有选定被查单位。"
    if not plan.teams:
        yield "还没有编组，至少要有一个检查组。"
    yield from _wrong_teams(plan.teams)


def _wrong_teams(teams: Sequence[TeamFacts]) -> Iterator[str]:
    placed: set[int] = set()
    for team in teams:
        if len(set(team.members)) < FEWEST_INSPECTORS:
            yield f"{team.name}只有{len(set(team.members))}名检查人员，每组至少{FEWEST_INSPECTORS}名。"
        if team.leader is None or team.leader not in team.members:
            yield f"{team.name}的组长须从本组检查人员中指定。"
        if placed & set(team.members):
            yield f"{team.name}有人员同时编入了别的组，一人只能在一个组。"
        placed |= set(team.members)
