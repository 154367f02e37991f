"""Background runs, for system administrators."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, paging
from conduct.shapes import Chip
from people.actions import jobs as acts
from people.asking import SignedInRequest
from people.queries import jobs


def listing(request: SignedInRequest) -> HttpResponse:
    """What failed, above all; then what runs, waits and is done, the newest first."""
    state = request.GET.get("state", "")
    found = paging.keyset(
        jobs.runs(state=state),
        order=("-created_at", "id"),
        request_get=request.GET,
        bound=1000,
        noun="项任务",
    )
    context = {
        "failed": [] if state else jobs.failed(),
        "failed_count": jobs.failed_count(),
        "most_counted": jobs.MOST_COUNTED,
        "rows": found.rows,
        "pager": found.pager,
        "states": jobs.states(),
        "state": state,
        "chips": [Chip("状态", name, "?") for value, name in jobs.states() if value == state],
        "waited": jobs.waited_words(jobs.oldest_waiting_seconds(at=clock.now())),
    }
    return render(request, "people/jobs.html", context)


def detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """One run: a whole page, or just its progress when the page asks for it."""
    run = jobs.get(pk)
    view = jobs.seen(run, poll_url=reverse("people:job_detail", args=[pk]))
    template = "_parts/_job.html" if request.headers.get("HX-Request") else "people/job_detail.html"
    return render(request, template, {"job": view, "run": run})


def retry(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Start a failed run again."""
    run = acts.retry(run=jobs.get(pk), by=request.user, at=clock.now())
    messages.success(request, f"“{run.label or run.job}”已重新排队。")
    return redirect("people:job_detail", pk=pk)
