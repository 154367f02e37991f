"""Rows of lists, and the buttons of a page with their forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from conduct.shapes import MoveButton
from inspections.models import Campaign, Observation, Visit
from people.access import Asker

from . import campaign_page, campaigns, visit_page


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit in the list."""

    url: str
    unit: str
    campaign: str
    visited_on: date | None
    method: str
    team: str
    result: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign in the list. units: None for those who need not know."""

    url: str
    title: str
    method: str
    starts_on: date
    ends_on: date
    leader: str
    units: int | None
    visits: int
    state: str
    tone: str


def visit_lines(visits: Iterable[Visit]) -> list[VisitLine]:
    """The visits of one page with what came of them."""
    rows = list(visits)
    problems = _problems(rows)
    return [
        VisitLine(
            url=reverse("inspections:visit_detail", args=[row.pk]),
            unit=row.unit.name,
            campaign=row.campaign.title,
            visited_on=row.visited_on,
            method=row.get_method_display(),
            team=row.team.name if row.team else "",
            result=_result(row, problems.get(row.pk, 0)),
            state=row.get_state_display(),
            tone=visit_page.TONES.get(Visit.State(row.state), "open"),
        )
        for row in rows
    ]


def campaign_lines(rows: Iterable[Campaign], user: Asker) -> list[CampaignLine]:
    """The campaigns of one page."""
    return [
        CampaignLine(
            url=reverse("inspections:campaign_detail", args=[row.pk]),
            title=row.title,
            method=row.get_method_display(),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            leader=row.leader.name if row.leader else "",
            units=units,
            visits=visits,
            state=row.get_state_display(),
            tone=campaign_page.TONES.get(Campaign.State(row.state), "open"),
        )
        for row, units, visits in campaigns.with_counts(rows, user)
    ]


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


def _problems(rows: Iterable[Visit]) -> dict[Any, int]:
    counted = (
        Observation.objects.filter(visit__in=[row.pk for row in rows])
        .values("visit")
        .annotate(n=Count("pk", filter=Q(kind=Observation.Kind.PROBLEM)))
    )
    return dict(counted.values_list("visit", "n"))


def _result(row: Visit, problems: int) -> str:
    if problems:
        return f"{problems}个问题"
    return "未发现问题" if row.no_problem else ""
