from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from conduct.paging import BOUND, keyset
from findings.actions import leads as actions
from findings.forms.statements import ReasonForm
from findings.models import LeadMark
from findings.queries import detail as queries
from findings.queries import leads
from people.asking import SignedInRequest

from .attempts import attempt
from .detail import crumbs
from .looking import look


def lead(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The mark on a finding, or the form to make one."""
    finding = queries.get_for(request.user, pk)
    form = ReasonForm(request.POST or None, label="疑点和依据")

    def mark() -> LeadMark:
        basis = form.cleaned_data["reason"]
        return actions.mark(finding=finding, basis=basis, by=request.user, at=clock.now())

    done, status = attempt(mark, form, is_sent=request.method == "POST")
    if done is not None:
        messages.success(request, "已标记为问题线索。问题照常办理，单位和经办看不到这项标记。")
        return redirect("findings:lead", pk=pk)
    look(request, finding)
    shown = leads.of(request.user, finding)
    if shown:
        actions.note_look(lead=shown.row, by=request.user, at=clock.now())
    context = {
        "finding": finding,
        "form": form,
        "shown": shown,
        "crumbs": crumbs(request.user, finding, "问题线索"),
    }
    return render(request, "findings/lead.html", context, status=status)


def lead_list(request: SignedInRequest) -> HttpResponse:
    """Every mark the person may read, the newest first."""
    page = keyset(
        leads.listed(request.user),
        order=("-marked_at", "id"),
        request_get=request.GET,
        bound=BOUND,
        noun="条线索",
    )
    for row in page.rows:
        actions.note_look(lead=row, by=request.user, at=clock.now())
    return render(request, "findings/lead_list.html", {"page": page})
