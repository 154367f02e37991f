"""From the inbox outward: which channels each new message takes, at once or with the news of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from django.db import transaction

from conduct import clock
from conduct.calendar import book as calendar
from conduct.calendar.rules import WorkCalendar, after_working_days
from conduct.models import Delivery, Message, MessageSettings

from . import kinds, ways

BATCH = 500
DIGEST_TIME = time(8, 0)
# A digest is gathered when it goes out; what comes shortly before goes into the next.
LAST_CALL = time(7, 50)


def waits() -> bool:
    """Whether a message has not been spread yet."""
    return Message.objects.filter(is_spread=False).exists()


def spread(*, at: datetime) -> int:
    """Spread the oldest messages that are not yet; returns how many. Twice is once: every delivery has its key."""
    with transaction.atomic():
        fresh = list(Message.objects.filter(is_spread=False).order_by("at", "pk")[:BATCH])
        wishes = ways.settings_of(message.recipient for message in fresh)
        digest_on = _next_digest(at, calendar.load()) if any(w.is_daily for w in wishes.values()) else None
        Delivery.objects.bulk_create(
            [
                row
                for message in fresh
                for row in _rows(message, wishes.get(message.recipient), digest_on=digest_on, at=at)
            ],
            ignore_conflicts=True,
        )
        later = [message.pk for message in fresh if message.digest_on]
        if later:
            Message.objects.filter(pk__in=later).update(is_spread=True, digest_on=digest_on)
        Message.objects.filter(pk__in=[message.pk for message in fresh if not message.digest_on]).update(
            is_spread=True
        )
    return len(fresh)


def _rows(
    message: Message, wish: MessageSettings | None, *, digest_on: date | None, at: datetime
) -> Iterator[Delivery]:
    channels = ways.for_message(wish, message)
    if channels and digest_on and ways.waits_for_digest(wish, message):
        message.digest_on = digest_on
        for channel in channels:
            yield Delivery(
                recipient=message.recipient,
                channel=channel,
                digest_on=digest_on,
                kind=kinds.DIGEST.key,
                created_at=at,
                ready_at=clock.moment(digest_on, DIGEST_TIME),
            )
        return
    for channel in channels:
        yield Delivery(
            recipient=message.recipient,
            channel=channel,
            message=message,
            kind=message.kind,
            created_at=at,
            ready_at=at,
        )


def _next_digest(at: datetime, book: WorkCalendar) -> date:
    """The morning on which news of this moment goes out: of a working day."""
    local = at.astimezone(clock.SHANGHAI)
    today = local.date()
    if local.time() < LAST_CALL and book.is_working(today):
        return today
    return after_working_days(start=today, working_days=1, book=book).day
