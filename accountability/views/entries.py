from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accountability.actions import measures as actions
from accountability.actions.measures import Trial
from accountability.forms.measures import (
    CorrectionForm,
    EntryForm,
    WithdrawForm,
    initial_of_correction,
    initial_values,
)
from accountability.models import Measure
from accountability.queries import measures
from accountability.queries import register as queries
from conduct import clock
from findings.models import Finding
from findings.views.attempts import attempt, refusal_of
from people.asking import SignedInRequest

from .looking import look
from .register import crumbs, page

TRY = "try"


def record(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record a decision because of a finding; tried first, it shows the period and what is to be looked at."""
    finding = queries.finding_for(request.user, pk)
    form = EntryForm(request.POST or None, request.FILES or None, initial=initial_values())

    def keep() -> Measure:
        key = form.cleaned_data["made_key"]
        return actions.record(
            finding=finding, entry=form.entry(), by=request.user, at=clock.now(), made_key=key
        )

    return _page(request, finding, form, keep, {"head": "登记责任追究", "button": "登记"})


def correct(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put another entry in the place of a wrong one."""
    measure = measures.get_for(request.user, pk)
    closed = refusal_of(lambda: actions.require_open(measure=measure, by=request.user))
    if closed and request.method != "POST":
        messages.error(request, closed)
        return redirect("accountability:detail", pk=pk)
    form = CorrectionForm(request.POST or None, request.FILES or None, initial=initial_of_correction(measure))

    def keep() -> Measure:
        given = {"why": form.cleaned_data["why"], "expected": form.cleaned_data["version"]}
        return actions.correct(measure=measure, entry=form.entry(), by=request.user, at=clock.now(), **given)

    words = {"head": f"更正登记：{measure.kind.name}", "button": "更正登记"}
    return _page(request, measure.finding, form, keep, words, measure=measure)


def withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say that an entry is wrong, and why."""
    measure = measures.get_for(request.user, pk)
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")
    done, status = attempt(
        lambda: actions.withdraw(
            measure=measure, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
        ),
        form,
    )
    if done is None:
        return page(request, measures.get_for(request.user, pk), bound=form, status=status)
    messages.success(request, "已撤销这条登记，理由已记录。原内容仍可查看。")
    return redirect("accountability:detail", pk=pk)


def _page(
    request: SignedInRequest,
    finding: Finding,
    form: EntryForm,
    keep: Callable[[], Measure],
    words: dict[str, str],
    *,
    measure: Measure | None = None,
) -> HttpResponse:
    is_sent, is_tried = request.method == "POST", request.POST.get("then") == TRY
    trial, status = attempt(lambda: _weighed(finding, form, measure), form, is_sent=is_sent)
    if is_sent and not is_tried and form.is_valid():
        done, status = attempt(keep, form)
        if done is not None:
            messages.success(request, f"已登记“{done.kind.name}”。{done.effect_how}")
            return redirect("accountability:detail", pk=done.pk)
    look(request, finding, [measure] if measure else [])
    context: dict[str, Any] = {
        **words,
        "finding": finding,
        "measure": measure,
        "form": form,
        "trial": trial,
        "had_file": bool(request.FILES),
        "crumbs": crumbs(finding, measure, words["button"]),
    }
    return render(request, "accountability/record.html", context, status=status)


def _weighed(finding: Finding, form: EntryForm, measure: Measure | None) -> Trial:
    return actions.weigh(finding=finding, entry=form.entry(), at=clock.now(), instead_of=measure)
