from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock
from conduct.calendar import book as calendar
from conduct.errors import Refused
from conduct.shapes import MoveButton, Standing
from findings.actions import plans
from findings.actions import progress as reports
from findings.forms.plans import PROOF, DoneForm, PlanForms, ProgressForm
from findings.forms.statements import ReasonForm
from findings.models import Finding, RectificationPlan
from findings.moves import plan as table
from findings.queries import detail as queries
from findings.queries import plans as plan_queries
from findings.queries.standing import standing
from people import access
from people.asking import SignedInRequest
from people.roles import Permission as P

from .attempts import CONFLICT, attempt, refusal_of, today
from .detail import crumbs, show_file
from .looking import look

HERE = "整改方案"
SAID = {
    "hand_in": "整改方案已提交，等待督查办审核。",
    "approve": "已同意整改方案。",
    "send_back": "已退回整改方案，单位修改后再提交。",
}


def plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The plan with its checklist, and what this person may do with it."""
    return _page(request, pk)


def plan_edit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write the plan, saved as often as one likes."""
    finding = queries.get_for(request.user, pk)
    row = plan_queries.plan_for(finding)
    typed = PlanForms(row, plan_queries.items_of(row), request.POST or None)
    closed = refusal_of(lambda: plans.require_open(plan=row, by=request.user))
    if closed and request.method != "POST":
        messages.error(request, closed)
        return redirect("findings:plan", pk=pk)
    is_sent = request.method == "POST"
    forms_read = typed.all if not is_sent or typed.is_whole() else [typed.plan]
    done, status = attempt(lambda: _save(request, row, typed), *forms_read, is_sent=is_sent)
    if done is not None:
        messages.success(request, "整改方案已保存，可以随时接着写。单位主要负责人提交后，督查办才能看到。")
        return redirect("findings:plan", pk=pk)
    if status == CONFLICT:
        typed.renew(plan_queries.plan_for(finding))
    look(request, finding)
    context = {"finding": finding, "plan": row, "forms": typed, "standing": _standing(finding, row)}
    context["crumbs"] = crumbs(request.user, finding, HERE)
    return render(request, "findings/plan_edit.html", context, status=status)


def plan_move(request: SignedInRequest, pk: UUID, move: str) -> HttpResponse:
    """Hand the plan in, agree to it, or return it with reasons."""
    if move not in SAID:
        raise Http404
    row = plan_queries.plan_for(queries.get_for(request.user, pk))
    form = ReasonForm(request.POST, label="审核意见", auto_id=f"{move}_%s")
    form.fields["reason"].required = move != "hand_in"
    done, status = attempt(lambda: _step(request, row, move, form), form)
    if done is None:
        return _page(request, pk, bound={move: form}, status=status)
    messages.success(request, SAID[move])
    return redirect("findings:plan", pk=pk)


def item_done(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Tick a measure off with its proof."""
    item = plan_queries.item_for(request.user, pk)
    closed = refusal_of(lambda: plans.require_completer(plan=item.plan, by=request.user))
    if closed and request.method != "POST":
        messages.error(request, closed)
        return redirect("findings:plan", pk=item.plan.finding_id)
    form = DoneForm(request.POST or None, initial={"done_on": item.done_on or today()})

    def complete() -> object:
        upload = request.FILES.get("files")
        if upload is None:
            raise Refused("请选择一件能证明措施已完成的材料，再登记。")
        day = form.cleaned_data["done_on"]
        return plans.complete(item=item, done_on=day, upload=upload, by=request.user, at=clock.now())

    done, status = attempt(complete, form, is_sent=request.method == "POST")
    if done is not None:
        messages.success(request, f"第 {item.ordinal} 条措施已登记完成。")
        return redirect("findings:plan", pk=item.plan.finding_id)
    look(request, item.plan.finding)
    context = {"item": item, "finding": item.plan.finding, "form": form, "upload": PROOF}
    context["crumbs"] = crumbs(request.user, item.plan.finding, HERE)
    return render(request, "findings/item_done.html", context, status=status)


def item_attachment(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The proof of a measure."""
    item = plan_queries.item_for(request.user, pk)
    if item.file is None:
        raise Http404
    return show_file(request, item.file, item.plan.finding)


def progress(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The progress reports so far; for the unit, the next one."""
    finding = queries.get_for(request.user, pk)
    form = ProgressForm(request.POST or None)
    done, status = attempt(
        lambda: reports.report(finding=finding, by=request.user, at=clock.now(), **form.cleaned_data),
        form,
        is_sent=request.method == "POST",
    )
    if done is not None:
        messages.success(request, f"第 {done.number} 次进度报告已提交。")
        return redirect("findings:progress", pk=pk)
    look(request, finding)
    context = {
        "finding": finding,
        "form": form,
        "reports": plan_queries.progress_of(finding),
        "may_write": access.may(request.user, P.RECTIFICATION_DRAFT, unit=finding.unit),
        "standing": _standing(finding, plan_queries.plan_of(finding)),
        "crumbs": crumbs(request.user, finding, "进度报告"),
    }
    if context["may_write"] and request.method != "POST":
        context["closed"] = refusal_of(lambda: _require_reporter(request, finding))
    return render(request, "findings/progress.html", context, status=status)


def _require_reporter(request: SignedInRequest, finding: Finding) -> None:
    reports.require_reporter(finding=finding, by=request.user, today=today())


def _save(request: SignedInRequest, row: RectificationPlan, typed: PlanForms) -> RectificationPlan:
    return plans.write(
        plan=row,
        approach=typed.plan.cleaned_data["approach"],
        items=typed.items(),
        expected=typed.plan.cleaned_data["version"],
        by=request.user,
        at=clock.now(),
    )


def _step(request: SignedInRequest, row: RectificationPlan, move: str, form: forms.Form) -> RectificationPlan:
    by, at, reason = request.user, clock.now(), form.cleaned_data["reason"]
    seen = request.POST.get("version", "")
    if seen.isdecimal() and len(seen) < 10:
        row.version = int(seen)
    acts: dict[str, Callable[[], RectificationPlan]] = {
        "hand_in": lambda: plans.hand_in(plan=row, by=by, at=at),
        "approve": lambda: plans.approve(plan=row, by=by, at=at, reason=reason),
        "send_back": lambda: plans.send_back(plan=row, by=by, at=at, reason=reason),
    }
    return acts[move]()


def _page(
    request: SignedInRequest, pk: UUID, *, bound: Mapping[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    finding = queries.get_for(request.user, pk)
    row = plan_queries.plan_for(finding)
    is_shown = plan_queries.shows_plan(request.user, row)
    look(request, finding)
    context: dict[str, Any] = {
        "finding": finding,
        "plan": row,
        "is_shown": is_shown,
        "items": plan_queries.items_of(row) if is_shown else [],
        "may_edit": not _closed(lambda: plans.require_open(plan=row, by=request.user)),
        "may_complete": not _closed(lambda: plans.require_completer(plan=row, by=request.user)),
        "moves": _moves(request, row, bound or {}),
        "errors_of": next(iter((bound or {}).values()), None),
        "standing": _standing(finding, row),
        "crumbs": crumbs(request.user, finding, HERE),
    }
    return render(request, "findings/plan.html", context, status=status)


def _closed(check: Callable[[], None]) -> bool:
    """Whether the step is not this person's to make now."""
    try:
        check()
    except Refused:
        return True
    return False


def _moves(
    request: SignedInRequest, row: RectificationPlan, bound: Mapping[str, forms.Form]
) -> list[MoveButton]:
    url = {name: reverse("findings:plan_move", args=[row.finding_id, name]) for name in SAID}
    is_head = access.may(request.user, P.RECTIFICATION_SIGN, unit=row.finding.unit)
    if row.state in RectificationPlan.OWED and row.finding.state in plans.ANSWERING and is_head:
        hint = "提交后由督查办审核，审核期间不能修改。"
        return [MoveButton("hand_in", table.HAND_IN.label, url["hand_in"], is_primary=True, hint=hint)]
    if _closed(lambda: plans.require_judge(plan=row, by=request.user)):
        return []
    return [
        MoveButton(
            name,
            move.label,
            url[name],
            is_primary=not move.danger,
            is_danger=move.danger,
            form=bound.get(name) or ReasonForm(label="审核意见", auto_id=f"{name}_%s"),
            is_open=name in bound,
        )
        for name, move in (("approve", table.APPROVE), ("send_back", table.RETURN))
    ]


def _standing(finding: Finding, row: RectificationPlan | None) -> Standing:
    book, day = calendar.load(), today()
    more = plan_queries.terms(finding=finding, plan=row, today=day, book=book)
    return standing(finding=finding, today=day, book=book, more=more)
