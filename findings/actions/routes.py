from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction

from conduct import audit
from conduct.errors import Refused
from findings.models import Route
from findings.rules.ladder import SHIPPED
from findings.rules.ladder import objection_to_days as objection_to_ladder
from findings.rules.revisit import objection_to_days
from people import access
from people.models import User
from people.roles import Permission

MOST_DAYS = 250
# Source: DOMAIN §2.3
SHIPPED_DAYS = {Route.Code.IMMEDIATE: 3, Route.Code.LIMITED: 15, Route.Code.COMPLEX: 30}


def load_shipped(*, get_model: Callable[[str, str], Any] = apps.get_model) -> None:
    """The three routes as the office finds them on the first day; safe to repeat, changed days stay."""
    rows = get_model("findings", "Route").objects
    for code, working_days in SHIPPED_DAYS.items():
        rows.get_or_create(code=code.value, defaults={"working_days": working_days})


@transaction.atomic
def change_days(*, route: Route, working_days: int, by: User, at: datetime) -> Route:
    """Change how many working days a route gives; notices already issued keep their deadline."""
    access.require_everywhere(by, Permission.STANDARDS_EDIT)
    if not 1 <= working_days <= MOST_DAYS:
        raise Refused(f"整改时限须是 1 至 {MOST_DAYS} 个工作日，请改正后再保存。")
    before = route.working_days
    if before == working_days:
        return route
    route.working_days = working_days
    route.save(update_fields=["working_days"])
    audit.record(
        at=at,
        by=by,
        verb="findings.change_route",
        label=f"{route.get_code_display()}时限由 {before} 改为 {working_days} 个工作日",
        subject=route,
    )
    return route


@transaction.atomic
def change_acceptance(
    *, route: Route, on_site: bool, revisit_from_days: int, revisit_to_days: int, by: User, at: datetime
) -> Route:
    """Change how a route is accepted and when it is looked at again; what has been closed keeps its day."""
    access.require_everywhere(by, Permission.STANDARDS_EDIT)
    if objection := objection_to_days(first=revisit_from_days, last=revisit_to_days):
        raise Refused(objection)
    after = {
        "on_site": on_site,
        "revisit_from_days": revisit_from_days,
        "revisit_to_days": revisit_to_days,
    }
    before = {name: getattr(route, name) for name in after}
    if before == after:
        return route
    for name, value in after.items():
        setattr(route, name, value)
    route.save(update_fields=list(after))
    audit.record(
        at=at,
        by=by,
        verb="findings.change_route_acceptance",
        label=f"修改{route.get_code_display()}的验收和回头看",
        subject=route,
        details={"before": before, "after": after},
    )
    return route


@transaction.atomic
def change_ladder(*, route: Route, by: User, at: datetime, **days: int | None) -> Route:
    """Change on which working days the ladder takes its steps; what was taken stays, what comes goes by the new days.

    days: by column of the route, e.g. ladder_letter; None leaves the step out
    """
    access.require_everywhere(by, Permission.STANDARDS_EDIT)
    named = {step: days[f"ladder_{step.name.lower()}"] for step in SHIPPED}
    if objection := objection_to_ladder(named):
        raise Refused(objection)
    before = {name: getattr(route, name) for name in days}
    if before == days:
        return route
    for name, value in days.items():
        setattr(route, name, value)
    route.save(update_fields=list(days))
    audit.record(
        at=at,
        by=by,
        verb="findings.change_route_ladder",
        label=f"修改{route.get_code_display()}的督办步骤",
        subject=route,
        details={"before": before, "after": days},
    )
    return route
