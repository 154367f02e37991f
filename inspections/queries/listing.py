"""Rows of lists, and the buttons of a page with their forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse

from conduct import dates
from conduct.paging import BOUND, Page, bounded_in_words, keyset_of
from conduct.prepared import Many, Prepared
from conduct.shapes import MoveButton
from inspections.models import Campaign, Method, Observation, Visit
from people.access import Asker

from . import campaign_page, campaigns, visit_page

NEWEST = ("-created_at", "id")
VISIT_COLUMNS = (
    "id",
    "created_at",
    "unit__name",
    "campaign__title",
    "visited_on",
    "method",
    "team__name",
    "no_problem",
    "state",
)
CAMPAIGN_COLUMNS = (
    "id",
    "created_at",
    "title",
    "method",
    "starts_on",
    "ends_on",
    "leader__name",
    "state",
    "is_whole",
    "is_historical",
    "author_id",
    "approver_id",
    "leader_id",
)
PROBLEMS = Prepared(
    lambda visits: (
        Observation.objects.filter(visit__in=visits, kind=Observation.Kind.PROBLEM)
        .order_by()
        .values_list("visit")
        .annotate(Count("pk"))
    ),
    visits=Many(models.UUIDField()),
)
METHODS: dict[str, str] = {value: str(label) for value, label in Method.choices}
CAMPAIGN_STATES: dict[str, str] = {value: str(label) for value, label in Campaign.State.choices}
VISIT_STATES: dict[str, str] = {value: str(label) for value, label in Visit.State.choices}


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit in the list."""

    url: str
    unit: str
    campaign: str
    visited: str
    method: str
    team: str
    result: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign in the list. units: 保密 for those who need not know."""

    url: str
    title: str
    method: str
    span: str
    leader: str
    units: str
    visits: str
    state: str
    tone: str


def visit_page_of(rows: QuerySet[Visit], request_get: QueryDict) -> Page[VisitLine]:
    """One page of the visits with what came of them."""
    page = keyset_of(
        rows,
        VISIT_COLUMNS,
        order=NEWEST,
        request_get=request_get,
        bound=BOUND,
        noun="次检查",
    )
    prefix = _prefix("inspections:visit_detail")
    problems = dict(PROBLEMS(visits=[row["id"] for row in page.rows]))
    return Page([_visit_line(row, problems.get(row["id"], 0), prefix) for row in page.rows], page.pager)


def _visit_line(row: dict[str, Any], problems: int, prefix: str) -> VisitLine:
    day, state = row["visited_on"], row["state"]
    return VisitLine(
        url=f"{prefix}{row['id']}/",
        unit=row["unit__name"],
        campaign=row["campaign__title"],
        visited=dates.cn_date(day) if day else dates.UNRECORDED,
        method=METHODS[row["method"]],
        team=row["team__name"] or dates.UNRECORDED,
        result=_result(problems, no_problem=row["no_problem"]),
        state=VISIT_STATES[state],
        tone=visit_page.TONES.get(state, "open"),
    )


def campaign_page_of(
    rows: QuerySet[Campaign], user: Asker, request_get: QueryDict, *, today: date
) -> Page[CampaignLine]:
    """One page of the campaigns, each with its units and visits as far as the person may know them."""
    page = keyset_of(
        campaigns.told_whole(rows, user),
        CAMPAIGN_COLUMNS,
        order=NEWEST,
        request_get=request_get,
        bound=BOUND,
        noun="个批次",
    )
    prefix = _prefix("inspections:campaign_detail")
    counts = campaigns.counts_of({row["id"]: row["is_whole"] for row in page.rows}, user=user)
    lines = [_campaign_line(row, counts[row["id"]], user, prefix, today) for row in page.rows]
    return Page(lines, page.pager)


def _campaign_line(
    row: dict[str, Any], counts: campaigns.Counts, user: Asker, prefix: str, today: date
) -> CampaignLine:
    state = row["state"]
    known_to = (row["author_id"], row["approver_id"], row["leader_id"])
    is_known = counts.is_led or user.pk in known_to
    is_known |= campaigns.is_open_plan(method=row["method"], is_historical=row["is_historical"])
    return CampaignLine(
        url=f"{prefix}{row['id']}/",
        title=row["title"],
        method=METHODS[row["method"]],
        span="至".join(dates.cn_day(row[end], beside=today) for end in ("starts_on", "ends_on")),
        leader=row["leader__name"] or dates.UNRECORDED,
        units=bounded_in_words(counts.units, BOUND) if is_known else "保密",
        visits=bounded_in_words(counts.visits, BOUND),
        state=CAMPAIGN_STATES[state],
        tone=campaign_page.TONES.get(state, "open"),
    )


def _prefix(url_name: str) -> str:
    some = UUID(int=0)
    return reverse(url_name, args=[some]).removesuffix(f"{some}/")


def with_forms(
    buttons: Sequence[MoveButton], make: Any, refused: tuple[str, Any] | None
) -> tuple[list[MoveButton], list[str]]:
    """The buttons with a form where a reason is asked, and what was refused with no panel to say it in.

    make:    builds the form from a label
    refused: the move just tried, and its form with the errors
    """
    shown: list[MoveButton] = []
    said = [str(error) for errors in refused[1].errors.values() for error in errors] if refused else []
    for button in buttons:
        if refused and button.name == refused[0] and button.needs_reason:
            refused[1].fields["reason"].label = button.reason_label
            shown.append(replace(button, form=refused[1], is_open=True))
            said = []
        elif button.needs_reason:
            shown.append(replace(button, form=make(label=button.reason_label, auto_id=f"{button.name}_%s")))
        else:
            shown.append(button)
    return shown, said


def _result(problems: int, *, no_problem: bool) -> str:
    if problems:
        return f"{problems}个问题"
    return "未发现问题" if no_problem else "—"
