"""The city at scale on PostgreSQL, copied over from the one on SQLite: the rows are drawn once and not once more.

Run in the environment of the empty PostgreSQL; BENCH_SOURCE names the file of the other.
"""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Iterator
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

# What each engine keeps in its own way is filled anew.
LEFT_OUT = ("django_migrations", "conduct_searchtext", "conduct_searchpending")
AT_ONCE = 20_000


def main() -> None:
    """Copy every table, then tell the sequences where they stand."""
    django.setup()
    call_command("migrate", verbosity=0)
    source = sqlite3.connect(f"file:{os.environ['BENCH_SOURCE']}?mode=ro", uri=True)
    there = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and model._meta.db_table in there and model._meta.db_table not in LEFT_OUT
    ]
    with connection.schema_editor() as editor:
        from tests.bench.models import FloorRow

        editor.create_model(FloorRow)
    with connection.cursor() as cursor:
        # Rows come in any order, and what triggers would count has been counted.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET TIME ZONE 'UTC'")
        for model in models:
            copy(source, cursor, model)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
    from conduct.search import index

    index.fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def copy(source: sqlite3.Connection, cursor: Any, model: type[Model]) -> None:
    """Put all rows of one table in place of those a migration brought."""
    quote = connection.ops.quote_name
    table, columns = model._meta.db_table, [str(field.column) for field in model._meta.concrete_fields]
    cursor.execute(f"DELETE FROM {quote(table)}")
    listed = ", ".join(map(quote, columns))
    rows = source.execute(f"SELECT {listed} FROM {quote(table)}")
    while part := rows.fetchmany(AT_ONCE):
        text = io.StringIO("".join(lines(part)))
        cursor.copy_expert(f"COPY {quote(table)} ({listed}) FROM STDIN", text)


def lines(rows: list[tuple[Any, ...]]) -> Iterator[str]:
    """Rows as COPY reads them."""
    for row in rows:
        yield "\t".join(map(written, row)) + "\n"


def written(value: Any) -> str:
    """One value: SQLite's own spelling of dates, keys and truth is read by PostgreSQL as well."""
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    return str(value).replace("\\", "\\\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


if __name__ == "__main__":
    main()
