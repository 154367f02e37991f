"""Tries counted in the database, over restarts and without Redis, and shut out when they are too many."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from people.models import Throttle

SHUT_FOR = timedelta(minutes=30)
MOST_TRIES = 5


@transaction.atomic
def count(*, limits: dict[str, int], at: datetime) -> bool:
    """Count one try on every count; whether none of them was shut.

    limits: the counts this try belongs to by their keys, and the most of each
    """
    held = _held(limits, at)
    is_open = not any(row.shut_until and row.shut_until > at for row in held)
    for row in held:
        is_over = row.shut_until <= at if row.shut_until else row.since <= at - SHUT_FOR
        if is_over:
            row.tries, row.since, row.shut_until = 0, at, None
        if is_open:
            row.tries += 1
            if row.tries >= limits[row.key]:
                row.shut_until = at + SHUT_FOR
        row.save(update_fields=["tries", "since", "shut_until"])
    return is_open


def _held(keys: Collection[str], at: datetime) -> list[Throttle]:
    """The counts, nobody else's until the end of the transaction."""
    held: list[Throttle] = []
    # A right try at the same moment takes its count away between the two questions: then it is made anew.
    while len(held) < len(keys):
        fresh = [Throttle(key=key, since=at) for key in sorted(keys)]
        Throttle.objects.bulk_create(fresh, ignore_conflicts=True)
        # In one order, so that two tries never wait for each other.
        held = list(Throttle.objects.filter(key__in=keys).select_for_update().order_by("key"))
    return held


@transaction.atomic
def forgive(*, limits: dict[str, int]) -> None:
    """It was right: the first count, their own, begins anew, of the shared ones only this try is taken back."""
    own, *shared = limits
    list(Throttle.objects.filter(key__in=limits).select_for_update().order_by("key").values_list("key"))
    Throttle.objects.filter(key=own).delete()
    Throttle.objects.filter(key__in=shared, tries__gt=0).update(tries=F("tries") - 1, shut_until=None)


def key_of(*parts: str) -> str:
    """The key of a count, which names nobody."""
    return hmac.new(settings.SECRET_KEY.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
