"""Units: the tree, one unit, and suggestions while one types."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, paging
from conduct.fields import MOST_DIGITS
from conduct.shapes import Chip, Crumb
from people.actions import units as acts
from people.asking import SignedInRequest
from people.forms.units import NewUnitForm, UnitEditForm, UnitFilterForm
from people.queries import units

from .answers import page, tried


def listing(request: SignedInRequest) -> HttpResponse:
    """The tree, or what a search finds in it."""
    form = UnitFilterForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = units.search(text, only_active=False, limit=100) if text else []
    tree = paging.keyset(
        units.branch(), order=("path",), request_get=request.GET, size=100, bound=10_000, noun="个单位"
    )
    context = {
        "filter_form": form,
        "chips": [Chip("查找", text, "?")] if text else [],
        "text": text,
        "found": found,
        "rows": tree.rows,
        "pager": tree.pager,
    }
    return render(request, "people/units.html", context)


def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One unit, to look at and to correct."""
    unit = units.get(pk)
    form = UnitEditForm.of(unit, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        expected = given.pop("version")
        if tried(
            form, lambda: acts.revise(unit=unit, expected=expected, by=request.user, at=clock.now(), **given)
        ):
            messages.success(request, f"已保存“{unit.name}”。")
            return redirect("people:unit_detail", pk=unit.pk)
    above = [
        Crumb("单位", reverse("people:units")),
        *(
            Crumb(item.name, reverse("people:unit_detail", args=[item.pk]))
            for item in units.line_of(unit)[:-1]
        ),
    ]
    return page(
        request, "people/unit_detail.html", form, {"unit": unit, "crumbs": [*above, Crumb(unit.name)]}
    )


def new(request: SignedInRequest) -> HttpResponse:
    """A new unit."""
    under = request.GET.get("under", "")
    above = units.get(int(under)) if under.isdecimal() and len(under) < MOST_DIGITS else None
    form = NewUnitForm(request.POST or None, initial={"parent": above})
    if request.method == "POST" and form.is_valid():
        unit = tried(form, lambda: acts.add(by=request.user, at=clock.now(), **form.cleaned_data))
        if unit:
            messages.success(request, f"已新增“{unit.name}”。")
            return redirect("people:unit_detail", pk=unit.pk)
    return page(
        request,
        "people/unit_new.html",
        form,
        {"crumbs": [Crumb("单位", reverse("people:units")), Crumb("新增单位")]},
    )


def search(request: SignedInRequest) -> HttpResponse:
    """Suggestions for a unit field; the text is in q, or in whatever field asks."""
    text = request.GET.get("q") or next(iter(request.GET.values()), "")
    return render(request, "people/_unit_options.html", {"found": units.search(str(text)[:100])})
