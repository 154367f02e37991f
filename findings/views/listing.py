from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from conduct import clock, reads
from conduct.shapes import Crumb
from findings.forms.filters import FilterForm, FilterPanel, order_of
from findings.queries import choices, listing, telling, wide
from findings.queries.filters import GROUPS, Wish
from findings.queries.listing import Ledger
from findings.queries.wide import Wide
from findings.rules.ledger import USUAL
from people.asking import SignedInRequest
from people.models import User

from .attempts import today

TABS = (("", "全部"), *((state, GROUPS[state]) for state in GROUPS if state != "standing"))


def ledger(request: SignedInRequest) -> HttpResponse:
    """The findings the person sees, narrowed by the address, with the columns of the address or their own."""
    form = FilterForm(request.GET, user=request.user)
    wish = form.wish()
    order = order_of(request.GET, wish)
    asked: dict[str, Any] = {"user": request.user, "wish": wish, "order": order, "today": today()}
    may_select, columns = choices.may_select(request.user), wide.columns_for(request.user, request.GET)
    if columns == USUAL:
        page: Ledger | Wide = listing.ledger(**asked, request_get=request.GET)
    else:
        narrow = partial(_narrowed, request.GET)
        page = wide.page(
            **asked, request_get=request.GET, columns=columns, narrow=narrow, may_select=may_select
        )
    context = _around(request, form, wish, order) | {
        "ledger": page,
        "may_select": may_select and page.rows,
        "head": _head(request.user, wish.state, page.pager.count, is_narrowed=bool(form.changed_data)),
    }
    return render(request, "findings/list.html", context)


def _around(request: SignedInRequest, form: FilterForm, wish: Wish, order: str) -> dict[str, Any]:
    """What stands around the rows."""
    return {
        "form": form,
        "chips": form.chips(request.GET),
        "tabs": [(label, _address(request.GET, state=state), wish.state == state) for state, label in TABS],
        "order": order,
        "order_url": _address(request.GET, order="newest" if order == "deadline" else "deadline"),
        "query": request.GET.urlencode(),
        "ledger_name": telling.ledger_name(request.user),
    }


def printed(request: SignedInRequest) -> HttpResponse:
    """The same on paper: broad sheets, the heads on each, every column in full."""
    form = FilterForm(request.GET, user=request.user)
    wish, now = form.wish(), clock.now()
    columns = wide.columns_to_print(wide.columns_for(request.user, request.GET))
    order = order_of(request.GET, wish)
    page = wide.printed(user=request.user, wish=wish, order=order, today=today(), columns=columns)
    chips, name = form.chips(request.GET), telling.ledger_name(request.user)
    what = "；".join(f"{chip.label}：{chip.value}" for chip in chips) or "全部"
    reads.export(at=now, by=request.user, subject=None, label=f"打印{name}", what=what)
    context = {
        "ledger": page,
        "ledger_name": name,
        "what": what,
        "printed_at": now,
        "most": wide.MOST_PRINTED,
    }
    return render(
        request, "findings/list_print.html", context | {"back": f"../{_address(request.GET)}", "form": form}
    )


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


def _narrowed(request_get: QueryDict, name: str, value: str) -> str:
    return _address(request_get, **{name: value})


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
