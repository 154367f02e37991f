"""The page everyone begins with."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from conduct import clock
from people.asking import SignedInRequest
from reports.queries import home as query


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """What waits for the person, what they wait for, recent papers; an administrator begins elsewhere."""
    if elsewhere := query.start_elsewhere(request.user):
        return redirect(elsewhere)
    desk = query.home(user=request.user, today=clock.day_of(clock.now()))
    return render(request, "reports/home.html", {"desk": desk})
