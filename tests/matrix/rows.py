"""What a request wrote: the rows of every table it touched, against those of the ground it started from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

WRITES = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.I)
# Written by every visit of a page, or by the audit itself; nobody's business rows.
OF_THE_HOUSE = (
    "django_session",
    "people_sitting",
    "people_knownbrowser",
    "people_throttle",
    "conduct_readentry",
    "conduct_auditentry",
    "conduct_searchtext",
)
Row = dict[str, Any]
_before: dict[str, dict[Any, Row]] = {}


@dataclass
class Written:
    """Every row a request changed, made or removed."""

    tables: set[str] = field(default_factory=set)
    queries: int = 0
    changed: dict[tuple[str, Any], tuple[Row | None, Row | None]] = field(default_factory=dict)

    def of(self, table: str) -> list[Row]:
        """Rows made in the table."""
        return [
            now for (name, _), (was, now) in self.changed.items() if name == table and was is None and now
        ]

    def business(self) -> dict[tuple[str, Any], tuple[Row | None, Row | None]]:
        """Without what the house writes about itself."""
        return {key: pair for key, pair in self.changed.items() if key[0] not in OF_THE_HOUSE}


def table_rows(table: str) -> dict[Any, Row]:
    """All rows by their key."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    return {_key(row, names): row for row in found}


def _key(row: Row, names: list[str]) -> Any:
    return row["id"] if "id" in row else row[names[0]]


def remember() -> None:
    """Take the database as it is now for the ground; every table is read when it is first written."""
    _before.clear()


@contextmanager
def put_back() -> Iterator[Written]:
    """Watch one request, read what it wrote, and leave everything as it was."""
    seen = Written()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.queries += not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))
        if found := WRITES.match(sql):
            table = found[1]
            if table not in _before:
                # Read before the first write to it, so that this is the ground itself.
                seen.queries -= 1
                _before[table] = table_rows(table)
            seen.tables.add(table)
        return execute(sql, params, many, context)

    block = transaction.atomic()
    # As a test's own transaction: what insists on being the outermost one may begin inside.
    block._from_testcase = True
    with block:
        with connection.execute_wrapper(watch):
            yield seen
            watched = set(seen.tables)
        counted = seen.queries
        for table in watched:
            now = table_rows(table)
            was = _before[table]
            for key in was.keys() | now.keys():
                if was.get(key) != now.get(key):
                    seen.changed[table, key] = (was.get(key), now.get(key))
        seen.queries = counted
        transaction.set_rollback(True)
