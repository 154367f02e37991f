"""Whether the unit has been heard."""

from __future__ import annotations

from findings.models import Finding


def is_heard(finding: Finding) -> bool:
    """Whether a statement is on record: given, waived, or its time run out."""
    return finding.statements.exists()
