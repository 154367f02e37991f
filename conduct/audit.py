"""The append-only record of what happened; triggers on both engines refuse to change or remove a row.

Rows are for people and auditors. Rules never read them: a fact a rule needs is a column.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

from .models import AuditEntry

GUARDED = ("conduct_auditentry",)
SYSTEM = "系统"


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
    return AuditEntry.objects.create(
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


def history_of(*, subject: Model) -> QuerySet[AuditEntry]:
    """All that happened to one row, oldest first."""
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
    ).order_by("id")


def install_guards(connection: BaseDatabaseWrapper) -> None:
    """Set the triggers that refuse UPDATE and DELETE; safe to repeat.

    Every migrate ends with this, because SQLite drops triggers when it rebuilds a table.
    """
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION conduct_refuse_change() RETURNS trigger AS "
                "$$ BEGIN RAISE EXCEPTION 'audit rows are append-only'; END $$ LANGUAGE plpgsql"
            )
        for table in GUARDED:
            if table not in present:
                continue
            for event in ("update", "delete"):
                name = f"{table}_no_{event}"
                if connection.vendor == "postgresql":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                    cursor.execute(
                        f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} "
                        "FOR EACH ROW EXECUTE FUNCTION conduct_refuse_change()"
                    )
                else:
                    cursor.execute(
                        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event.upper()} ON {table} "
                        "BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END"
                    )


def remove_guards(connection: BaseDatabaseWrapper) -> None:
    """Lift the triggers; only an empty test database may be emptied this way."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in (name for name in GUARDED if name in present):
            for event in ("update", "delete"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{on}")


def guards_missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that should stand and do not."""
    wanted = {f"{table}_no_{event}" for table in GUARDED for event in ("update", "delete")}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return sorted(wanted - {row[0] for row in cursor.fetchall()})
