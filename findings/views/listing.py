from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from conduct.shapes import Crumb
from findings.forms.filters import FilterForm, FilterPanel
from findings.queries import choices, listing, telling
from findings.queries.filters import GROUPS, WITH_TERM
from people.asking import SignedInRequest
from people.models import User

from .attempts import today

TABS = (("", "全部"), *((state, GROUPS[state]) for state in GROUPS if state != "standing"))


def ledger(request: SignedInRequest) -> HttpResponse:
    """The findings the person sees, narrowed by the address."""
    form = FilterForm(request.GET, user=request.user)
    wish = form.wish()
    order = request.GET.get("order") or ("deadline" if wish.state in WITH_TERM else "newest")
    page = listing.ledger(user=request.user, wish=wish, order=order, today=today(), request_get=request.GET)
    context = {
        "ledger": page,
        "form": form,
        "chips": form.chips(request.GET),
        "tabs": [(label, _address(request.GET, state=state), wish.state == state) for state, label in TABS],
        "order": order,
        "order_url": _address(request.GET, order="newest" if order == "deadline" else "deadline"),
        "query": request.GET.urlencode(),
        "may_select": choices.may_select(request.user) and page.rows,
        "head": _head(request.user, wish.state, page.pager.count, is_narrowed=bool(form.changed_data)),
        "ledger_name": telling.ledger_name(request.user),
    }
    return render(request, "findings/list.html", context)


def filters(request: SignedInRequest) -> HttpResponse:
    """The filters to fill in: a part of the list, or a page of its own without script."""
    context = {
        "panel": FilterPanel(request.GET, user=request.user),
        "crumbs": [Crumb(telling.ledger_name(request.user), "../"), Crumb("筛选")],
    }
    template = "findings/_filters.html" if request.headers.get("HX-Request") else "findings/filters.html"
    return render(request, template, context)


def unit_search(request: SignedInRequest) -> HttpResponse:
    """Suggestions for the unit of the filters, from those the person reaches."""
    text = request.GET.get("unit_name", "")[:100]
    return render(request, "people/_unit_options.html", {"found": choices.units(request.user, text)})


def _head(user: User, state: str, count: int | None, *, is_narrowed: bool) -> str:
    if count == 0:
        return "没有符合条件的问题" if is_narrowed else "还没有问题"
    name = telling.ledger_name(user)
    return f"{name}（{GROUPS[state]}）" if state in GROUPS else name


def _address(request_get: QueryDict, **changes: str) -> str:
    query = request_get.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"
