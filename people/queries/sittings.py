"""Who sits where, and whether they may still."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from people.models import Sitting, User
from people.roles import ADMIN_ROLES, Role


def open_of(*, user: User, at: datetime) -> QuerySet[Sitting]:
    """The person's sittings that still answer, the last seen first."""
    since = at - timedelta(hours=settings.SITTING_HOURS)
    return (
        Sitting.objects.filter(user=user, ended_at=None, expire_date__gt=at, started_at__gt=since)
        .filter(seen_at__gt=at - timedelta(minutes=settings.IDLE_MINUTES))
        .order_by("-seen_at")
    )


def overdue(sitting: Sitting, *, roles: frozenset[Role], at: datetime) -> Sitting.End | None:
    """Why the sitting is over by the clock, if it is: left alone too long, or too long in all."""
    minutes = settings.ADMIN_IDLE_MINUTES if roles & ADMIN_ROLES else settings.IDLE_MINUTES
    if at - sitting.seen_at >= timedelta(minutes=minutes):
        return Sitting.End.IDLE
    if at - sitting.started_at >= timedelta(hours=settings.SITTING_HOURS):
        return Sitting.End.LONG
    return None


def author_by_form(form_key: str) -> User | None:
    """Whose page a form came from, by the secret it carries."""
    if not form_key:
        return None
    found = Sitting.objects.filter(form_key=form_key, user__isnull=False).select_related("user")
    sitting = found.order_by("-started_at").first()
    return sitting.user if sitting else None


def author_by_key(key: str) -> User | None:
    """Whose sitting a cookie named, also when it has ended."""
    found = Sitting.objects.filter(pk=key, user__isnull=False).select_related("user").first()
    return found.user if found else None
