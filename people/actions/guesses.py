"""Tries counted in the database, over restarts and without Redis, and shut out when they are too many."""

from __future__ import annotations

import hashlib
import hmac
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
    for key in limits:
        Throttle.objects.get_or_create(key=key, defaults={"since": at})
    rows = Throttle.objects.filter(key__in=limits)
    # In one order, so that two tries never wait for each other.
    held = list(rows.select_for_update().order_by("key"))
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


@transaction.atomic
def forgive(*, limits: dict[str, int]) -> None:
    """It was right: the first count, their own, begins anew, of the shared ones only this try is taken back."""
    own, *shared = limits
    Throttle.objects.filter(key=own).delete()
    Throttle.objects.filter(key__in=shared, tries__gt=0).update(tries=F("tries") - 1, shut_until=None)


def key_of(*parts: str) -> str:
    """The key of a count, which names nobody."""
    return hmac.new(settings.SECRET_KEY.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
