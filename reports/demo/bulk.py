"""Rows written many at a time, without a model object for each: an order of magnitude faster than one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

# Both engines take at least this many parameters in one statement.
MOST_PARAMETERS = 30_000


class Table:
    """Collects rows of one model and writes them in statements of many rows."""

    def __init__(self, model: type[Model], *, without: str = "") -> None:
        """without: the key, where the database gives it."""
        self.model = model
        fields = [field for field in model._meta.concrete_fields if field.attname != without]
        blank = model()
        self.names = [field.attname for field in fields]
        self.columns = [str(field.column) for field in fields]
        self.common = {name: fit(getattr(blank, name)) for name in self.names}
        self.rows: list[list[Any]] = []

    def add(self, **values: Any) -> None:
        """One row; what is not given is as in a new model object."""
        row = self.common | {name: fit(value) for name, value in values.items()}
        self.rows.append([row[name] for name in self.names])

    def write(self) -> None:
        """Write what has been collected."""
        step = MOST_PARAMETERS // len(self.columns)
        quote = connection.ops.quote_name
        into = (
            f"INSERT INTO {quote(self.model._meta.db_table)} ({', '.join(map(quote, self.columns))}) VALUES "  # noqa: S608 names of our own tables
        )
        one = f"({', '.join(['%s'] * len(self.columns))})"
        with connection.cursor() as cursor:
            for start in range(0, len(self.rows), step):
                part = self.rows[start : start + step]
                cursor.execute(into + ", ".join([one] * len(part)), [value for row in part for value in row])
        self.rows.clear()


def fit(value: Any) -> Any:
    """A value as the database takes it."""
    fitting = FITTINGS.get(type(value))
    return fitting(value) if fitting else value


@lru_cache(maxsize=50_000)
def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


@lru_cache(maxsize=5_000)
def _day(value: date) -> Any:
    return connection.ops.adapt_datefield_value(value)


def _key(value: UUID) -> str:
    return str(value) if connection.features.has_native_uuid_field else value.hex


def _document(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


FITTINGS: dict[type, Callable[[Any], Any]] = {
    UUID: _key,
    datetime: _moment,
    date: _day,
    dict: _document,
    list: _document,
}
