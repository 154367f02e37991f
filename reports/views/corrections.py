"""Corrections of issued papers: the office's list, page, moves, PDF, and what the corrected paper's page shows."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from conduct import clock, issuing
from conduct.calendar import book as calendar
from conduct.errors import MovedMeanwhile, Refused
from conduct.shapes import Crumb
from people import access
from people.asking import SignedInRequest
from people.roles import Permission
from reports.actions import corrections as actions
from reports.forms.bulletins import MoveForm
from reports.forms.corrections import CorrectionForm
from reports.gather import correction as gather
from reports.models import Correction
from reports.queries import corrections as query

SAID = {
    "sign": "更正通知已签发，文号已取得，已送达单位。",
    "hold": "已暂缓更正，仍列在待更正里。",
    "resume": "已恢复办理。",
}


def correction_list(request: SignedInRequest) -> HttpResponse:
    """What the office has to correct, and what it has corrected."""
    context = {"listed": query.listed(request.user), "today": clock.day_of(clock.now())}
    return render(request, "reports/correction_list.html", context)


def correction_detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One correction: which paper, what is said; POST saves the words."""
    row = query.get_for(request.user, pk)
    is_sent = request.method == "POST"
    form = CorrectionForm(request.POST if is_sent else None, correction=row)
    status = 200
    if is_sent:
        status = 422
        if form.is_valid():
            try:
                actions.write(correction=row, **form.texts(), by=request.user, at=clock.now())
                messages.success(request, "更正通知文稿已保存。")
                return redirect("reports:correction_detail", pk=pk)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409 if isinstance(refusal, MovedMeanwhile) else 422
    return _page(request, row, form, status=status)


def correction_move(request: SignedInRequest, pk: UUID, move: str) -> HttpResponse:
    """One step of its life; a refusal is told on its page."""
    row = query.get_for(request.user, pk)
    form = MoveForm(request.POST)
    if move not in SAID or not form.is_valid():
        raise Http404
    try:
        _carry_out(row, move, form, request)
    except MovedMeanwhile:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, SAID[move])
    return redirect("reports:correction_detail", pk=pk)


def correction_pdf(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The bytes as issued; before that, the draft with its mark."""
    row = query.get_for(request.user, pk)
    if row.paper:
        content, name = issuing.pdf_of(row.paper), row.paper.number
    else:
        content, name = gather.draw(gather.frozen(gather.draft_of(row, house=query.house()))).pdf, "草稿"
    response = HttpResponse(content, content_type="application/pdf")
    header = content_disposition_header(False, f"更正通知（{name}）.pdf")
    response.headers["Content-Disposition"] = header or "inline"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def of_notice(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What was corrected in a notice, as a part of its page, or by itself."""
    context = {"corrections": query.of_notice(request.user, pk)}
    name = "_corrected" if request.headers.get("HX-Request") else "corrected"
    return render(request, f"reports/{name}.html", context)


def _carry_out(row: Correction, move: str, form: MoveForm, request: SignedInRequest) -> None:
    facts, at = form.cleaned_data, clock.now()
    match move:
        case "sign":
            actions.sign(correction=row, by=request.user, at=at, expected=facts["version"] or row.version)
        case "hold":
            actions.hold(correction=row, reason=facts["reason"], by=request.user, at=at)
        case "resume":
            actions.resume(correction=row, by=request.user, at=at)


def _page(request: SignedInRequest, row: Correction, form: CorrectionForm, *, status: int) -> HttpResponse:
    may_list = access.may(request.user, Permission.BULLETIN_DRAFT, unit=row.unit)
    context = {
        "correction": row,
        "is_office": access.may(request.user, Permission.BULLETIN_VIEW, unit=row.unit),
        "facts": query.facts(request.user, row),
        "standing": query.standing(row, today=clock.day_of(clock.now()), book=calendar.load()),
        "form": form if query.may_write(request.user, row) else None,
        "moves": query.buttons(request.user, row),
        "timeline": query.timeline(row),
        "crumbs": [*([Crumb("待更正", query.list_url())] if may_list else []), Crumb(str(row))],
    }
    return render(request, "reports/correction_detail.html", context, status=status)
