"""A query whose text is written once and asked many times: Django writes longer on it than the database answers.

For what a page asks by the same few values every time. What depends on who asks stays an ordinary query (ADR 0028).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Kind: TypeAlias = "models.Field[Any, Any]"
KEPT = "_prepared_queries"
EPOCH = datetime(1971, 1, 1, tzinfo=UTC)
FAR = 7_000_000  # no row has it by accident
FAR_SMALL = 32_000  # the same for a column that holds no more than 32,767, beyond which Django asks nothing
# The n-th value of each kind: where the text differs between two of them is the place of the value asked by.
SAMPLES: tuple[tuple[type[Kind], Callable[[int], Any]], ...] = (
    (models.UUIDField, lambda n: uuid.UUID(int=FAR + n)),
    (models.DateTimeField, lambda n: EPOCH + timedelta(days=n)),
    (models.DateField, lambda n: date(1971, 1, 1) + timedelta(days=n)),
    (models.SmallIntegerField, lambda n: FAR_SMALL + n),
    (models.PositiveSmallIntegerField, lambda n: FAR_SMALL + n),
    (models.IntegerField, lambda n: FAR + n),
    (models.CharField, lambda n: str(FAR + n)),
)


@dataclass(frozen=True)
class Many:
    """A part that is a list of such values; for each length the text is written once."""

    kind: Kind


class Prepared:
    """The rows of a queryset as a list, each time for other values.

    rows:  builds the queryset from its parts, by keyword; without prefetching
    parts: of which kind each part is
    """

    def __init__(self, rows: Callable[..., models.QuerySet[Any, Any]], **parts: Kind | Many) -> None:
        self.rows, self.parts = rows, parts

    def __call__(self, **values: Any) -> list[Any]:
        lengths = {name: len(values[name]) for name, part in self.parts.items() if isinstance(part, Many)}
        if 0 in lengths.values():
            return []
        # A connection belongs to one thread, and so does what is written for it.
        connection = connections[DEFAULT_DB_ALIAS]
        kept: dict[Any, Written] = connection.__dict__.setdefault(KEPT, {})
        key = (self, *lengths.values())
        if key not in kept:
            kept[key] = Written(self, lengths, connection)
        return kept[key].ask(values)


class Written:
    """The text of a prepared query on one connection, and where its parts have their places."""

    def __init__(
        self, prepared: Prepared, lengths: Mapping[str, int], connection: BaseDatabaseWrapper
    ) -> None:
        self.connection = connection
        slots = [
            (name, part.kind if isinstance(part, Many) else part, place)
            for name, part in prepared.parts.items()
            for place in (range(lengths[name]) if isinstance(part, Many) else [None])
        ]

        def build(values: list[Any]) -> models.QuerySet[Any, Any]:
            parts: dict[str, Any] = {name: [] for name in lengths}
            for (name, _, place), value in zip(slots, values, strict=True):
                if place is None:
                    parts[name] = value
                else:
                    parts[name].append(value)
            return prepared.rows(**parts)

        firsts, seconds = (
            [_sample(kind, 2 * number + turn) for number, (_, kind, _) in enumerate(slots)] for turn in (0, 1)
        )
        self.queryset = build(firsts)
        self.compiler = self.queryset.query.get_compiler(connection=connection)
        self.sql, self.params = self.compiler.as_sql()
        sql, others = build(seconds).query.get_compiler(connection=connection).as_sql()
        if sql != self.sql:
            raise LookupError("a part of a prepared query must stand in it as a value")
        pairs = list(zip(self.params, others, strict=True))
        self.slots = [
            (*slot, self._places(slot[1], wanted, pairs))
            for slot, wanted in zip(slots, zip(firsts, seconds, strict=True), strict=True)
        ]
        # The queryset iterates over what this one compiler says, and the compiler no longer writes.
        vars(self.queryset.query)["get_compiler"] = lambda *_, **__: self.compiler

    def ask(self, values: Mapping[str, Any]) -> list[Any]:
        """The rows for these values."""
        params = list(self.params)
        for name, kind, place, places in self.slots:
            given = values[name] if place is None else values[name][place]
            for at in places:
                params[at] = kind.get_db_prep_value(given, self.connection)
        vars(self.compiler)["as_sql"] = lambda *_, **__: (self.sql, tuple(params))
        rows: Any = self.queryset._iterable_class(self.queryset)
        return list(rows)

    def _places(self, kind: Kind, wanted: tuple[Any, Any], pairs: list[tuple[Any, Any]]) -> list[int]:
        given = tuple(kind.get_db_prep_value(value, self.connection) for value in wanted)
        places = [place for place, pair in enumerate(pairs) if pair == given]
        if not places:
            raise LookupError("a part of a prepared query must stand in it as a value")
        return places


def _sample(kind: Kind, number: int) -> Any:
    return next(make(number) for known, make in SAMPLES if isinstance(kind, known))
