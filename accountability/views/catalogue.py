from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accountability.actions import catalogue as actions
from accountability.forms.catalogue import MonthsForm
from accountability.models import Catalogue, MeasureKind
from accountability.queries import catalogue as queries
from conduct import clock
from conduct.shapes import Crumb
from findings.views.attempts import attempt
from people import access
from people.asking import SignedInRequest
from people.roles import Permission

from .register import REGISTER


def catalogue(request: SignedInRequest) -> HttpResponse:
    """The measures there are, with their rule and period; a local period can be changed by a further version."""
    if request.method != "POST":
        return _page(request)
    kind = queries.get(request.POST.get("code", ""))
    form = MonthsForm(request.POST, auto_id=f"{kind.code}_%s")

    def change() -> Catalogue:
        return actions.change_months(code=kind.code, by=request.user, at=clock.now(), **form.cleaned_data)

    done, status = attempt(change, form)
    if done is not None:
        messages.success(request, f"已发布第{done.version}版目录。以前的登记按原目录计算，不变。")
        return redirect("accountability:catalogue")
    return _page(request, bound={kind.code: form}, status=status)


def _page(
    request: SignedInRequest, *, bound: dict[str, MonthsForm] | None = None, status: int = 200
) -> HttpResponse:
    rows = queries.kinds()
    may_edit = access.holds(request.user, Permission.STANDARDS_EDIT)
    context = {
        "catalogue": queries.current(),
        "groups": [
            (category, [(row, queries.period_in_words(row)) for row in some])
            for category, some in queries.by_category(rows)
        ],
        "forms": [
            (row, (bound or {}).get(row.code) or _form(row))
            for row in rows
            if may_edit and row.is_configurable
        ],
        "crumbs": [Crumb(REGISTER, reverse("accountability:list")), Crumb("处理措施目录")],
    }
    return render(request, "accountability/catalogue.html", context, status=status)


def _form(kind: MeasureKind) -> MonthsForm:
    return MonthsForm(initial={"months": kind.months or 0}, auto_id=f"{kind.code}_%s")
