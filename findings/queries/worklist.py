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


def unhandled() -> QuerySet[Observation]:
    """Problems seen on locked visits, neither part of a finding nor set aside."""
    return Observation.objects.filter(
        ~Exists(FindingObservation.objects.filter(observation=OuterRef("pk"))),
        ~Exists(SetAside.objects.filter(observation=OuterRef("pk"))),
        kind=Observation.Kind.PROBLEM,
        visit__state=Visit.State.LOCKED,
        visit__is_historical=False,
    )


def for_user(user: Asker) -> QuerySet[Observation]:
    """What waits for this person's office."""
    return access.visible(unhandled(), user, Permission.FINDING_TRIAGE, path_field="visit__unit__path")


def chosen(user: Asker, *, ids: Iterable[UUID]) -> list[Observation]:
    """The observations picked from the list, oldest visit first; what has been dealt with meanwhile is left out."""
    return list(
        for_user(user)
        .filter(pk__in=list(ids))
        .select_related("visit__unit", "category", "rule_item")
        .order_by("visit__visited_on", "visit", "ordinal")
    )
