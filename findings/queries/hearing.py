"""Whether the unit must be heard, and has been."""

from __future__ import annotations

from django.db.models import Q

from findings.models import Finding


def is_heard(finding: Finding) -> bool:
    """Whether a statement is on record: given, waived, or its time run out."""
    return finding.statements.exists()


def points_at_person(finding: Finding) -> bool:
    """Whether somebody is named, by post or number, by the finding or by a record it rests on."""
    return finding.names_person or finding.observations.filter(~Q(person_post="") | Q(persons__gt=0)).exists()
