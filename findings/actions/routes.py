from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction

from conduct import audit
from conduct.errors import Refused
from findings.models import Route
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
