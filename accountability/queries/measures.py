"""Measures one by one, and what else stands against the same person or unit."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from accountability.models import Measure, MeasureQuerySet
from accountability.rules.cautions import Other
from conduct.sealing import Unreadable
from findings.models import Finding, UnitStatement
from people.models import Unit, User

from . import names

WITH = ("kind__catalogue", "unit", "finding__unit", "finding__category", "recorded_by", "attachment")


def get_for(user: User, pk: UUID) -> Measure:
    """One measure of the person's office.

    Raises: Http404
    """
    return get_object_or_404(Measure.objects.visible_to(user).select_related(*WITH), pk=pk)


def of_finding(finding: Finding) -> list[Measure]:
    """Everything recorded on a finding and on those made one with it, withdrawn entries too, the latest first."""
    rows = _same_facts(finding).select_related(*WITH)
    return list(rows.order_by("-recorded_at", "-pk"))


def correction_of(measure: Measure) -> Measure | None:
    """The entry that took its place, if one did."""
    return Measure.objects.filter(corrects=measure).select_related("kind", "unit").first()


def against_the_same(
    *, finding: Finding, unit: Unit, person_post: str, name: str, but: Measure | None = None
) -> list[Other]:
    """What stands against the same unit, or the same person, because of the facts of this finding.

    Facts of findings that were made one are the same facts. A person is told by the name where both entries have
    it, else by the post.
    """
    rows = _same_facts(finding).in_force().filter(unit=unit).select_related("kind").order_by("recorded_at")
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return [
        Other(row.kind.code, row.kind.name, row.kind.category)
        for row in rows
        if _is_same(row, person_post=person_post, name=name)
    ]


def first_heard_on(finding: Finding) -> date | None:
    """The earliest day on which the unit was heard about the facts, or let the day go by."""
    heard = UnitStatement.objects.filter(finding=finding).order_by("heard_on")
    return heard.values_list("heard_on", flat=True).first()


def to_end(*, today: date) -> QuerySet[Measure]:
    """Measures whose period is over and that have not been ended yet, the oldest first."""
    rows = Measure.objects.filter(state=Measure.State.IN_FORCE, effect_last_on__lt=today)
    return rows.select_related("kind", "unit", "finding__unit").order_by("effect_last_on", "pk")


def _same_facts(finding: Finding) -> MeasureQuerySet:
    same = Q(finding=finding) | Q(finding__merged_into=finding)
    return Measure.objects.filter(same)


def _is_same(row: Measure, *, person_post: str, name: str) -> bool:
    if bool(row.person_post) != bool(person_post):
        return False
    if not person_post:
        return True
    if name and row.has_name:
        try:
            return names.name_of(row) == name
        except Unreadable:
            pass
    return row.person_post == person_post
