from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from findings.actions import statements
from findings.forms.statements import HearingForm, StatementForm
from findings.models import Finding
from findings.queries import detail as queries
from people.asking import SignedInRequest

from .attempts import attempt, refusal_of, today
from .detail import crumbs
from .looking import look


def ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask the unit for its statement."""
    finding = queries.get_for(request.user, pk)
    statements.ask(finding=finding, by=request.user, at=clock.now())
    messages.success(request, "已请单位陈述，单位可以看到问题事实并在线提交陈述。")
    return redirect("findings:detail", pk=pk)


def statement(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The unit reads what is held against it and says what it has to say."""
    finding = queries.get_for(request.user, pk)
    form = StatementForm(request.POST or None)
    closed = refusal_of(lambda: statements.require_open(finding=finding, by=request.user))
    if closed and request.method != "POST":
        messages.error(request, closed)
        return redirect("findings:detail", pk=pk)
    done, status = attempt(
        lambda: statements.file(finding=finding, by=request.user, at=clock.now(), **form.cleaned_data),
        form,
        is_sent=request.method == "POST",
    )
    if done is not None:
        messages.success(request, "陈述已提交，督查办认定前会认真核对。")
        return redirect("findings:detail", pk=pk)
    context = _context(request, finding, form, "提交陈述")
    context["photos"] = queries.evidence_photos(request.user, finding)
    context["is_late"] = finding.statement_due_on is not None and finding.statement_due_on < today()
    return render(request, "findings/statement.html", context, status=status)


def hear(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The office notes what it heard."""
    finding = queries.get_for(request.user, pk)
    form = HearingForm(request.POST or None, initial={"heard_on": today()})
    done, status = attempt(
        lambda: statements.enter(finding=finding, by=request.user, at=clock.now(), **form.cleaned_data),
        form,
        is_sent=request.method == "POST",
    )
    if done is not None:
        messages.success(request, "已记录单位陈述。")
        return redirect("findings:detail", pk=pk)
    return render(
        request, "findings/hear.html", _context(request, finding, form, "记录单位陈述"), status=status
    )


def _context(request: SignedInRequest, finding: Finding, form: forms.Form, here: str) -> dict[str, Any]:
    look(request, finding)
    said = queries.statements_of(finding)
    way = crumbs(request.user, finding, here)
    return {"finding": finding, "form": form, "statements": said, "crumbs": way}
