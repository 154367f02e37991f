from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from findings.actions import routes as actions
from findings.forms.notices import RouteAcceptanceForm, RouteForm
from findings.forms.supervisions import RouteLadderForm
from findings.models import Route
from findings.queries import routes as queries
from people.asking import SignedInRequest

from .attempts import attempt

# What the page asks of each route, part by part: the form, and what carries it out.
PARTS: dict[str, tuple[type[forms.Form], Callable[..., Route]]] = {
    "days": (RouteForm, actions.change_days),
    "acceptance": (RouteAcceptanceForm, actions.change_acceptance),
    "ladder": (RouteLadderForm, actions.change_ladder),
}


def routes(request: SignedInRequest) -> HttpResponse:
    """What each way of putting right gives and asks for."""
    if request.method != "POST":
        return _page(request)
    route = queries.get(request.POST.get("code", ""))
    part = request.POST.get("part", "days")
    kind, act = PARTS.get(part, PARTS["days"])
    form = kind(request.POST, auto_id=f"{route.code}_%s")

    def change() -> Route:
        return act(route=route, by=request.user, at=clock.now(), **form.cleaned_data)

    done, status = attempt(change, form)
    if done is not None:
        messages.success(request, f"已保存：{done}。已发出的通知书期限不变。")
        return redirect("findings:routes")
    return _page(request, bound={(route.code, part): form}, status=status)


def _page(
    request: SignedInRequest, *, bound: dict[tuple[str, str], forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    asked = [
        (route, [(part, (bound or {}).get((route.code, part)) or _form(route, part)) for part in PARTS])
        for route in queries.all_routes()
    ]
    return render(request, "findings/routes.html", {"routes": asked}, status=status)


def _form(route: Route, part: str) -> forms.Form:
    kind, _ = PARTS[part]
    form = kind(auto_id=f"{route.code}_%s")
    initial: dict[str, Any] = {name: getattr(route, name) for name in form.fields}
    form.initial = initial
    return form
