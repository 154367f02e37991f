"""The search over all floors."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from people.asking import SignedInRequest
from reports.forms.search import SearchForm
from reports.queries import found as query


@never_cache
def search(request: SignedInRequest) -> HttpResponse:
    """What holds the words, as a page, or alone when the page asks again."""
    kinds = query.kinds_for(request.user)
    form = SearchForm(request.GET, kinds=kinds)
    found = None
    if form.is_valid() and form.words:
        found = query.look(
            user=request.user,
            words=form.words,
            typed=form.cleaned_data["q"],
            kind=form.cleaned_data["kind"],
            request_get=request.GET,
        )
    context = {
        "form": form,
        "kinds": {"": "全部", **kinds},
        "kind": form["kind"].value() or "",
        "found": found,
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    return render(request, "reports/_found.html" if is_part else "reports/search.html", context)
