"""A city ten or a hundred times as large from one that was drawn: its rows again under other keys, inside SQLite.

Drawing a million findings one by one takes an hour; lists, papers and counts cost the same over rows that repeat.
"""

from __future__ import annotations

import sys

import django
from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from tests.bench.build import refresh_statistics


def main(times: int) -> None:
    """Make every business row so many times as often."""
    django.setup()
    call_command("migrate", verbosity=0)
    from conduct import rollups
    from conduct.models import IssuedPaper
    from conduct.search import index
    from findings.models import Acceptance, Finding, FindingObservation, Notice, Rectification
    from inspections.models import Observation, Visit

    grown = (Visit, Observation, IssuedPaper, Notice, Finding, FindingObservation, Rectification, Acceptance)
    keyed = {model for model in grown if model._meta.pk.get_internal_type() == "UUIDField"}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute(
            "CREATE TEMP TABLE over AS WITH RECURSIVE counted(n) AS "
            f"(SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {times - 1}) SELECT n FROM counted"
        )
        for model in grown:
            cursor.execute(statement(model, keyed))
    rollups.fold_all()
    index.fill()
    refresh_statistics()


def statement(model: type[Model], keyed: set[type[Model]]) -> str:
    """Rows of one table once more for each time over."""
    quote = connection.ops.quote_name
    names, values = [], []
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if field.primary_key and model not in keyed:
            continue
        target = field.related_model if field.is_relation else model
        if field.primary_key or column == "client_key" or (field.is_relation and target in keyed):
            value = again(quote(column))
        elif column == "number" and model._meta.model_name != "observation":
            value = f"CASE WHEN {quote(column)} = '' THEN '' ELSE {quote(column)} || '-' || over.n END"
        elif column == "seq":
            value = f"{quote(column)} + over.n * 1000000"
        else:
            value = quote(column)
        names.append(quote(column))
        values.append(value)
    table = quote(model._meta.db_table)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}, over{only(model)}"
    )


def again(column: str) -> str:
    """The key of the same row, another time over."""
    # Keys that were drawn say 4 where these say 8, so that none of these is one of those.
    return f"substr({column}, 1, 12) || '8' || substr({column}, 14, 15) || printf('%04x', over.n)"


def only(model: type[Model]) -> str:
    """Visits under way stand once for a team and a unit, and their numbers are taken when they are filed."""
    locked = "state = 'locked'"
    conditions = {
        "visit": f" WHERE {locked}",
        "observation": f" WHERE visit_id IN (SELECT id FROM inspections_visit WHERE {locked})",
    }
    return conditions.get(str(model._meta.model_name), "")


if __name__ == "__main__":
    main(int(sys.argv[1]))
