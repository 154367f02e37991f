"""Bringing letters out: claimed one by one, tried again with growing pauses, left to people in the end.

What a provider confirmed is never sent again. What ended without an answer is sent again under the same number.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from conduct.models import ChannelStanding, Delivery, Message, MessageSettings, Office

from . import letters, spreading, ways
from .letters import Letter, NotDelivered, Rejected, Unreachable, Unsure

log = logging.getLogger(__name__)
BATCH = 100
MOST_A_RUN = 2000
MOST_TRIES = 12
# Longer than any one try lasts: whoever claimed a letter and has died by then no longer sends it.
LEASE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)
# Nothing waits longer; what does was put off by a clock that has been put back since.
FARTHEST_LETTER, FARTHEST_DIGEST = timedelta(hours=2), timedelta(days=20)
Now = Callable[[], datetime]
Step = Callable[[int], None]


def due(*, at: datetime) -> QuerySet[Delivery]:
    """Letters to be brought out now by channels that work, the longest waiting first."""
    resting = ChannelStanding.objects.filter(next_at__gt=at, next_at__lte=at + FARTHEST_LETTER).values(
        "channel"
    )
    is_time = (
        Q(ready_at__lte=at)
        | Q(ready_at__gt=at + FARTHEST_DIGEST)
        | Q(message__isnull=False, ready_at__gt=at + FARTHEST_LETTER)
    )
    waiting = Delivery.objects.filter(is_time, confirmed_at__isnull=True, given_up_at__isnull=True)
    return waiting.exclude(channel__in=resting).order_by("ready_at", "pk")


def has_work(*, at: datetime) -> bool:
    """Whether there is something to spread or to bring out."""
    return spreading.waits() or due(at=at).exists()


def work_off(*, now: Now, on_step: Step = lambda done: None) -> int:
    """Spread what is new and bring out what is due; returns how many were tried."""
    while spreading.spread(at=now()):
        on_step(0)
    done = 0
    while done < MOST_A_RUN:
        batch = list(due(at=now()).select_related("message")[:BATCH])
        if not batch:
            break
        done += _bring_out(batch, now=now, on_step=on_step, before=done)
    return done


def _bring_out(batch: list[Delivery], *, now: Now, on_step: Step, before: int) -> int:
    wishes = ways.settings_of(row.recipient for row in batch)
    house = Office.objects.values_list("name", flat=True).first() or "系统消息"
    down: set[str] = set()
    tried = 0
    for row in batch:
        if row.channel in down or not claim(row, at=now()):
            continue
        fault = _try(row, wishes.get(row.recipient), house=house, at=now())
        if isinstance(fault, Unreachable | Unsure):
            down.add(row.channel)
        tried += 1
        on_step(before + tried)
    return tried


def claim(row: Delivery, *, at: datetime) -> bool:
    """Take a letter in hand; False when another worker has, or when it is over."""
    still = Delivery.objects.filter(
        pk=row.pk, tries=row.tries, ready_at=row.ready_at, confirmed_at__isnull=True, given_up_at__isnull=True
    )
    if not still.update(tries=F("tries") + 1, ready_at=at + LEASE):
        return False
    row.tries += 1
    row.ready_at = at + LEASE
    return True


def _try(row: Delivery, wish: MessageSettings | None, *, house: str, at: datetime) -> NotDelivered | None:
    send = ways.sender(wish, row.channel)
    letter = _letter(row, house) if send else None
    if send is None or letter is None:
        row.delete()  # turned off since, or nothing to gather: messages stay in the inbox
        return None
    try:
        send(letter, at)
    except NotDelivered as fault:
        _note_failure(row, fault, at=at)
        return fault
    except Exception as fault:  # whatever a provider's client raises, the row stays the truth
        log.exception("delivery %s failed", row.pk)
        unknown = Unsure(f"程序出错（{type(fault).__name__}），可能已经送达")
        _note_failure(row, unknown, at=at)
        return unknown
    Delivery.objects.filter(pk=row.pk, confirmed_at__isnull=True).update(
        confirmed_at=at, given_up_at=None, is_unsure=False, problem=""
    )
    _note_working(row.channel, at=at)
    return None


def _letter(row: Delivery, house: str) -> Letter | None:
    """The letter; none for a digest whose news two workers put into another day's at the same moment."""
    if row.message is not None:
        return letters.of_message(row.message, number=row.pk, house=house)
    news = list(Message.objects.filter(recipient=row.recipient, digest_on=row.digest_on).order_by("at", "pk"))
    return letters.of_digest(news, number=row.pk, house=house) if news else None


def _note_failure(row: Delivery, fault: NotDelivered, *, at: datetime) -> None:
    """Put the letter off, or give it up; a provider that does not work is left alone for a while too."""
    is_over = isinstance(fault, Rejected) or row.tries >= MOST_TRIES
    Delivery.objects.filter(pk=row.pk, tries=row.tries, confirmed_at__isnull=True).update(
        problem=str(fault)[:200],
        is_unsure=isinstance(fault, Unsure),
        ready_at=at + pause(row.tries),
        given_up_at=at if is_over else None,
    )
    if isinstance(fault, Unreachable | Unsure):
        standing, _ = ChannelStanding.objects.get_or_create(channel=row.channel)
        ChannelStanding.objects.filter(pk=standing.pk).update(
            failing_since=standing.failing_since or at,
            tries=F("tries") + 1,
            next_at=at + pause(standing.tries),
            problem=str(fault)[:200],
        )
    else:
        _note_working(row.channel, at=None)


def _note_working(channel: str, *, at: datetime | None) -> None:
    """The provider answers. at: when it confirmed a letter, None when it answered otherwise"""
    ChannelStanding.objects.get_or_create(channel=channel)
    confirmed = {} if at is None else {"confirmed_at": at}
    ChannelStanding.objects.filter(channel=channel).update(
        failing_since=None, tries=0, next_at=None, problem="", **confirmed
    )


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: one minute, doubled each time, an hour at most."""
    return min(LONGEST_PAUSE, timedelta(minutes=2 ** min(max(tries - 1, 0), 10)))


def give_another_chance(row: Delivery, *, at: datetime) -> bool:
    """Take a letter that was given up back into the queue, under its number; False when it was not given up."""
    return bool(
        Delivery.objects.filter(pk=row.pk, given_up_at__isnull=False).update(
            given_up_at=None, tries=0, ready_at=at
        )
    )
