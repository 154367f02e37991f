"""What a unit asked that nobody is to answer any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from conduct import moves
from findings.models import Extension, Finding, Objection
from findings.moves import extension as extension_table
from findings.moves import objection as objection_table
from people.models import User


def on_handing_on(*, finding: Finding, reason: str, by: User, at: datetime) -> None:
    """Let what the old unit asked come to an end: it answers no more, and who takes over asks for itself."""
    for row in Objection.objects.filter(finding=finding, state=Objection.State.FILED):
        decided: dict[str, Any] = {"decided_by": by, "decided_at": at, "decision": reason}
        moves.carry_out(row, objection_table.LAPSE, by=by, at=at, reason=reason, **decided)
    extensions(finding=finding, reason=reason, by=by, at=at)


def extensions(*, finding: Finding, reason: str, by: User, at: datetime) -> None:
    """Let a wish for a later deadline come to an end with the term it was about."""
    for row in Extension.objects.filter(finding=finding, state=Extension.State.ASKED):
        decided: dict[str, Any] = {"decided_by": by, "decided_at": at, "decision": reason}
        moves.carry_out(row, extension_table.LAPSE, by=by, at=at, reason=reason, **decided)
