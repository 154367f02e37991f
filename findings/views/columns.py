"""Which columns of the ledger a person wants to see."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock
from conduct.shapes import Crumb
from findings.queries import telling, wide
from findings.rules.ledger import ALWAYS, COLUMNS, FULL, USUAL, chosen
from people.actions import pages
from people.asking import SignedInRequest

PRESETS = {"usual": None, "full": list(FULL), "all": [column.key for column in COLUMNS]}


def columns(request: SignedInRequest) -> HttpResponse:
    """Tick the columns of the ledger; they stay until they are changed, in this list wherever one comes from."""
    query = QueryDict(request.GET.urlencode(), mutable=True)
    query.pop("columns", None)
    back = f"{reverse('findings:list')}?{query.urlencode()}"
    if request.method == "POST":
        preset = request.POST.get("preset", "")
        setting = PRESETS[preset] if preset in PRESETS else list(chosen(request.POST.getlist("column")))
        pages.keep(
            page=wide.PAGE, label="选择台账的列", setting=setting or None, by=request.user, at=clock.now()
        )
        messages.success(request, "台账的列已按您的选择显示，只对您自己生效。")
        return redirect(back)
    shown = wide.columns_for(request.user, QueryDict())
    context = {
        "columns": [(column, column.key in shown, column.key == ALWAYS) for column in COLUMNS],
        "is_usual": shown == USUAL,
        "crumbs": [Crumb(telling.ledger_name(request.user), back), Crumb("选择列")],
    }
    return render(request, "findings/columns.html", context)
