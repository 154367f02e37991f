"""Which findings name a person, and which of these go into no paper yet: their unit may still object, or has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from conduct.calendar.rules import WorkCalendar
from findings.models import Finding, FindingObservation, FindingQuerySet, Objection
from findings.rules import objection as rules

from . import objections

OPEN = Objection.State.FILED


class Why(StrEnum):
    """What a paper has to wait for."""

    NOT_SERVED = "not_served"
    TERM = "term"
    OBJECTION = "objection"


@dataclass(frozen=True, slots=True)
class Barred:
    """Why a finding goes into no paper, and until what day; None where the day is not known yet."""

    why: Why
    until: date | None = None
    is_estimate: bool = False


def barred(findings: FindingQuerySet, *, today: date, book: WorkCalendar) -> FindingQuerySet:
    """Those of the findings that name a person and go into no paper today.

    The five working days count from the receipt, or from when the notice counts as served; what came back is put to
    its unit anew. Findings of the past were never put to anybody and wait for nothing.
    """
    waits_after = rules.not_over_after(today=today, book=book)
    rows = findings.annotate(delivered=Coalesce("notice__served_at", "notice__received_at"))
    undecided = Objection.objects.filter(finding=OuterRef("pk"), state=OPEN)
    return rows.filter(
        _names_somebody(),
        Q(delivered__isnull=True)
        | Q(delivered__gt=waits_after)
        | Q(reopened_at__gt=waits_after)
        | Exists(undecided),
        is_historical=False,
    )


def bar_of(finding: Finding, *, book: WorkCalendar) -> Barred:
    """Why a barred finding waits. finding: read with its notice"""
    row = finding.objections.filter(state=OPEN).first()
    if row is not None:
        return Barred(Why.OBJECTION, row.decide_by, row.decide_by_is_estimate)
    right = objections.right_of(finding, book=book)
    if right is None:
        return Barred(Why.NOT_SERVED)
    return Barred(Why.TERM, right.pauses_until.day, right.pauses_until.is_estimate)


def _names_somebody() -> Q:
    seen = FindingObservation.objects.filter(finding=OuterRef("pk")).filter(
        ~Q(observation__person_post="") | Q(observation__persons__gt=0)
    )
    return Q(names_person=True) | ~Q(person_post="") | Q(persons__gt=0) | Q(Exists(seen))
