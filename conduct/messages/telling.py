"""Telling people: a row each, in the transaction of what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model, QuerySet
from django.urls import reverse

from conduct.audit import Actor
from conduct.models import Message

from .kinds import Kind


def tell(
    kind: Kind,
    *,
    to: Iterable[int],
    matter: Model | str,
    step: str,
    words: str,
    unit: str,
    url_name: str,
    url_args: Sequence[object] = (),
    query: str = "",
    due_on: date | None = None,
    is_estimate: bool = False,
    lines: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Put a message into the inbox of each person; the same step of the same matter is told each of them once.

    to:     keys of accounts; whoever acts is not told of their own act
    matter: the row it is about, or a word where it is about many
    words:  one sentence of the house: nothing anybody typed, and no name of a person
    query:  the question of the address, e.g. "?order=deadline"
    lines:  of many matters, one to a line
    Raises: RuntimeError outside a transaction, a fault of the caller
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{kind.key}: a message and what it tells of need one transaction")
    path = reverse(url_name, args=list(url_args)) + query
    matter_type, matter_id = _named(matter)
    Message.objects.bulk_create(
        [
            Message(
                recipient=person,
                kind=kind.key,
                matter_type=matter_type,
                matter_id=matter_id,
                step=step,
                words=words,
                unit=unit,
                due_on=due_on,
                due_is_estimate=is_estimate,
                lines=lines,
                path=path,
                at=at,
            )
            for person in sorted(set(to) - {by.pk})
        ],
        ignore_conflicts=True,
    )


def about(matter: Model) -> QuerySet[Message]:
    """What was told about a matter, oldest first: for its timeline."""
    matter_type, matter_id = _named(matter)
    return Message.objects.filter(matter_type=matter_type, matter_id=matter_id).order_by("at", "pk")


def _named(matter: Model | str) -> tuple[str, str]:
    return (matter, "") if isinstance(matter, str) else (matter._meta.label_lower, str(matter.pk))
