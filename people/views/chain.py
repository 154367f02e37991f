"""The chain over the audit, for auditors: how far it is sealed, anchored and verified; they may start the latter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock
from people.actions import verification
from people.asking import SignedInRequest
from people.queries import chain


def state(request: SignedInRequest) -> HttpResponse:
    """The whole page, or just how far the verification is when the page asks for it."""
    run = chain.latest_run()
    view = chain.job_view(run, url=reverse("people:chain")) if run else None
    if request.headers.get("HX-Request"):
        return render(request, "_parts/_job.html", {"job": view})
    context = {
        "verdict": chain.verdict(),
        "facts": chain.facts(),
        "job": view,
        "is_under_way": chain.under_way() is not None,
    }
    return render(request, "people/chain.html", context)


def verify(request: SignedInRequest) -> HttpResponse:
    """Start a verification."""
    verification.start(by=request.user, at=clock.now())
    messages.success(request, "核验已排队，结果会留在本页。")
    return redirect("people:chain")
