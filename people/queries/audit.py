"""The audit as the auditor reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet

from conduct import clock
from conduct.models import AuditEntry, ReadEntry

Lines = TypeVar("Lines", bound="QuerySet[Any]")


@dataclass(frozen=True)
class Wish:
    """What the auditor looks for; empty means everything.

    actor:        id of a person
    verb:         the action, in Chinese or as the code names it
    module:       floor of the subject, e.g. "people"
    subject_id:   number of the subject
    """

    actor: str = ""
    verb: str = ""
    module: str = ""
    subject_type: str = ""
    subject_id: str = ""
    first: date | None = None
    last: date | None = None


def words(wish: Wish) -> str:
    """By what a list is filtered, in one line; 全部 when by nothing."""
    names = {
        "actor": "办理人",
        "verb": "事项",
        "module": "业务",
        "subject_type": "对象",
        "subject_id": "编号",
        "first": "自",
        "last": "至",
    }
    told = [f"{name} {value}" for key, name in names.items() if (value := getattr(wish, key))]
    return "，".join(told) or "全部"


# What floors above keep from everyone until its time: {subject type: ids}, asked once for each page.
SEALED: list[Callable[[], dict[str, list[str]]]] = []


def register_sealed(ask: Callable[[], dict[str, list[str]]]) -> None:
    """Let an upper floor name rows whose entries the auditor reads only once they are open; from AppConfig.ready.

    ask: {subject type: ids of the rows still sealed}, few
    """
    SEALED.append(ask)


def entries(wish: Wish) -> QuerySet[AuditEntry]:
    """The entries that fit; each filter is an equality or a range an index serves, or narrows such a one."""
    return _fitting(AuditEntry.objects.all(), wish)


def reads(wish: Wish) -> QuerySet[ReadEntry]:
    """Who looked at what, and who took it away: the lines that fit."""
    return _fitting(ReadEntry.objects.all(), wish)


def _fitting(rows: Lines, wish: Wish) -> Lines:
    rows = _unsealed(rows)
    if wish.actor:
        rows = rows.filter(actor_id=wish.actor)
    if wish.subject_type:
        rows = rows.filter(subject_type=wish.subject_type)
    elif wish.module:
        rows = rows.filter(subject_type__gte=f"{wish.module}.", subject_type__lt=f"{wish.module}/")
    if wish.subject_id:
        rows = rows.filter(subject_id=wish.subject_id)
    if wish.verb:
        rows = rows.filter(Q(label=wish.verb) | Q(verb=wish.verb))
    if wish.first:
        rows = rows.filter(at__gte=clock.moment(wish.first))
    if wish.last:
        rows = rows.filter(at__lt=clock.day_bounds(wish.last, wish.last)[1])
    return rows


def _unsealed(rows: Lines) -> Lines:
    for ask in SEALED:
        for subject_type, ids in ask().items():
            rows = rows.exclude(subject_type=subject_type, subject_id__in=ids) if ids else rows
    return rows


@dataclass(frozen=True)
class Entry:
    """An audit row as people read it, its states by their names."""

    row: AuditEntry
    before: str
    after: str


def readable(rows: Iterable[AuditEntry]) -> list[Entry]:
    """Rows with the Chinese names of their states."""
    return [
        Entry(row, _state_name(row.subject_type, row.before), _state_name(row.subject_type, row.after))
        for row in rows
    ]


@cache
def _state_names(subject_type: str) -> dict[str, str]:
    try:
        choices = apps.get_model(subject_type)._meta.get_field("state").choices
    except (LookupError, ValueError, FieldDoesNotExist):
        return {}
    return {str(value): str(name) for value, name in choices or ()}


def _state_name(subject_type: str, value: str) -> str:
    return _state_names(subject_type).get(value, value)


def modules() -> list[tuple[str, str]]:
    """Floors whose rows appear in the audit, with their names."""
    return [
        (config.label, str(config.verbose_name))
        for config in apps.get_app_configs()
        if not config.name.startswith(("django.", "whitenoise", "crispy", "django_htmx", "django_otp"))
    ]
