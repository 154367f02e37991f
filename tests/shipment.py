"""The rows migrations ship (calendar, standards, routes), kept aside and put back after a test emptied the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Shipment = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def take(connection: BaseDatabaseWrapper) -> Shipment:
    """All rows of the house's own tables, as the database holds them."""
    shipped: Shipment = {}
    with connection.cursor() as cursor:
        for table in _own_tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = cursor.fetchall()
            if rows:
                shipped[table] = ([column[0] for column in cursor.description], rows)
    return shipped


def put_back(connection: BaseDatabaseWrapper, shipped: Shipment) -> None:
    """Fill the emptied tables; foreign keys are looked at when all are full."""
    quote = connection.ops.quote_name
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table, (columns, rows) in shipped.items():
            names = ", ".join(quote(column) for column in columns)
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {quote(table)} ({names}) VALUES ({places})", rows)


def _own_tables() -> list[str]:
    return [
        model._meta.db_table
        for config in apps.get_app_configs()
        if Path(settings.BASE_DIR) in Path(config.path).parents and ".venv" not in config.path
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed
    ]
