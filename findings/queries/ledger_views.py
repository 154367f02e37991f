"""The lists people have named to come back to."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from findings.models import LedgerView
from findings.rules.ledger import USUAL
from people.models import User

CURSORS = ("after", "before")


def own(user: User) -> QuerySet[LedgerView]:
    """The person's views, by name."""
    return LedgerView.objects.filter(owner=user).order_by("name")


def get_own(user: User, pk: object) -> LedgerView:
    """One of the person's own. Raises: Http404"""
    return get_object_or_404(own(user), pk=pk)


def get_for(user: User, pk: object) -> LedgerView:
    """One of the person's own, or one its owner lets others open by its link. Raises: Http404"""
    return get_object_or_404(
        LedgerView.objects.select_related("owner").filter(Q(owner=user) | Q(is_shared=True)), pk=pk
    )


def address(view: LedgerView) -> str:
    """The list as the view has it; whoever opens it finds the rows they see themselves."""
    query = QueryDict(view.query, mutable=True)
    query["columns"] = ",".join(view.columns or USUAL)
    return f"{reverse('findings:list')}?{query.urlencode()}"


def plain(query_text: str) -> str:
    """The filters of an address without the place in the list."""
    query = QueryDict(query_text, mutable=True)
    for name in (*CURSORS, "columns"):
        query.pop(name, None)
    return query.urlencode()
