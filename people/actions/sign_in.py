"""Coming in by name and password: guesses are counted in the database, and answered alike whoever is guessed at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest

from conduct import audit
from people.models import KnownBrowser, Throttle, User

from . import guesses

# An office of hundreds sits behind one address, and a person has more than one.
MOST_OF_ADDRESS = 30
MOST_OF_ACCOUNT = 20
MOST_BROWSERS = 10


@dataclass(frozen=True)
class Visitor:
    """Who is at the door: where from, and the mark of a browser that has been here before.

    browser: digest of the mark; empty without one
    sitting: which sitting it is, where a code was shown in it; empty at the door
    """

    address: str
    browser: str = ""
    sitting: str = ""


def check(
    *, request: HttpRequest | None, username: str, password: str, visitor: Visitor, at: datetime
) -> User | None:
    """The person, when name and password are right and not too many tries went before.

    None says nothing of why: an unknown, a closed and a shut-out account take the same time and queries.
    """
    limits = _limits(username, visitor)
    # Counted before the password is looked at: a hundred guesses sent at once are a hundred.
    is_open = guesses.count(limits=limits, at=at)
    found = authenticate(request, username=username, password=password)
    user = found if isinstance(found, User) else None
    if not is_open or user is None:
        _note_failure(username, visitor, is_shut=not is_open, at=at)
        return None
    guesses.forgive(limits=limits)
    return user


@transaction.atomic
def welcome(*, user: User, browser: str, at: datetime) -> None:
    """Write down that the person is in, and know the browser again."""
    KnownBrowser.objects.update_or_create(
        user=user, token=browser, defaults={"seen_at": at}, create_defaults={"since": at, "seen_at": at}
    )
    newest = KnownBrowser.objects.filter(user=user).order_by("-seen_at").values_list("pk", flat=True)
    KnownBrowser.objects.filter(user=user).exclude(pk__in=list(newest[:MOST_BROWSERS])).delete()
    audit.record(at=at, by=user, verb="people.signed_in", label="登录", subject=user)


def note_leaving(*, user: User, at: datetime) -> None:
    """Write down that the person went out."""
    audit.record(at=at, by=user, verb="people.signed_out", label="退出登录", subject=user)


def forget_browsers(*, user: User) -> None:
    """Know none of the person's browsers any more."""
    KnownBrowser.objects.filter(user=user).delete()


def clean(*, at: datetime) -> None:
    """Remove counts that no longer count."""
    Throttle.objects.filter(since__lt=at - guesses.SHUT_FOR).exclude(shut_until__gt=at).delete()


def _limits(username: str, visitor: Visitor) -> dict[str, int]:
    """The counts this try belongs to, and the most of each; a known browser has its own and no other."""
    name = username.casefold()
    if KnownBrowser.objects.filter(user__username=name, token=visitor.browser or "-").exists():
        return {guesses.key_of("browser", name, visitor.browser): guesses.MOST_TRIES}
    return {
        guesses.key_of("account", name, visitor.address): guesses.MOST_TRIES,
        guesses.key_of("address", visitor.address): MOST_OF_ADDRESS,
        guesses.key_of("everywhere", name): MOST_OF_ACCOUNT,
    }


def _note_failure(username: str, visitor: Visitor, *, is_shut: bool, at: datetime) -> None:
    """For the auditor. A name nobody bears is not written down: people type passwords into that field."""
    user = User.objects.filter(username=username.casefold()).first()
    audit.record(
        at=at,
        by=audit.SystemActor(),
        verb="people.sign_in_shut" if is_shut else "people.sign_in_refused",
        label="登录受限" if is_shut else "登录未通过",
        subject=user or Throttle(key=guesses.key_of("account", username.casefold(), visitor.address)),
        details={"address": visitor.address},
    )
