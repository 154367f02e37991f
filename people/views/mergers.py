"""Merging one unit into another."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from conduct import clock
from conduct.shapes import Crumb
from people import inheriting
from people.actions import mergers
from people.asking import SignedInRequest
from people.forms.units import MergerForm
from people.queries import units

from .answers import page, tried


def merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """What goes to the successor, and who that is."""
    unit = units.get(pk)
    form = MergerForm(request.POST or None, initial={"version": unit.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        heir, reason, expected = given["unit"], given["reason"], given["version"]
        act = {"heir": heir, "reason": reason, "expected": expected, "by": request.user, "at": clock.now()}
        if tried(form, lambda: mergers.merge(unit=unit, **act)):
            messages.success(request, f"“{unit.name}”已并入“{heir.name}”，未办结的事项由其继续办理。")
            return redirect("people:unit_detail", pk=heir.pk)
    crumbs = [
        Crumb("单位", reverse("people:units")),
        Crumb(unit.name, reverse("people:unit_detail", args=[unit.pk])),
        Crumb("并入其他单位"),
    ]
    context = {"unit": unit, "waiting": inheriting.waiting(unit), "crumbs": crumbs}
    return page(request, "people/unit_merge.html", form, context)
