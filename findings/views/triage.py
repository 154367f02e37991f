from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock
from conduct.shapes import Crumb
from findings.actions import acceptances, findings, shaping
from findings.forms.particulars import ParticularsForm, initial_of
from findings.forms.statements import ReasonForm
from findings.models import Finding
from findings.queries import conflicts, proposals
from findings.queries import detail as queries
from people.asking import SignedInRequest

from .attempts import CONFLICT, TYPED_WRONG, attempt, hold_to_seen
from .detail import crumbs, page
from .worklist import uuids

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
    form = ReasonForm(request.POST, auto_id=f"{move}_%s")
    form.fields["reason"].required = move in ("confirm", "confirm_partly", "dismiss")
    if not form.is_valid():
        return page(request, pk, bound={move: form}, status=TYPED_WRONG)

    def step() -> Finding:
        hold_to_seen(request, finding)
        return action(finding=finding, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"])

    done, status = attempt(form, step)
    if done is None:
        return page(request, pk, bound={move: form}, status=status)
    messages.success(request, words)
    return redirect("findings:detail", pk=pk)


def triage(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put in words, classify and grade a finding."""
    finding = queries.get_for(request.user, pk)
    version = _version(request, finding)
    form = ParticularsForm(
        request.POST or None, taxonomy=finding.category.taxonomy, initial=initial_of(finding)
    )
    status, conflict = 200, None
    if request.method == "POST":
        status = TYPED_WRONG
        if form.is_valid():
            done, status = attempt(
                form,
                lambda: findings.amend(
                    finding=finding,
                    particulars=form.particulars(),
                    expected=version,
                    by=request.user,
                    at=clock.now(),
                ),
            )
            if done is not None:
                messages.success(request, "已保存研判内容。")
                return redirect("findings:detail", pk=pk)
        if status == CONFLICT:
            finding = queries.get_for(request.user, pk)
            conflict, version = _conflict(finding, form), finding.version
    context = {
        "finding": finding,
        "form": form,
        "version": version,
        "conflict": conflict,
        "observations": queries.observations_of(finding),
        "crumbs": crumbs(finding, "研判"),
    }
    return render(request, "findings/triage.html", context, status=status)


def split(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Make two findings of one."""
    finding = queries.get_for(request.user, pk)
    seen = queries.observations_of(finding)
    chosen = set(uuids(request.POST.getlist("observation")))
    taxonomy = finding.category.taxonomy
    kept = ParticularsForm(
        request.POST or None, prefix="kept", taxonomy=taxonomy, initial=initial_of(finding)
    )
    start = proposals.of_part(seen[-1]) | {"grade": finding.grade} if seen else {}
    parted = ParticularsForm(request.POST or None, prefix="parted", taxonomy=taxonomy, initial=start)
    version, status = _version(request, finding), 200
    if request.method == "POST":
        status = TYPED_WRONG
        if all([kept.is_valid(), parted.is_valid()]):
            new, status = attempt(
                kept,
                lambda: shaping.split(
                    finding=finding,
                    observations=[row for row in seen if row.pk in chosen],
                    kept=kept.particulars(),
                    parted=parted.particulars(),
                    expected=version,
                    by=request.user,
                    at=clock.now(),
                ),
            )
            if new is not None:
                messages.success(request, "已拆分。下面是新列出的问题。")
                return redirect("findings:detail", pk=new.pk)
    context = {
        "finding": finding,
        "observations": seen,
        "chosen": chosen,
        "kept": kept,
        "parted": parted,
        "version": version,
        "crumbs": crumbs(finding, "拆分"),
    }
    return render(request, "findings/split.html", context, status=status)


def merge(request: SignedInRequest) -> HttpResponse:
    """Make one finding of several."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = queries.several_for(request.user, uuids(asked.getlist("finding")))
    if len(chosen) < 2:
        messages.error(request, "请至少选择两个尚未交办的问题，再合并。")
        return redirect("findings:list")
    into, others = chosen[0], chosen[1:]
    form = ParticularsForm(
        request.POST or None, taxonomy=into.category.taxonomy, initial=proposals.of_findings(chosen)
    )
    status = 200
    if request.method == "POST":
        status = TYPED_WRONG
        if form.is_valid():
            done, status = attempt(
                form,
                lambda: shaping.merge(
                    into=into, others=others, particulars=form.particulars(), by=request.user, at=clock.now()
                ),
            )
            if done is not None:
                messages.success(request, f"已把 {len(others)} 个问题并入本问题。")
                return redirect("findings:detail", pk=done.pk)
    context: dict[str, Any] = {
        "form": form,
        "chosen": chosen,
        "crumbs": [Crumb("问题台账", reverse("findings:list")), Crumb("合并问题")],
    }
    return render(request, "findings/merge.html", context, status=status)


def _version(request: SignedInRequest, finding: Finding) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else finding.version


def _conflict(finding: Finding, form: ParticularsForm) -> object:
    theirs = initial_of(finding)
    names = ("title", "facts", "department", "place", "person_post")
    return conflicts.conflict(
        subject=finding,
        reload_url=reverse("findings:triage", args=[finding.pk]),
        fields=[(str(form[name].label), str(theirs[name]), str(form.cleaned_data[name])) for name in names],
    )
