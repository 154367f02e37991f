"""The address of a person's calendar feed: made, made anew, taken back."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from conduct import audit
from people.models import User
from reports.models import FeedToken
from reports.rules.feed import digest_of

MINUTE = timedelta(minutes=1)
MOST_A_MINUTE = 10


@transaction.atomic
def renew(*, by: User, at: datetime) -> str:
    """A new token for the person's own feed, told this once; the one before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    fresh = {"digest": digest_of(token), "made_at": at, "minute": None, "asked": 0}
    row, _ = FeedToken.objects.update_or_create(user=by, defaults=fresh)
    audit.record(at=at, by=by, verb="reports.feed_made", label="生成日历订阅地址", subject=row)
    return token


@transaction.atomic
def revoke(*, by: User, at: datetime) -> None:
    """Close the person's own feed; closing it twice changes nothing."""
    row = FeedToken.objects.filter(user=by).first()
    if row is None:
        return
    audit.record(at=at, by=by, verb="reports.feed_revoked", label="停用日历订阅", subject=row)
    row.delete()


def count(*, row: FeedToken, at: datetime) -> bool:
    """Count one asking; whether it is still within what a minute allows."""
    if row.minute is None or not row.minute <= at < row.minute + MINUTE:
        FeedToken.objects.filter(pk=row.pk).update(minute=at, asked=1)
        return True
    FeedToken.objects.filter(pk=row.pk, asked__lte=MOST_A_MINUTE).update(asked=F("asked") + 1)
    return row.asked < MOST_A_MINUTE
