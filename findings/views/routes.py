from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from findings.actions import routes as actions
from findings.forms.notices import RouteForm
from findings.models import Route
from findings.queries import routes as queries
from people.asking import SignedInRequest

from .attempts import attempt


def routes(request: SignedInRequest) -> HttpResponse:
    """How many working days each way of putting right gives."""
    if request.method != "POST":
        return _page(request)
    route = queries.get(request.POST.get("code", ""))
    form = RouteForm(request.POST, auto_id=f"{route.code}_%s")

    def change() -> Route:
        days = form.cleaned_data["working_days"]
        return actions.change_days(route=route, working_days=days, by=request.user, at=clock.now())

    done, status = attempt(change, form)
    if done is not None:
        messages.success(request, f"已保存：{done}。已发出的通知书期限不变。")
        return redirect("findings:routes")
    return _page(request, bound={route.code: form}, status=status)


def _page(
    request: SignedInRequest, *, bound: dict[str, RouteForm] | None = None, status: int = 200
) -> HttpResponse:
    parts = [(route, (bound or {}).get(route.code) or _form(route)) for route in queries.all_routes()]
    return render(request, "findings/routes.html", {"parts": parts}, status=status)


def _form(route: Route) -> RouteForm:
    return RouteForm(initial={"working_days": route.working_days}, auto_id=f"{route.code}_%s")
