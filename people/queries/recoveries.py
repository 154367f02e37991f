"""Wishes to unbind a lost authenticator."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from people.models import Recovery


def all_of_them() -> QuerySet[Recovery]:
    """Every wish, for lists that page through them."""
    return Recovery.objects.select_related("user", "asked_by", "decided_by")


def get(pk: int) -> Recovery:
    """One wish.

    Raises: Http404
    """
    found = all_of_them().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
