"""Small tables of counts that the database keeps while rows are written, whoever writes them and however.

A floor says once how one of its rows goes into a roll-up. From that come the triggers, the recount and the rebuild,
so none of them can count differently. A roll-up only ever gets new rows, of which some subtract: a count is the sum
of the rows of a key. Nobody waits for anybody's lock, and no update can be lost; fold() makes one row of many.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection as default
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

EVENTS = ("insert", "update")
_MONTH = re.compile(r"MONTH\[(.+?)\]")
_FIRST_DAY = {
    "postgresql": r"CAST(DATE_TRUNC('month', \1) AS date)",
    "sqlite": r"DATE(\1, 'start of month')",
}


@dataclass(frozen=True)
class Spread:
    """How each sum goes into several cells: one key column of the sum `d` gives way to another.

    column:     the key that gives way, e.g. unit_id
    into:       the key that takes its place, e.g. branch
    expression: of the new key, over `d` and what `joins` adds
    """

    column: str
    into: str
    expression: str
    joins: str


@dataclass(frozen=True)
class Rollup:
    """One table of counts. Expressions are SQL of both engines over the counted row `f` and what `joins` adds.

    keys:     {column: expression}, never NULL; MONTH[x] is the first day of the month of a date
    measures: {column: expression}, whole numbers
    where:    which rows count at all
    """

    model: type[Model]
    keys: Mapping[str, str]
    measures: Mapping[str, str]
    joins: str = ""
    where: str = ""
    spread: Spread | None = None

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def columns(self) -> list[str]:
        """The key columns of the table."""
        return [
            self.spread.into if self.spread and name == self.spread.column else name for name in self.keys
        ]


@dataclass(frozen=True)
class Counted:
    """The rows that are counted: their model, the columns the counts depend on, and the roll-ups made of them.

    Such rows are not deleted; one that is deleted past the house is a difference the recount finds.
    """

    model: type[Model]
    columns: tuple[str, ...]
    rollups: tuple[Rollup, ...]

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True)
class Difference:
    """A cell in which the roll-up and a recount of the rows do not agree."""

    model: type[Model]
    cell: dict[str, Any]
    kept: dict[str, int]
    recounted: dict[str, int]


REGISTER: list[Counted] = []


def register(counted: Counted) -> None:
    """Have the counts kept; from AppConfig.ready of the floor that owns the rows."""
    if counted not in REGISTER:
        REGISTER.append(counted)


def settle(connection: BaseDatabaseWrapper) -> None:
    """Set the triggers where they are missing or out of date, and count anew what was written without them."""
    present = set(connection.introspection.table_names())
    for counted in REGISTER:
        if not {counted.table, *(rollup.table for rollup in counted.rollups)} <= present:
            continue
        if missing(connection, counted) and _has_columns(connection, counted):
            with transaction.atomic(using=connection.alias):
                _lift(connection, counted)
                _set(connection, counted)
                rebuild(counted, connection=connection)


def _has_columns(connection: BaseDatabaseWrapper, counted: Counted) -> bool:
    """Whether the rows are as this version counts them; on the way back to an older one they are not."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, counted.table)
    return set(counted.columns) <= {column.name for column in described}


def lift_all(connection: BaseDatabaseWrapper) -> None:
    """Take all triggers away: SQLite alters no table that a trigger of another one names."""
    for counted in REGISTER:
        _lift(connection, counted)


def missing(connection: BaseDatabaseWrapper, counted: Counted) -> list[str]:
    """Names of the triggers that should stand and do not."""
    return sorted(set(trigger_names(connection, counted).values()) - standing(connection, counted))


def fold_all() -> None:
    """Fold every roll-up of the house."""
    for counted in REGISTER:
        fold(counted)


def rebuild_all() -> int:
    """Count everything anew in one transaction; returns how many cells there are."""
    with transaction.atomic():
        for counted in REGISTER:
            rebuild(counted)
    return sum(cells(rollup) for counted in REGISTER for rollup in counted.rollups)


def fold(counted: Counted, *, connection: BaseDatabaseWrapper = default) -> None:
    """Make one row of all rows of a key, and none of those that add up to nothing. No count changes."""
    for rollup in counted.rollups:
        with transaction.atomic(using=connection.alias):
            _alone(connection, rollup)
            _run(connection, _folding(connection, rollup))


def rebuild(counted: Counted, *, connection: BaseDatabaseWrapper = default) -> None:
    """Count every row anew, in one transaction; what others write meanwhile is added as always."""
    with transaction.atomic(using=connection.alias):
        for rollup in counted.rollups:
            _alone(connection, rollup)
            fresh = _summed(rollup, _share(connection, rollup, counted.table))
            if connection.vendor == "postgresql":
                # One statement sees one state of both tables.
                _run(connection, [f"WITH gone AS (DELETE FROM {rollup.table}) {fresh}"])
            else:
                _run(connection, [f"DELETE FROM {rollup.table}", fresh])


def cells(rollup: Rollup, *, connection: BaseDatabaseWrapper = default) -> int:
    """How many keys the roll-up holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM (SELECT 1 FROM {rollup.table} GROUP BY {', '.join(rollup.columns)}) d"
        )
        return int(cursor.fetchone()[0])


def differences(
    counted: Counted,
    rollup: Rollup,
    *,
    connection: BaseDatabaseWrapper = default,
) -> Iterator[Difference]:
    """The cells that a recount does not confirm, in the order of their keys; one statement sees one state."""
    keys, measures = rollup.columns, list(rollup.measures)
    nothing = ", ".join(f"0 AS re_{name}" for name in measures)
    kept = f"SELECT {', '.join([*keys, *measures])}, {nothing} FROM {rollup.table}"
    zero = ", ".join(f"0 AS {name}" for name in measures)
    again = ", ".join(f"{name} AS re_{name}" for name in measures)
    share = _brought(rollup, _share(connection, rollup, counted.table))
    sums = ", ".join(f"SUM({prefix}{name})" for prefix in ("", "re_") for name in measures)
    unlike = " OR ".join(f"SUM({name}) <> SUM(re_{name})" for name in measures)
    order = ", ".join(keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {order}, {sums} FROM ({kept} UNION ALL SELECT {order}, {zero}, {again} FROM ({share}) s) d "
            f"GROUP BY {order} HAVING {unlike} ORDER BY {order}"
        )
        for row in cursor:
            cell, values = row[: len(keys)], [int(value) for value in row[len(keys) :]]
            half = len(measures)
            yield Difference(
                rollup.model,
                dict(zip(keys, cell, strict=True)),
                dict(zip(measures, values[:half], strict=True)),
                dict(zip(measures, values[half:], strict=True)),
            )


def _share(connection: BaseDatabaseWrapper, rollup: Rollup, source: str, *, sign: str = "") -> str:
    """What the rows of a source bring into a roll-up, one line for each row and key."""
    columns = [f"{expression} AS {name}" for name, expression in rollup.keys.items()]
    columns += [f"{sign}({expression}) AS {name}" for name, expression in rollup.measures.items()]
    where = f" WHERE {rollup.where}" if rollup.where else ""
    text = f"SELECT {', '.join(columns)} FROM {source} f {rollup.joins}{where}"
    return _MONTH.sub(_FIRST_DAY[connection.vendor], text)


def _summed(rollup: Rollup, share: str) -> str:
    """The statement that adds what such lines bring as new rows."""
    return f"INSERT INTO {rollup.table} ({', '.join([*rollup.columns, *rollup.measures])}) {_brought(rollup, share)}"


def _brought(rollup: Rollup, share: str) -> str:
    """The sums of such lines, spread over the cells they belong to, without those that come to nothing."""
    summed = _sums(rollup, share, list(rollup.keys))
    if rollup.spread is None:
        return summed
    spread = rollup.spread
    columns = [f"d.{name}" for name in [*rollup.keys, *rollup.measures]]
    columns[columns.index(f"d.{spread.column}")] = f"{spread.expression} AS {spread.into}"
    lines = f"SELECT {', '.join(columns)} FROM ({summed}) d {spread.joins}"
    return _sums(rollup, lines, rollup.columns)


def _sums(rollup: Rollup, lines: str, columns: list[str]) -> str:
    keys = ", ".join(columns)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in rollup.measures)
    some = " OR ".join(f"SUM({name}) <> 0" for name in rollup.measures)
    return f"SELECT {keys}, {sums} FROM ({lines}) d GROUP BY {keys} HAVING {some}"


def _folding(connection: BaseDatabaseWrapper, rollup: Rollup) -> list[str]:
    table, keys = rollup.table, ", ".join(rollup.columns)
    into = f"INSERT INTO {table} ({', '.join([*rollup.columns, *rollup.measures])})"
    empty = " AND ".join(f"SUM({name}) = 0" for name in rollup.measures)
    many = f"SELECT {keys} FROM {table} GROUP BY {keys} HAVING COUNT(*) > 1 OR ({empty})"
    if connection.vendor == "postgresql":
        gone = f"WITH gone AS (DELETE FROM {table} WHERE ({keys}) IN ({many}) RETURNING *)"
        return [f"{gone} {into} {_sums(rollup, 'SELECT * FROM gone', rollup.columns)}"]
    return [
        "DROP TABLE IF EXISTS temp.folded",
        f"CREATE TEMP TABLE folded AS SELECT * FROM {table} WHERE ({keys}) IN ({many})",
        f"DELETE FROM {table} WHERE id IN (SELECT id FROM temp.folded)",
        f"{into} {_sums(rollup, 'SELECT * FROM temp.folded', rollup.columns)}",
        "DROP TABLE temp.folded",
    ]


def _alone(connection: BaseDatabaseWrapper, rollup: Rollup) -> None:
    """Keep a second fold or rebuild of the table waiting, but no writer. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        _run(connection, [f"LOCK TABLE {rollup.table} IN SHARE UPDATE EXCLUSIVE MODE"])


def trigger_names(connection: BaseDatabaseWrapper, counted: Counted) -> dict[str, str]:
    """{event: trigger}; the name carries a digest of what it does, so another definition is another trigger."""
    return {
        event: f"{_prefix(counted)}{event}_{hashlib.sha256(body.encode()).hexdigest()[:10]}"
        for event, body in ((event, _body(connection, counted, event)) for event in EVENTS)
    }


def _prefix(counted: Counted) -> str:
    return f"{counted.table}_rollup_"


def standing(connection: BaseDatabaseWrapper, counted: Counted) -> set[str]:
    """Names of the triggers that stand and have not been switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {str(row[0]) for row in cursor.fetchall() if str(row[0]).startswith(_prefix(counted))}


def _lift(connection: BaseDatabaseWrapper, counted: Counted) -> None:
    if connection.vendor != "postgresql":
        _run(connection, [f"DROP TRIGGER {name}" for name in standing(connection, counted)])
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE starts_with(proname, %s)", [_prefix(counted)])
        names = [row[0] for row in cursor.fetchall()]
    _run(connection, [f"DROP FUNCTION {name}() CASCADE" for name in names])


def _set(connection: BaseDatabaseWrapper, counted: Counted) -> None:
    for event, name in trigger_names(connection, counted).items():
        body = _body(connection, counted, event)
        if connection.vendor == "postgresql":
            old = "OLD TABLE AS gone " if event == "update" else ""
            _run(
                connection,
                [
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
                    f"CREATE TRIGGER {name} AFTER {event.upper()} ON {counted.table} "
                    f"REFERENCING {old}NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
                ],
            )
        else:
            of = f"UPDATE OF {', '.join(_quoted(counted))}" if event == "update" else "INSERT"
            _run(connection, [f"CREATE TRIGGER {name} AFTER {of} ON {counted.table} {body}"])


def _body(connection: BaseDatabaseWrapper, counted: Counted, event: str) -> str:
    """What the trigger does: the row as it is now, less the row as it was, into every roll-up."""
    columns = _quoted(counted)
    if connection.vendor == "postgresql":
        fresh, gone = "fresh", "gone"
        now, was = (f"ROW({', '.join(f'{row}.{name}' for name in columns)})" for row in ("n", "o"))
        same = f"NOT EXISTS (SELECT 1 FROM fresh n JOIN gone o ON n.id = o.id WHERE {now} IS DISTINCT FROM {was})"
        head = f"BEGIN IF {same} THEN RETURN NULL; END IF; " if event == "update" else "BEGIN "
        tail = "RETURN NULL; END"
    else:
        fresh, gone = (
            f"(SELECT {', '.join(f'{row}.{name} AS {name}' for name in columns)})" for row in ("NEW", "OLD")
        )
        unlike = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
        head = f"WHEN {unlike} BEGIN " if event == "update" else "BEGIN "
        tail = "END"
    parts = []
    for rollup in counted.rollups:
        share = _share(connection, rollup, fresh)
        if event == "update":
            share += f" UNION ALL {_share(connection, rollup, gone, sign='-')}"
        parts.append(f"{_summed(rollup, share)}; ")
    return head + "".join(parts) + tail


def _quoted(counted: Counted) -> list[str]:
    return [f'"{name}"' for name in counted.columns]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
