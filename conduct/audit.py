"""The append-only record of what happened; triggers refuse to change or remove a row, seals tell when one was.

Rows are for people and auditors. Rules never read them: a fact a rule needs is a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Model, QuerySet

from .models import AuditEntry

SYSTEM = "系统"
# Of the entry that tells with which digest a file was taken in; verification holds the register of files to it.
FILE_RECEIVED = "conduct.file_received"


class Actor(Protocol):
    """Whoever acts: a user, or the system itself."""

    pk: Any

    def __str__(self) -> str: ...


class SystemActor:
    """The house acting on its own schedule."""

    pk = ""

    def __str__(self) -> str:
        return SYSTEM


def record(
    *,
    at: datetime,
    by: Actor,
    verb: str,
    subject: Model,
    label: str = "",
    before: str = "",
    after: str = "",
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write down one thing that happened, with the names as they are now.

    verb:    "<app>.<what>", English
    label:   the same for people, Chinese
    details: plain JSON values, never the text of a tip-off
    """
    entry = line(
        at=at,
        by=by,
        verb=verb,
        subject=subject,
        label=label,
        before=before,
        after=after,
        reason=reason,
        details=details,
    )
    entry.save(force_insert=True)
    return entry


def line(
    *,
    at: datetime,
    by: Actor,
    verb: str,
    subject: Model,
    label: str = "",
    before: str = "",
    after: str = "",
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """The same, not yet written: for many things that happened together."""
    return AuditEntry(
        at=at,
        actor_id=str(by.pk or ""),
        actor_name=str(by),
        verb=verb,
        label=label,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_name=str(subject)[:200],
        before=before,
        after=after,
        reason=reason,
        details=details or {},
    )


def record_all(lines: Sequence[AuditEntry]) -> None:
    """Write down many things at once, in their order."""
    AuditEntry.objects.bulk_create(lines)


def history_of(*, subject: Model) -> QuerySet[AuditEntry]:
    """All that happened to one row, oldest first."""
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
    ).order_by("id")
