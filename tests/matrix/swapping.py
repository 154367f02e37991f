"""Somebody else's keys and fields nobody offered, put into forms and questions that were found on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from .ground import NORTH_WORD, SEALED_WORD, Ground, models_of, of
from .rows import Row
from .walk import Answer, Data, Sent, send

KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBERED = re.compile(r"([a-z_]+_)([0-9]+)")
PICKED = re.compile(r"（[^（）]+）$")
FLOORS = ("conduct", "people", "inspections", "findings", "accountability", "reports")
# Photos of a record that was refused, kept for its author.
KEPT = ("inspections_heldphoto", "conduct_storedfile")
POISON = "毒蕈"
POISON_DAY = "2031-03-17"
POISON_NUMBER = "31337"
# Made anew by every request: keys, digests, what is sealed or hashed.
DRAWN = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{64}|\$")

# Columns whose value falls by lot: the day of a second look.
BY_LOT = frozenset({"on_day"})


@dataclass(frozen=True)
class Swap:
    """A form with one key changed for one that is not the sender's to use."""

    what: str
    data: Data


class Foreign:
    """The keys of the North and of the sealed plan, by make."""

    def __init__(self, ground: Ground) -> None:
        self.rows = ground.foreign
        self.table_of: dict[str, str] = {}
        self.by_table: dict[str, list[str]] = {}
        for model in models_of("inspections", "findings", "accountability", "reports"):
            if not isinstance(model._meta.pk, models.UUIDField):
                continue
            table = model._meta.db_table
            for key in model._base_manager.values_list("pk", flat=True):
                self.table_of[str(key)] = table
            self.by_table[table] = [
                str(row.pk)
                for side in (ground.north, ground.sealed)
                for rows in side.rows.values()
                for row in rows
                if isinstance(row, model)
            ]
        north = ground.north
        self.numbers = [
            str(key)
            for key in (
                north.cast.east.pk,
                north.cast.city.pk,
                north.cast.east_head.pk,
                north.cast.inspector.pk,
                *(key for (key,) in of("set_aside")(north)),
            )
        ]
        self.written = [
            f"{north.cast.east.name}（{north.cast.east.code}）",
            f"{north.cast.inspector.name}（{north.cast.inspector.username}）",
        ]

    def of_make(self, key: str) -> list[str]:
        """A foreign key of the table this key is of: one of the North, one of the sealed plan."""
        found = self.by_table.get(self.table_of.get(key, ""), [])
        return [found[0], found[-1]] if len(found) > 1 else found


def swaps(sent: Sent, foreign: Foreign) -> Iterator[Swap]:
    """The form again and again, each time with another key in one of its fields."""
    kinds = {control.name: control.kind for control in sent.form.controls}
    for place, (name, value) in enumerate(sent.data):
        if hasattr(value, "read"):
            continue
        for text in _others(name, str(value), kinds.get(name, ""), foreign):
            changed = [*sent.data[:place], (name, text), *sent.data[place + 1 :]]
            yield Swap(f"{sent.door} {sent.move} {name}={text[:40]}", changed)
        for key in KEY.findall(name):
            for other in foreign.of_make(key):
                renamed = [*sent.data[:place], (name.replace(key, other), value), *sent.data[place + 1 :]]
                yield Swap(f"{sent.door} {sent.move} {name} renamed", renamed)
        yield from _numbered(sent, place, foreign)


def _numbered(sent: Sent, place: int, foreign: Foreign) -> Iterator[Swap]:
    """A field named after a number, named after another's: alone, and with the number changed all over the form."""
    name, value = sent.data[place]
    found = NUMBERED.fullmatch(name)
    if not found:
        return
    start, number = found.groups()
    for other in foreign.numbers:
        renamed = [*sent.data[:place], (f"{start}{other}", value), *sent.data[place + 1 :]]
        yield Swap(f"{sent.door} {sent.move} {name} renamed", renamed)
        everywhere = [(key, other if text == number else text) for key, text in renamed]
        yield Swap(f"{sent.door} {sent.move} {name} renamed all over", everywhere)


def _others(name: str, value: str, kind: str, foreign: Foreign) -> Iterator[str]:
    keys = KEY.findall(value)
    for key in keys:
        for other in foreign.of_make(key):
            yield value.replace(key, other)
    if keys:
        return
    short = name.rsplit("-", 1)[-1]
    if value.isdecimal() and kind in ("select", "hidden", "checkbox", "radio") and "FORMS" not in name:
        if short not in ("version", "grade", "day"):
            yield from (number for number in foreign.numbers if number != value)
    elif PICKED.search(value) or short in ("unit", "user", "parent", "home_unit", "superior"):
        yield from foreign.written


def questions(url: str, foreign: Foreign) -> Iterator[str]:
    """The address again, with another key, unit or order in its question."""
    path, _, query = url.partition("?")
    for place, part in enumerate(parts := query.split("&")):
        name, _, value = part.partition("=")
        others = list(_others(name, value, "select", foreign))
        if name in ("unit", "office", "campaign", "person") and not others:
            others = [foreign.numbers[0], foreign.by_table["inspections_campaign"][0]]
        if name in ("order", "state", "kind", "cursor", "after", "before"):
            others += ["facts", "-unit__path", "state"]
        if name in ("q", "words", "find"):
            others += [NORTH_WORD, SEALED_WORD]
        for other in others:
            yield f"{path}?{'&'.join([*parts[:place], f'{name}={other}', *parts[place + 1 :]])}"


def harm(answer: Answer, foreign: Foreign) -> list[str]:
    """What a request did to rows that are not the sender's, or told of them."""
    found = [f"shows {word}" for word in (NORTH_WORD, SEALED_WORD) if word in answer.text]
    if answer.status >= 500:
        found.append(f"broke: {answer.status}")
    for (table, key), (was, now) in answer.written.business().items():
        if _as_key(key) in {_as_key(known) for known in foreign.rows.get(table, ())}:
            found.append(f"changes {table} {key}")
        elif was is None and now is not None:
            found += [f"{table} points at {column}" for column in _pointing(table, now, foreign)]
        if now and any(word in str(value) for word in (NORTH_WORD, SEALED_WORD) for value in now.values()):
            found.append(f"copies into {table}")
    return found


def _pointing(table: str, row: Row, foreign: Foreign) -> list[str]:
    model = next((model for model in apps.get_models() if model._meta.db_table == table), None)
    if model is None:
        return []
    return [
        column.column
        for column in model._meta.concrete_fields
        if isinstance(column, models.ForeignKey)
        and row.get(column.column) is not None
        and _as_key(row[column.column])
        in {_as_key(known) for known in foreign.rows.get(column.related_model._meta.db_table, ())}  # type: ignore[union-attr]
    ]


def _as_key(key: Any) -> str:
    return str(key).replace("-", "")


def every_field(sent: Sent, ground: Ground) -> Data:
    """Every field of every table of the house that the form does not ask for, under each of its beginnings."""
    starts = {""} | {name[: name.rfind("-") + 1] for name in sent.form.names if "-" in name}
    offered = sent.form.names | {name for name, _ in sent.data}
    extra: dict[str, Any] = {}
    for model in models_of(*FLOORS):
        for column in model._meta.concrete_fields:
            for name in {column.name, column.attname} - NOT_POISONED:
                extra |= {start + name: _poison(column, ground) for start in starts}
    return [(name, value) for name, value in extra.items() if name not in offered]


def poisoned(sent: Sent, extra: Data) -> Iterator[tuple[Data, Answer]]:
    """The form with all of the fields; where it is refused as a whole, with fewer and fewer of them."""
    answer = send(sent, [*sent.data, *extra])
    if answer.status < 400 or len(extra) <= 1:
        yield extra, answer
        return
    half = len(extra) // 2
    yield from poisoned(sent, extra[:half])
    yield from poisoned(sent, extra[half:])


# Fields a form reads without offering them, each with a meaning of its own that is tested where it is read.
NOT_POISONED = frozenset({"version", "reason"})


def _poison(column: Any, ground: Ground) -> str:
    if column.choices:
        return str(column.choices[-1][0])
    if isinstance(column, models.ForeignKey):
        table = column.related_model._meta.db_table
        return str(next(iter(ground.foreign.get(table, ())), ground.north.cast.east_head.pk))
    if isinstance(column, models.BooleanField):
        return "on"
    if isinstance(column, models.DateField):
        return POISON_DAY
    if isinstance(column, models.IntegerField):
        return POISON_NUMBER
    return str(UUID(int=0x31337)) if isinstance(column, models.UUIDField) else POISON


def outcome(answer: Answer) -> set[tuple[str, str, str, str]]:
    """What a request wrote, column by column, without what is drawn anew each time."""
    found = set()
    for (table, key), (was, now) in answer.written.business().items():
        if table in KEPT:
            continue
        for column, value in (now or {}).items():
            before = (was or {}).get(column)
            if was is None or before != value:
                is_drawn = column.endswith("_sealed") or column in BY_LOT or DRAWN.search(str(value))
                text = "" if is_drawn and POISON not in str(value) else str(value)
                found.add((table, "new" if was is None else _as_key(key), column, text))
        if now is None:
            found.add((table, _as_key(key), "", "removed"))
    return found
