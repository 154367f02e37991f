"""The audit, for auditors: to read, nothing else. That they read it is itself written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from conduct import clock, paging, reads
from people.asking import SignedInRequest
from people.forms.audit import AuditFilterForm
from people.queries import audit


def listing(request: SignedInRequest) -> HttpResponse:
    """What happened, the newest first."""
    return _page(request, "people/audit.html", "查看审计记录", "audit", audit.entries, audit.readable)


def looked_at(request: SignedInRequest) -> HttpResponse:
    """Who looked at what, and who took it away, the newest first."""
    return _page(request, "people/reads.html", "查看查阅记录", "reads", audit.reads, list)


def _page(
    request: SignedInRequest,
    template: str,
    label: str,
    kind: str,
    rows_of: Callable[[audit.Wish], QuerySet[Any]],
    shown: Callable[[Any], Any],
) -> HttpResponse:
    form = AuditFilterForm(request.GET)
    form.is_valid()
    wish = form.wish()
    _note(request, wish, label, kind)
    order = ("-at", "-id")
    found = paging.keyset(rows_of(wish), order=order, request_get=request.GET, bound=1000, noun="条记录")
    context = {
        "filter_form": form,
        "is_filtered": wish != audit.Wish(),
        "entries": shown(found.rows),
        "pager": found.pager,
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _note(request: SignedInRequest, wish: audit.Wish, label: str, kind: str) -> None:
    """Of a list it is written down by what it was filtered; turning its pages is the same look."""
    reads.read_words(
        at=clock.now(),
        by=request.user,
        label=label,
        subject_type=kind,
        subject_name=audit.words(wish),
    )
