"""Ids that were given and are not there yet: where the two engines differ.

PostgreSQL gives an id when a transaction inserts and shows the row when it commits, so ids become visible out of
order. SQLite writes one transaction at a time: what is missing below a visible id will never come.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

# Of sessions whose start the database does not show us, nothing is known; none lasts longer than this.
LONGEST = timedelta(days=1)
OPEN_SINCE = """
    SELECT clock_timestamp(), min(xact_start), bool_or(backend_type IS NULL)
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def can_be_late() -> bool:
    """Whether a row may appear below an id that is already visible."""
    return connection.vendor == "postgresql"


def moment() -> datetime:
    """The clock by which the database tells when transactions began; where rows can be late."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def all_ended_before() -> datetime:
    """Every transaction that had begun before this moment has ended; ask before looking for its rows."""
    if not can_be_late():
        return datetime.max.replace(tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(OPEN_SINCE)
        now, oldest, is_hidden = cursor.fetchone()
    found: datetime = min(now, oldest) if oldest else now
    return min(found, now - LONGEST) if is_hidden else found
