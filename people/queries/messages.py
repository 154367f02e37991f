"""Messages as their recipient reads them, and as the system administrator sees how they fare, without their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from conduct.messages import kinds, ways
from conduct.models import ChannelStanding, Delivery, Message, MessageSettings
from conduct.paging import CountOf
from people.access import Asker
from people.models import User

MOST_COUNTED = 100
MOST_DEAD = 100
# The attribute by which the number comes along with the person of a request (people.backend).
UNREAD = "unread_messages"


def inbox(user: User, *, is_unread: bool = False, kind: str = "") -> QuerySet[Message]:
    """The person's messages."""
    rows = Message.objects.filter(recipient=user.pk)
    if is_unread:
        rows = rows.filter(read_at__isnull=True)
    return rows.filter(kind=kind) if kind else rows


def known_keys(texts: Iterable[str]) -> list[UUID]:
    """The keys among what was sent; what is none is passed over."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def get_for(user: User, pk: object) -> Message:
    """One message of the person. Raises: Http404"""
    return get_object_or_404(Message, pk=pk, recipient=user.pk)


def unread(pk: Any) -> CountOf:
    """How many messages the person has not read, as a column, as far as anybody counts."""
    rows = Message.objects.filter(recipient=pk, read_at__isnull=True)
    return CountOf(rows.order_by().values("pk")[:MOST_COUNTED])


def unread_count(user: Asker) -> int:
    """The same, asked by itself."""
    return Message.objects.filter(recipient=user.pk or 0, read_at__isnull=True)[:MOST_COUNTED].count()


@dataclass(frozen=True)
class Line:
    """A message of the inbox with the name of its kind."""

    row: Message
    kind: str


def lines(rows: Iterable[Message]) -> list[Line]:
    """Messages with what their kinds are called."""
    return [Line(row, kinds.label_of(row.kind)) for row in rows]


def settings_of(user: User) -> MessageSettings:
    """How the person wants to be told; of who never chose, the settings everybody begins with."""
    return MessageSettings.objects.filter(person=user.pk).first() or MessageSettings(
        person=user.pk, version=0
    )


@dataclass(frozen=True)
class Last:
    """How the latest letter to a person fared on one channel."""

    name: str
    row: Delivery


def latest(user: User) -> list[Last]:
    """The latest letter to the person on each channel."""
    found = []
    for channel, name in ways.NAMES.items():
        row = Delivery.objects.filter(recipient=user.pk, channel=channel).order_by("-created_at").first()
        if row is not None:
            found.append(Last(name, row))
    return found


@dataclass(frozen=True)
class Dead:
    """A letter that was given up: kind, channel and problem, and nothing of its words or its recipient."""

    pk: object
    kind: str
    channel: str
    problem: str
    tries: int
    at: datetime | None


def dead() -> list[Dead]:
    """The letters given up, the latest first."""
    rows = Delivery.objects.filter(given_up_at__isnull=False).order_by("-given_up_at", "id")[:MOST_DEAD]
    return [
        Dead(
            row.pk,
            kinds.label_of(row.kind),
            ways.NAMES.get(row.channel, row.channel),
            row.problem,
            row.tries,
            row.given_up_at,
        )
        for row in rows
    ]


def get_dead(pk: object) -> Delivery:
    """One letter that was given up. Raises: Http404"""
    return get_object_or_404(Delivery, pk=pk, given_up_at__isnull=False)


def troubles() -> int:
    """How many letters were given up and how many providers fail now, as far as anybody counts, in one query."""
    dead = Delivery.objects.filter(given_up_at__isnull=False).order_by().values_list("channel")
    failing = ChannelStanding.objects.filter(failing_since__isnull=False).order_by().values_list("channel")
    return dead.union(failing, all=True)[:MOST_COUNTED].count()


@dataclass(frozen=True)
class Provider:
    """How a channel fares."""

    name: str
    is_provided: bool
    failing_since: datetime | None
    problem: str
    next_at: datetime | None
    confirmed_at: datetime | None


def providers() -> list[Provider]:
    """Every channel, with whether the deployment has it and how it fares."""
    known = {row.channel: row for row in ChannelStanding.objects.all()}
    own = set(ways.provided())
    found = []
    for channel, name in ways.NAMES.items():
        row = known.get(channel) or ChannelStanding()
        found.append(
            Provider(name, channel in own, row.failing_since, row.problem, row.next_at, row.confirmed_at)
        )
    return found
