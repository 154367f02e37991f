"""Wishes to unbind a lost authenticator."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from people import access, tree
from people.models import Recovery, User
from people.roles import Permission


def all_of_them() -> QuerySet[Recovery]:
    """Every wish, for lists that page through them."""
    return Recovery.objects.select_related("user", "asked_by", "decided_by")


def waiting_count(user: User) -> int:
    """How many wishes this person may decide now."""
    if not any(len(path) == tree.STEP for path in access.reach(user, Permission.RECOVERY_DECIDE)):
        return 0
    rows = Recovery.objects.filter(state=Recovery.State.ASKED).exclude(asked_by=user).exclude(user=user)
    return rows.count()


def get(pk: int) -> Recovery:
    """One wish.

    Raises: Http404
    """
    found = all_of_them().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
