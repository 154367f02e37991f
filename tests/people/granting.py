"""Accounts opened, posts given and ended, as the two administrators do it."""

from __future__ import annotations

from people.actions import accounts, posts
from people.models import Post
from people.roles import Role
from tests.factories.cast import AT, Cast

TODAY = AT.date()


def create(cast: Cast, **changes: object) -> accounts.Opened:
    """A new colleague's account."""
    given = {"username": "new", "name": "新同志", "home_unit": cast.bureau, "by": cast.system_admin, "at": AT}
    return accounts.create(**given | changes)


def give(cast: Cast, **changes: object) -> Post:
    """A post of inspector over the city from today on, unless told otherwise."""
    given = {"unit": cast.city, "role": Role.INSPECTOR, "since": TODAY, "by": cast.security_admin, "at": AT}
    return posts.give(**given | changes)


def end(cast: Cast, post: Post, **changes: object) -> Post:
    """The post ended, with a reason."""
    return posts.end(**{"post": post, "reason": "调离", "by": cast.security_admin, "at": AT} | changes)
