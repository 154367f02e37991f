"""The audit, for auditors: to read, nothing else. That they read it is itself written down."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from conduct import clock, paging, reads
from people.asking import SignedInRequest
from people.forms.audit import AuditFilterForm
from people.queries import audit


def listing(request: SignedInRequest) -> HttpResponse:
    """What happened, the newest first."""
    form = AuditFilterForm(request.GET)
    form.is_valid()
    wish = form.wish()
    _note(request, wish, "查看审计记录", "audit")
    rows = audit.entries(wish)
    found = paging.keyset(rows, order=("-at", "-id"), request_get=request.GET, bound=1000, noun="条记录")
    context = {
        "filter_form": form,
        "is_filtered": wish != audit.Wish(),
        "entries": audit.readable(found.rows),
        "pager": found.pager,
    }
    return render(request, "people/audit.html", context, status=422 if form.errors else 200)


def looked_at(request: SignedInRequest) -> HttpResponse:
    """Who looked at what, and who took it away, the newest first."""
    form = AuditFilterForm(request.GET)
    form.is_valid()
    wish = form.wish()
    _note(request, wish, "查看查阅记录", "reads")
    rows = audit.reads(wish)
    found = paging.keyset(rows, order=("-at", "-id"), request_get=request.GET, bound=1000, noun="条记录")
    context = {
        "filter_form": form,
        "is_filtered": wish != audit.Wish(),
        "entries": found.rows,
        "pager": found.pager,
    }
    return render(request, "people/reads.html", context, status=422 if form.errors else 200)


def _note(request: SignedInRequest, wish: audit.Wish, label: str, kind: str) -> None:
    """Of a list it is written down by what it was filtered; turning its pages is the same look."""
    reads.read_words(
        at=clock.now(),
        by=request.user,
        label=label,
        subject_type=kind,
        subject_name=audit.words(wish),
    )
