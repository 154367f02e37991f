from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from conduct.dates import cn_date
from findings.actions import extensions
from findings.forms.extensions import ExtensionDecisionForm, ExtensionForm
from findings.models import Extension
from findings.queries import detail as queries
from findings.queries import extensions as query
from people import access
from people.asking import SignedInRequest
from people.roles import Permission as P

from .attempts import attempt, bar_to, refusal_of
from .detail import crumbs
from .looking import look


def ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The head asks for a later deadline."""
    finding, at = queries.get_for(request.user, pk), clock.now()
    form = ExtensionForm(request.POST or None, initial={"until": query.a_week_on(finding)})
    barred = refusal_of(lambda: extensions.require_open(finding=finding, by=request.user, at=at))
    if barred and request.method != "POST":
        messages.error(request, barred)
        return redirect("findings:detail", pk=pk)
    done, status = attempt(
        lambda: extensions.ask(finding=finding, by=request.user, at=at, **form.cleaned_data),
        form,
        is_sent=request.method == "POST",
    )
    if done is not None:
        messages.success(
            request, f"延期申请已提交，督查办将在{cn_date(done.decide_by)}以前批复。批复以前，现期限不变。"
        )
        return redirect("findings:detail", pk=pk)
    look(request, finding)
    context = {
        "finding": finding,
        "form": form,
        "earlier": query.of_finding(finding, for_unit=True),
        "crumbs": crumbs(request.user, finding, "申请延期"),
    }
    return render(request, "findings/extension_ask.html", context, status=status)


def decide(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The office reads the wish and grants or refuses it; the unit reads what became of it."""
    wish = query.get_for(request.user, pk)
    is_sent = request.method == "POST"
    form = ExtensionDecisionForm(request.POST if is_sent else None, initial={"until": wish.asked_for})
    done, status = attempt(lambda: _decided(request, wish, form), form, is_sent=is_sent)
    if done is not None:
        messages.success(request, f"已批复：{done.get_state_display()}。")
        return redirect("findings:detail", pk=wish.finding_id)
    look(request, wish.finding)
    barred = bar_to(lambda: extensions.require_decider(extension=wish, by=request.user))
    context = {
        "wish": wish,
        "finding": wish.finding,
        "form": form,
        "barred": "" if is_sent else barred,
        "is_reader": not access.may(request.user, P.EXTENSION_GRANT, unit=wish.finding.unit),
        "crumbs": crumbs(request.user, wish.finding, "延期申请"),
    }
    return render(request, "findings/extension_decide.html", context, status=status)


def _decided(request: SignedInRequest, wish: Extension, form: ExtensionDecisionForm) -> Extension:
    facts = {"extension": wish, "reason": form.cleaned_data["reason"], "by": request.user, "at": clock.now()}
    if request.POST.get("verdict") != "grant":
        return extensions.refuse(**facts)
    return extensions.grant(until=form.cleaned_data["until"] or wish.asked_for, **facts)
