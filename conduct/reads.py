"""Who looked at what names persons or is evidence, and who took it away: rows of their own, chained like the audit.

The same person at the same thing counts once in half an hour; taking away counts every time. A page whose line cannot
be written is not shown.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.db.models import Model

from .audit import Actor
from .models import ReadEntry

HALF_HOUR = 1800
MOST_REMEMBERED = 10_000
# Slots this process has written: a page that is loaded again costs no statement.
_written: OrderedDict[str, None] = OrderedDict()


def read(*, at: datetime, by: Actor, subject: Model, label: str, part: str = "", each: bool = False) -> None:
    """Write down that someone looks at a row, or at one file of it.

    part: id of the file; empty for the row itself
    each: every look by itself, for what only a few may read at all
    """
    read_words(
        at=at,
        by=by,
        label=label,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_name=str(subject),
        part=part,
        each=each,
    )


class Told(Protocol):
    """A row that may say whom it concerns."""

    person_post: str


def read_of_persons(*, at: datetime, by: Actor, subject: Model, label: str, told: Iterable[Told]) -> None:
    """The same, only where a row the page tells of concerns a person.

    told: each with the post of that person, and a mark of its own (names_person) where it has one
    """
    if any(row.person_post or getattr(row, "names_person", False) for row in told):
        read(at=at, by=by, subject=subject, label=label)


def read_words(
    *,
    at: datetime,
    by: Actor,
    label: str,
    subject_type: str,
    subject_id: str = "",
    subject_name: str = "",
    part: str = "",
    each: bool = False,
) -> None:
    """The same about a list, which is no row."""
    when = at.isoformat() if each else str(int(at.timestamp()) // HALF_HOUR)
    slot = _slot(by, label, subject_type, subject_id or subject_name, part, when)
    if slot in _written:
        return
    entry = _entry(ReadEntry.Verb.READ, at, by, label, subject_type, subject_id, subject_name, part, slot)
    ReadEntry.objects.bulk_create([entry], ignore_conflicts=True)
    _written[slot] = None
    if len(_written) > MOST_REMEMBERED:
        _written.popitem(last=False)


def export(*, at: datetime, by: Actor, subject: Model | None, label: str, what: str = "") -> None:
    """Write down that someone takes a copy away, each time.

    subject: None for a list
    what:    of which kind and filter the list is
    """
    kind = subject._meta.label_lower if subject else "list"
    pk, name = (str(subject.pk), str(subject)) if subject else ("", what)
    slot = _slot(by, label, kind, pk, what, at.isoformat())
    entry = _entry(ReadEntry.Verb.EXPORT, at, by, label, kind, pk, name, "", slot)
    ReadEntry.objects.bulk_create([entry], ignore_conflicts=True)


def forget() -> None:
    """Drop what this process remembers; for tests that empty the tables."""
    _written.clear()


def _slot(by: Actor, *words: str) -> str:
    return hashlib.sha256("\0".join([str(by.pk), *words]).encode()).hexdigest()


def _entry(
    verb: str,
    at: datetime,
    by: Actor,
    label: str,
    subject_type: str,
    subject_id: str,
    name: str,
    part: str,
    slot: str,
) -> ReadEntry:
    return ReadEntry(
        at=at,
        actor_id=str(by.pk or ""),
        actor_name=str(by),
        verb=verb,
        label=label,
        subject_type=subject_type,
        subject_id=subject_id,
        subject_name=name[:200],
        part=part,
        slot=slot,
    )
