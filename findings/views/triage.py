from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from findings.actions import acceptances, findings
from findings.forms.particulars import ParticularsForm, initial_of
from findings.forms.statements import PartlyForm, ReasonForm
from findings.models import Finding
from findings.queries import detail as queries
from findings.queries import recurrence
from people.asking import SignedInRequest

from .attempts import CONFLICT, attempt, hold_to_seen, seen_version, typed_over
from .detail import crumbs, page
from .looking import look

STEPS: dict[str, tuple[Callable[..., Finding], str]] = {
    "start_verifying": (findings.start_verifying, "已开始核实。"),
    "confirm": (findings.confirm, "已认定属实。"),
    "confirm_partly": (findings.confirm_partly, "已认定部分属实。"),
    "dismiss": (findings.dismiss, "已认定不属实，此事了结。"),
    "close": (acceptances.close, "已销号。"),
}


def move(request: SignedInRequest, pk: UUID, move: str) -> HttpResponse:
    """One step of a finding that needs no page of its own."""
    if move not in STEPS:
        raise Http404
    action, words = STEPS[move]
    finding = queries.get_for(request.user, pk)
    form = _asked(request, move)

    def step() -> Finding:
        hold_to_seen(request, finding)
        return action(finding=finding, by=request.user, at=clock.now(), **form.cleaned_data)

    done, status = attempt(step, form)
    if done is None:
        return page(request, pk, bound={move: form}, status=status)
    messages.success(request, words)
    return redirect("findings:detail", pk=pk)


def _asked(request: SignedInRequest, move: str) -> forms.Form:
    """What was typed with the move."""
    ids = f"{move}_%s"
    if move == "confirm_partly":
        return PartlyForm(request.POST, auto_id=ids)
    form = ReasonForm(request.POST, auto_id=ids)
    form.fields["reason"].required = move in ("confirm", "dismiss")
    return form


def triage(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put in words, classify and grade a finding."""
    finding = queries.get_for(request.user, pk)
    form = ParticularsForm(
        request.POST or None, taxonomy=finding.category.taxonomy, initial=initial_of(finding)
    )

    def save() -> Finding:
        expected = seen_version(request, finding)
        words = form.particulars()
        return findings.amend(
            finding=finding, particulars=words, expected=expected, by=request.user, at=clock.now()
        )

    done, status = attempt(save, form, is_sent=request.method == "POST")
    if done is None:
        return _triage_page(request, pk, form, status)
    messages.success(request, "已保存研判内容。")
    return redirect("findings:detail", pk=pk)


def _triage_page(request: SignedInRequest, pk: UUID, form: ParticularsForm, status: int) -> HttpResponse:
    finding = queries.get_for(request.user, pk)
    # After a conflict the form is sent again against what the other person saved, which stands beside it.
    is_conflict = status == CONFLICT
    observations = queries.observations_of(finding)
    look(request, finding, seen=observations)
    context = {
        "finding": finding,
        "form": form,
        "version": finding.version if is_conflict else seen_version(request, finding),
        "conflict": typed_over(finding, form, "triage") if is_conflict else None,
        "observations": observations,
        "recurrence": recurrence.before(request.user, finding),
        "crumbs": crumbs(request.user, finding, "研判"),
    }
    return render(request, "findings/triage.html", context, status=status)
