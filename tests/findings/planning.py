"""Rectification plans at each step of their way, for the tests of plans and of progress."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from conduct import clock
from findings.actions import plans
from findings.models import Finding, RectificationPlan
from findings.rules.plan import Item
from tests.factories.cast import AT
from tests.factories.findings import Line

DAY = date(2026, 3, 20)
ITEMS = [Item("落实AB岗", "办公室主任", DAY)]


def at_day(monkeypatch: pytest.MonkeyPatch, days: int) -> Any:
    """So many days after the notice went out."""
    moment = AT + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def plan_of(finding: Finding) -> RectificationPlan:
    return RectificationPlan.objects.select_related("finding__unit", "finding__notice", "notice").get(
        finding=finding
    )


def due(line: Line) -> RectificationPlan:
    return plan_of(line.received(route="complex"))


def written(line: Line) -> RectificationPlan:
    plan = due(line)
    line.planned(plan.finding)
    return plan_of(plan.finding)


def handed_in(line: Line) -> RectificationPlan:
    plan = written(line)
    return plans.hand_in(plan=plan, by=line.cast.east_head, at=AT)


def returned(line: Line) -> RectificationPlan:
    return plans.send_back(plan=handed_in(line), by=line.cast.second_clerk, at=AT, reason="措施不具体。")


def approved(line: Line) -> RectificationPlan:
    return plans.approve(plan=handed_in(line), by=line.cast.second_clerk, at=AT, reason="措施可行。")
