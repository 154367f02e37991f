"""How far the drafting of a bulletin is, and trying again what failed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from conduct.errors import Refused
from people.asking import SignedInRequest
from reports.actions import orders
from reports.queries import orders as query


def job(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One run as a page; only its moving part when the page asks again."""
    run = query.get_for(request.user, pk)
    is_fragment = bool(getattr(request, "htmx", False))
    context = {"job": query.view_of(run), "run": run}
    return render(request, "_parts/_job.html" if is_fragment else "reports/job.html", context)


def job_retry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Start a failed run again."""
    run = query.get_for(request.user, pk)
    try:
        orders.retry(run=run, office=query.office_of(run), by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("reports:job", pk=pk)
