"""Accounts opened, posts given and ended, as the administrators do it: one asks, another confirms."""

from __future__ import annotations

from datetime import datetime

from people.actions import accounts, post_changes
from people.models import Post, PostChange, Unit, User
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user

TODAY = AT.date()


def create(cast: Cast, **changes: object) -> accounts.Opened:
    """A new colleague's account."""
    given = {"username": "new", "name": "新同志", "home_unit": cast.bureau, "by": cast.system_admin, "at": AT}
    return accounts.create(**given | changes)


def ask_to_give(cast: Cast, **changes: object) -> PostChange:
    """The wish for a post of inspector over the city from today on, unless told otherwise."""
    given = {"unit": cast.city, "role": Role.INSPECTOR, "since": TODAY, "reason": "工作安排"}
    return post_changes.ask_to_give(**given | {"by": cast.security_admin, "at": AT} | changes)


def ask_to_end(cast: Cast, post: Post, **changes: object) -> PostChange:
    """The wish that the post end."""
    given = {"post": post, "reason": "调离", "by": cast.security_admin, "at": AT}
    return post_changes.ask_to_end(**given | changes)


def give(cast: Cast, **changes: object) -> Post:
    """The post asked for, and confirmed by the system administrator."""
    wish = ask_to_give(cast, **changes)
    return post_changes.confirm(wish=wish, by=cast.system_admin, at=wish.asked_at).post


def end(cast: Cast, post: Post, **changes: object) -> Post:
    """The post ended, with a reason, and confirmed by the system administrator."""
    wish = ask_to_end(cast, post, **changes)
    post_changes.confirm(wish=wish, by=cast.system_admin, at=wish.asked_at)
    post.refresh_from_db()
    return post


def confirm(wish: PostChange, by: User, *, at: datetime = AT) -> PostChange:
    """The second person's yes."""
    return post_changes.confirm(wish=wish, by=by, at=at)


def another(cast: Cast, role: Role, *, unit: Unit | None = None) -> User:
    """A second person of a role."""
    user = make_user(f"second_{role.value}", "某人乙", home=cast.bureau)
    give_post(user, unit or cast.city, role)
    return user
