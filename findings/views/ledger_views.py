"""Lists with a name: saved, opened, handed on as a link, dropped."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock
from conduct.shapes import Crumb
from findings.actions import ledger_views as actions
from findings.forms.filters import FilterForm
from findings.forms.ledger import ViewForm
from findings.models import LedgerView
from findings.queries import ledger_views as query
from findings.queries import telling, wide
from findings.rules.ledger import BY_KEY
from people.asking import SignedInRequest

from .attempts import attempt


def views(request: SignedInRequest) -> HttpResponse:
    """The person's views, and the present list to be kept as one."""
    is_sent = request.method == "POST"
    form = ViewForm(request.POST if is_sent else None)
    kept, status = attempt(lambda: _keep(request, form), form, is_sent=is_sent)
    if kept:
        messages.success(request, f"已保存视图“{kept.name}”。")
        return redirect("findings:views")
    filters = FilterForm(request.GET, user=request.user)
    chips = filters.chips(request.GET)
    context = {
        "form": form,
        "told": "；".join(f"{chip.label}：{chip.value}" for chip in chips) or "全部",
        "query": request.GET.urlencode(),
        "views": [(view, _link(request, view.pk), query.address(view)) for view in query.own(request.user)],
        "crumbs": [Crumb(telling.ledger_name(request.user), reverse("findings:list")), Crumb("视图")],
    }
    return render(request, "findings/views.html", context, status=status)


def view(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What the link leads to, before whoever was given it opens the list as they see it themselves."""
    found = query.get_for(request.user, pk)
    crumbs = [Crumb(telling.ledger_name(request.user), reverse("findings:list")), Crumb("视图")]
    columns = "、".join(BY_KEY[key].label for key in found.columns if key in BY_KEY)
    context = {"view": found, "columns": columns, "address": query.address(found), "crumbs": crumbs}
    return render(request, "findings/view.html", context)


def view_drop(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Drop one's own."""
    found = query.get_own(request.user, pk)
    actions.drop(view=found, by=request.user, at=clock.now())
    messages.success(request, f"已删除视图“{found.name}”。")
    return redirect("findings:views")


def _keep(request: SignedInRequest, form: ViewForm) -> LedgerView:
    return actions.keep(
        name=form.cleaned_data["name"],
        query_text=request.GET.urlencode(),
        columns=list(wide.columns_for(request.user, request.GET)),
        is_shared=form.cleaned_data["is_shared"],
        by=request.user,
        at=clock.now(),
    )


def _link(request: SignedInRequest, pk: UUID) -> str:
    return request.build_absolute_uri(reverse("findings:view", args=[pk]))
