"""The published numbers on one page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from conduct import clock
from people.asking import SignedInRequest
from reports.forms.periods import BoardForm
from reports.queries import dashboard as query
from reports.rules import periods


def dashboard(request: SignedInRequest) -> HttpResponse:
    """The numbers of a period; without one, of the year so far."""
    today = clock.day_of(clock.now())
    period = periods.year_to(today)
    asked = bool(request.GET)
    form = BoardForm(request.GET if asked else {"first": period.first, "last": period.last})
    within = None
    if form.is_valid():
        period, within = form.cleaned_data["period"], form.cleaned_data["unit"]
    context = {
        "board": query.dashboard(user=request.user, period=period, today=today, within=within),
        "presets": query.presets(today=today, chosen=period, within=within),
        "period": period,
        "within": within,
        "form": form,
    }
    return render(request, "reports/dashboard.html", context, status=200 if form.is_valid() else 422)
