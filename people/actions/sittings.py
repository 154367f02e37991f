"""Sittings ended: by their owner, by time, or because something about the person changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from conduct import audit
from people.models import Sitting, User

# A form posted so long after the end still finds its author.
REMEMBERED_FOR = timedelta(hours=24)


def end(*, sitting: Sitting, why: Sitting.End, at: datetime) -> None:
    """End one sitting; its next request meets a stranger."""
    Sitting.objects.filter(pk=sitting.pk, ended_at=None).update(ended_at=at, ended_why=why, session_data="")


def end_all(*, user: User, why: Sitting.End, at: datetime, but: str = "") -> int:
    """End all of a person's sittings but one; returns how many.

    but: key of the sitting that stays
    """
    return (
        Sitting.objects.filter(user=user, ended_at=None)
        .exclude(pk=but)
        .update(ended_at=at, ended_why=why, session_data="")
    )


@transaction.atomic
def end_own(*, user: User, key: str, at: datetime) -> int:
    """End one of one's own sittings elsewhere; somebody else's key ends nothing."""
    ended = Sitting.objects.filter(pk=key, user=user, ended_at=None).update(
        ended_at=at, ended_why=Sitting.End.LEFT, session_data=""
    )
    if ended:
        _note(user, ended, at)
    return ended


@transaction.atomic
def end_others(*, user: User, but: str, at: datetime) -> int:
    """End every other sitting of one's own; returns how many."""
    ended = end_all(user=user, why=Sitting.End.LEFT, at=at, but=but)
    if ended:
        _note(user, ended, at)
    return ended


def seen(*, sitting: Sitting, address: str, device: str, at: datetime) -> None:
    """Note that the person is still there."""
    Sitting.objects.filter(pk=sitting.pk, ended_at=None).update(seen_at=at, address=address, device=device)


def remember_forms(*, sitting: Sitting, form_key: str) -> None:
    """Note what the forms of this sitting carry, by which a late one is known."""
    Sitting.objects.filter(pk=sitting.pk, ended_at=None).update(form_key=form_key)


def clean(*, at: datetime) -> None:
    """Remove sittings nobody will ask about any more."""
    Sitting.objects.filter(expire_date__lt=at - REMEMBERED_FOR).delete()
    Sitting.objects.filter(ended_at__lt=at - REMEMBERED_FOR).delete()


def _note(user: User, ended: int, at: datetime) -> None:
    audit.record(
        at=at,
        by=user,
        verb="people.sittings_ended",
        label="退出其他登录",
        subject=user,
        details={"sittings": ended},
    )
