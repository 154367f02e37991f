"""Triggers on both engines that let rows of the audit be added and nothing else.

Whoever owns the database can lift them; `manage.py verify` says so when one is missing or no longer refuses.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

# Table, and the columns by which SQLite's INSERT OR REPLACE would push a row out without a DELETE.
GUARDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "conduct_auditentry": (("id",),),
    "conduct_readentry": (("id",),),
    "conduct_auditseal": (("id",), ("chain", "seq")),
    "conduct_auditanchor": (("id",), ("no",)),
    "conduct_anchordelivery": (("id",),),
    "conduct_verifyreport": (("id",),),
}
WORDS = "audit rows are append-only"
FUNCTION = "conduct_refuse_change"
BODY = f"BEGIN RAISE EXCEPTION '{WORDS}'; END"


def register(table: str, *keys: tuple[str, ...]) -> None:
    """Guard a book of an upper floor like those of the ground; from AppConfig.ready.

    keys: the columns by which a row could be pushed out by another, as in GUARDED
    """
    GUARDED[table] = keys


def install_guards(connection: BaseDatabaseWrapper) -> None:
    """Set the triggers; safe to repeat.

    Every migrate ends with this, because SQLite drops triggers when it rebuilds a table.
    """
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger AS $${BODY}$$ LANGUAGE plpgsql"
            )
        for table in GUARDED:
            if table in present:
                for name, statement in _statements(connection.vendor, table).items():
                    cursor.execute(_drop(connection.vendor, table, name))
                    cursor.execute(statement)


def remove_guards(connection: BaseDatabaseWrapper) -> None:
    """Lift the triggers; only an empty test database may be emptied this way."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in (name for name in GUARDED if name in present):
            for name in _statements(connection.vendor, table):
                cursor.execute(_drop(connection.vendor, table, name))


def guards_missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that should stand and do not, or that were made to let things pass."""
    wanted = {table: _statements(connection.vendor, table) for table in GUARDED}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
                "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND tgqual IS NULL "
                "AND proname = %s AND prosrc = %s",
                [FUNCTION, BODY],
            )
            standing = {row[0] for row in cursor.fetchall()}
            return sorted(name for names in wanted.values() for name in names if name not in standing)
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = dict(cursor.fetchall())
    return sorted(
        name for names in wanted.values() for name, statement in names.items() if found.get(name) != statement
    )


def _statements(vendor: str, table: str) -> dict[str, str]:
    """Each trigger of a table by its name."""
    if vendor == "postgresql":
        rows = {
            f"{table}_no_{event}": f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
            for event in ("update", "delete")
        }
        name = f"{table}_no_truncate"
        return rows | {
            name: f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        }
    refuse = f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    rows = {
        f"{table}_no_{event}": f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} {refuse}"
        for event in ("update", "delete")
    }
    for key in GUARDED[table]:
        name = f"{table}_no_replace_{key[0]}"
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        rows[name] = (
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}"
        )
    return rows


def _drop(vendor: str, table: str, name: str) -> str:
    on = f" ON {table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {name}{on}"
