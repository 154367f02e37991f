"""The ledger as a workbook: asked for, watched, and taken away by whoever asked."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, files, reads, sheets
from conduct.errors import Refused
from conduct.shapes import Crumb
from findings.actions import ledger_exports as actions
from findings.forms.filters import FilterForm
from findings.queries import ledger_exports as query
from findings.queries import telling, wide
from findings.rules.ledger import COLUMNS, FULL
from people.asking import SignedInRequest

LABEL = "导出问题台账"


def exports(request: SignedInRequest) -> HttpResponse:
    """What would be exported, the columns to choose, and the person's last exports."""
    form, at = FilterForm(request.GET, user=request.user), clock.now()
    name = telling.ledger_name(request.user)
    told = "；".join(f"{chip.label}：{chip.value}" for chip in form.chips(request.GET)) or "全部"
    query_text = request.GET.urlencode()
    if request.method == "POST":
        try:
            export = actions.ask(
                title=name,
                query_text=query_text,
                told=told,
                columns=_columns(request),
                by=request.user,
                at=at,
            )
            return redirect("findings:export", pk=export.pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
    context = {
        "told": told,
        "form": form,
        "query": query_text,
        "latest": query.latest(request.user, at=at),
        "crumbs": [Crumb(name, f"{reverse('findings:list')}?{query_text}"), Crumb("导出 XLSX")],
    }
    return render(request, "findings/exports.html", context)


def export(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """How far one of them is; only the moving part when the page asks again."""
    found = query.shown(query.get_for(request.user, pk), at=clock.now())
    is_part = bool(request.headers.get("HX-Request"))
    back = f"{reverse('findings:exports')}?{found.export.query}"
    crumbs = [Crumb(telling.ledger_name(request.user), reverse("findings:list")), Crumb("导出 XLSX", back)]
    template = "findings/_export.html" if is_part else "findings/export.html"
    return render(request, template, {"shown": found, "job": found.job, "crumbs": [*crumbs, Crumb("进度")]})


def export_xlsx(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The file, to its owner alone; taking it away is written down each time."""
    found, at = query.get_for(request.user, pk), clock.now()
    try:
        actions.check_to_hand_out(export=found, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("findings:export", pk=pk)
    reads.export(at=at, by=request.user, subject=found, label=LABEL)
    day = clock.day_of(found.asked_at).isoformat()
    return sheets.hand_out_file(files.made_path(found.sha256), filename=f"{found.title}-{day}.xlsx")


def _columns(request: SignedInRequest) -> list[str]:
    asked = request.POST.get("columns", "")
    if asked == "all":
        return [column.key for column in COLUMNS]
    return list(wide.columns_for(request.user, request.GET) if asked == "shown" else FULL)
