from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from findings.actions import statements
from findings.forms.statements import HearingForm, StatementForm
from findings.queries import detail as queries
from people.asking import SignedInRequest

from .attempts import TYPED_WRONG, attempt, today
from .detail import crumbs


def ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask the unit for its statement."""
    finding = queries.get_for(request.user, pk)
    statements.ask(finding=finding, by=request.user, at=clock.now())
    messages.success(request, "已请单位陈述，单位可以看到问题事实并在线提交陈述。")
    return redirect("findings:detail", pk=pk)


def statement(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The unit reads what is held against it and says what it has to say."""
    finding = queries.get_for(request.user, pk)
    form, status = StatementForm(request.POST or None), 200
    if request.method == "POST":
        status = TYPED_WRONG
        if form.is_valid():
            done, status = attempt(
                form,
                lambda: statements.file(
                    finding=finding, by=request.user, at=clock.now(), **form.cleaned_data
                ),
            )
            if done is not None:
                messages.success(request, "陈述已提交，督查办认定前会认真核对。")
                return redirect("findings:detail", pk=pk)
    context = {
        "finding": finding,
        "form": form,
        "photos": queries.evidence_photos(request.user, finding),
        "statements": queries.statements_of(finding),
        "crumbs": crumbs(finding, "提交陈述"),
    }
    return render(request, "findings/statement.html", context, status=status)


def hear(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The office notes what it heard."""
    finding = queries.get_for(request.user, pk)
    form, status = HearingForm(request.POST or None, initial={"heard_on": today()}), 200
    if request.method == "POST":
        status = TYPED_WRONG
        if form.is_valid():
            done, status = attempt(
                form,
                lambda: statements.enter(
                    finding=finding, by=request.user, at=clock.now(), **form.cleaned_data
                ),
            )
            if done is not None:
                messages.success(request, "已记录单位陈述。")
                return redirect("findings:detail", pk=pk)
    context = {
        "finding": finding,
        "form": form,
        "statements": queries.statements_of(finding),
        "crumbs": crumbs(finding, "记录单位陈述"),
    }
    return render(request, "findings/hear.html", context, status=status)
