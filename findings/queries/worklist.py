"""Observations of locked visits that nobody has dealt with yet."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from findings.models import FindingObservation, SetAside
from inspections.models import Observation, Visit
from people import access
from people.access import Asker
from people.roles import Permission


def seen() -> QuerySet[Observation]:
    """Problems seen on locked visits, dealt with or not."""
    return Observation.objects.filter(
        kind=Observation.Kind.PROBLEM, visit__state=Visit.State.LOCKED, visit__is_historical=False
    )


def unhandled() -> QuerySet[Observation]:
    """Those that are neither part of a finding nor set aside."""
    return seen().filter(
        ~Exists(FindingObservation.objects.filter(observation=OuterRef("pk"))),
        ~Exists(SetAside.objects.filter(observation=OuterRef("pk"))),
    )


def for_user(user: Asker) -> QuerySet[Observation]:
    """What waits for this person's office."""
    return access.visible(unhandled(), user, Permission.FINDING_TRIAGE, path_field="visit__unit__path")


def set_aside(user: Asker) -> QuerySet[SetAside]:
    """What this person's office decided not to take up."""
    rows = SetAside.objects.select_related("observation__visit__unit", "observation__category", "by")
    return access.visible(rows, user, Permission.FINDING_TRIAGE, path_field="observation__visit__unit__path")


def chosen(user: Asker, *, ids: Iterable[UUID]) -> list[Observation]:
    """The observations picked from the list, oldest visit first, also what has been dealt with meanwhile."""
    reached = access.visible(seen(), user, Permission.FINDING_TRIAGE, path_field="visit__unit__path")
    return list(
        reached.filter(pk__in=list(ids))
        .select_related("visit__unit", "category", "rule_item")
        .order_by("visit__visited_on", "visit", "ordinal")
    )
