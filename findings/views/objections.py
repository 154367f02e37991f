from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from conduct import clock
from conduct.calendar import book as calendar
from conduct.dates import cn_date
from findings.actions import objections
from findings.forms.objections import UPLOAD, ObjectionDecisionForm, ObjectionForm
from findings.models import Objection
from findings.queries import detail as queries
from findings.queries import objections as query
from people import access
from people.asking import SignedInRequest
from people.roles import Permission as P

from .attempts import attempt, bar_to, refusal_of
from .detail import crumbs, show_file
from .looking import look


def file(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The head objects to the finding."""
    finding, at = queries.get_for(request.user, pk), clock.now()
    form = ObjectionForm(request.POST or None)
    barred = refusal_of(lambda: objections.require_open(finding=finding, by=request.user, at=at))
    if barred and request.method != "POST":
        messages.error(request, barred)
        return redirect("findings:detail", pk=pk)
    uploads = request.FILES.getlist("files")
    done, status = attempt(
        lambda: objections.file(
            finding=finding, uploads=uploads, by=request.user, at=at, **form.cleaned_data
        ),
        form,
        is_sent=request.method == "POST",
    )
    if done is not None:
        stopped = "答复以前，整改期限暂停计时。" if done.pauses else "整改期限照常计算。"
        messages.success(request, f"异议已提交，督查办将在{cn_date(done.decide_by)}以前答复。{stopped}")
        return redirect("findings:detail", pk=pk)
    look(request, finding)
    context = {
        "finding": finding,
        "form": form,
        "upload": UPLOAD,
        "right": query.right_of(finding, book=calendar.load()),
        "earlier": query.of_finding(finding, for_unit=True),
        "crumbs": crumbs(request.user, finding, "提出异议"),
    }
    return render(request, "findings/objection_file.html", context, status=status)


def decide(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Somebody without a part in the finding reads the objection and answers it; the unit reads the answer."""
    row = query.get_for(request.user, pk)
    is_sent = request.method == "POST"
    form = ObjectionDecisionForm(request.POST if is_sent else None, initial={"facts": row.finding.facts})
    done, status = attempt(lambda: _decided(request, row, form), form, is_sent=is_sent)
    if done is not None:
        messages.success(request, f"已答复：{done.get_state_display()}。答复理由已送达单位。")
        return redirect("findings:detail", pk=row.finding_id)
    look(request, row.finding)
    barred = bar_to(lambda: objections.require_decider(objection=row, by=request.user))
    context = {
        "row": row,
        "finding": row.finding,
        "files": list(row.files.select_related("file")),
        "photos": queries.evidence_photos(request.user, row.finding),
        "form": form,
        "barred": "" if is_sent else barred,
        "is_reader": not access.may(request.user, P.OBJECTION_DECIDE, unit=row.finding.unit),
        "crumbs": crumbs(request.user, row.finding, "异议"),
    }
    return render(request, "findings/objection_decide.html", context, status=status)


def evidence(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """What the unit handed in with its objection."""
    row = query.file_for(request.user, pk)
    return show_file(request, row.file, row.objection.finding)


def _decided(request: SignedInRequest, row: Objection, form: ObjectionDecisionForm) -> Objection:
    values, verdict = form.cleaned_data, request.POST.get("verdict", "")
    facts = {"objection": row, "reason": values["reason"], "by": request.user, "at": clock.now()}
    if verdict == "uphold":
        return objections.uphold(**facts)
    if verdict == "partly":
        return objections.uphold_partly(facts=values["facts"], **facts)
    return objections.reject(**facts)
