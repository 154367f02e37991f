"""The audit, for auditors: to read, nothing else."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from conduct import paging
from people.asking import SignedInRequest
from people.forms.audit import AuditFilterForm
from people.queries import audit


def listing(request: SignedInRequest) -> HttpResponse:
    """What happened, the newest first."""
    form = AuditFilterForm(request.GET)
    form.is_valid()
    wish = form.wish()
    rows = audit.entries(wish)
    found = paging.keyset(rows, order=("-at", "-id"), request_get=request.GET, bound=1000, noun="条记录")
    context = {
        "filter_form": form,
        "is_filtered": wish != audit.Wish(),
        "entries": audit.readable(found.rows),
        "pager": found.pager,
    }
    return render(request, "people/audit.html", context, status=422 if form.errors else 200)
