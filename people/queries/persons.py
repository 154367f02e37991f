"""People as they are listed, searched and chosen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.crypto import constant_time_compare

from people import access
from people.initials import rank
from people.models import Post, Unit, User
from people.roles import Permission, Role

MOST_FOUND = 20


def get(pk: int) -> User:
    """One account with unit and superior. Raises: Http404"""
    return get_object_or_404(User.objects.select_related("home_unit", "superior"), pk=pk)


def accounts(*, text: str = "", is_active: bool | None = None) -> QuerySet[User]:
    """Accounts, all or those a search finds."""
    rows = User.objects.select_related("home_unit")
    if is_active is not None:
        rows = rows.filter(is_active=is_active)
    return (
        rows.filter(pk__in=[user.pk for user in search(text, only_active=False, limit=200)]) if text else rows
    )


def search(
    text: str, *, only_active: bool = True, roles: Iterable[Role] = (), limit: int = MOST_FOUND
) -> list[User]:
    """People whose name, user name, pinyin or initials hold the text; compared here as for units.

    roles: only people who hold one of these posts now or later
    """
    if not text.strip():
        return []
    rows = User.objects.all()
    if only_active:
        rows = rows.filter(is_active=True)
    if roles:
        rows = rows.filter(posts__role__in=list(roles)).distinct()
    known = rows.order_by("name", "pk").values_list("pk", "name", "username", "initials", "pinyin")
    found = [
        pk
        for pk, name, username, *sounds in known
        if rank(text, names=[name, username], sounds=sounds) is not None
    ][:limit]
    return list(User.objects.select_related("home_unit").filter(pk__in=found).order_by("name", "pk"))


def find(text: str) -> User | None:
    """The one person meant by a user name or a full name; None when none or several are."""
    wanted = text.strip()
    by_username = User.objects.filter(username=wanted).first()
    if by_username:
        return by_username
    named = list(User.objects.filter(name=wanted)[:2]) if wanted else []
    return named[0] if len(named) == 1 else None


def inspectors(*, unit: Unit, day: date) -> QuerySet[User]:
    """People who may file visits at the unit on that day: inspectors and team leaders."""
    return access.holders(permission=Permission.VISIT_FILE, unit=unit, day=day)


def half_in(*, pk: int | None, password_hash: str) -> User | None:
    """The person who has given the password and not yet the code; None once the account or password changed."""
    user = User.objects.filter(pk=pk, is_active=True).first() if pk else None
    if user is None or not constant_time_compare(user.get_session_auth_hash(), password_hash):
        return None
    return user


def posts_of(user: User) -> list[Post]:
    """All posts a person holds, held or will hold, the open ones first."""
    return list(
        Post.objects.filter(user=user).select_related("unit", "user").order_by("is_revoked", "-since", "-pk")
    )


def posts(*, today: date, text: str = "", role: str = "", state: str = "") -> QuerySet[Post]:
    """Posts for the security administrator. state: "" in force or to come | over | all."""
    rows = Post.objects.select_related("user", "unit")
    if state == "over":
        rows = rows.exclude(pk__in=Post.objects.not_over(today).values("pk"))
    elif state != "all":
        rows = rows.not_over(today)
    if role:
        rows = rows.filter(role=role)
    if text:
        rows = rows.filter(user__in=[user.pk for user in search(text, only_active=False, limit=200)])
    return rows


def get_post(pk: int) -> Post:
    """One post with its person and unit. Raises: Http404"""
    return get_object_or_404(Post.objects.select_related("user", "unit"), pk=pk)
