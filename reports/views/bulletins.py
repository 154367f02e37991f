"""Bulletins: list, order, page, moves, PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from conduct import clock, issuing
from conduct.errors import MovedMeanwhile, Refused
from conduct.shapes import Conflict, Crumb, Difference
from people.asking import SignedInRequest
from reports.actions import bulletins as actions
from reports.actions import orders
from reports.forms.bulletins import MoveForm, NarrativeForm, OrderForm
from reports.gather import drawing
from reports.models import Bulletin
from reports.queries import bulletins as query
from reports.queries import corrections, names, offices
from reports.queries import orders as runs
from reports.rules import periods

SAID = {
    "submit": "已送领导审签。",
    "send_back": "已退回修改。",
    "sign": "已签发，文号已取得。",
    "regather": "已按今天的情况重新取数，请核对。",
}


def bulletin_list(request: SignedInRequest) -> HttpResponse:
    """The bulletins the person may read, and the runs under way."""
    drafting = offices.drafted_for(request.user)
    context = {
        "listing": query.listing(user=request.user, request_get=request.GET),
        "jobs": [runs.view_of(run) for run in runs.unfinished(drafting)],
        "may_draft": bool(drafting),
    }
    return render(request, "reports/bulletin_list.html", context)


def bulletin_new(request: SignedInRequest) -> HttpResponse:
    """Order the bulletin of a period."""
    at = clock.now()
    last_week = periods.before(kind=periods.WEEKLY, day=clock.day_of(at))
    initial = {"kind": periods.WEEKLY, "first": last_week.first, "last": last_week.last}
    form = OrderForm(request.POST or None, offices=offices.drafted_for(request.user), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            run = orders.place(**form.order(), by=request.user, at=at)
            return redirect("reports:job", pk=run.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "reports/bulletin_new.html", {"form": form}, status=422 if form.errors else 200)


def bulletin_detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One bulletin: frozen facts, the text between, signatures; POST saves the text."""
    bulletin = query.get_for(request.user, pk)
    form = NarrativeForm(
        request.POST or None, initial={"narrative": bulletin.narrative, "version": bulletin.version}
    )
    conflict, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _save(bulletin, form, request)
                return redirect("reports:bulletin_detail", pk=pk)
            except MovedMeanwhile:
                conflict, status = _conflict(bulletin, form), 409
            except Refused as refusal:
                form.add_error(None, str(refusal))
    return _page(request, bulletin, form, conflict=conflict, status=status)


def bulletin_move(request: SignedInRequest, pk: UUID, move: str) -> HttpResponse:
    """One step of its life; a refusal is told on its page."""
    bulletin = query.get_for(request.user, pk)
    form = MoveForm(request.POST)
    if move not in SAID or not form.is_valid():
        raise Http404
    try:
        _carry_out(bulletin, move, form, request)
    except MovedMeanwhile:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, SAID[move])
    return redirect("reports:bulletin_detail", pk=pk)


def bulletin_pdf(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The bytes as issued; before that, the draft with its mark."""
    bulletin = query.get_for(request.user, pk)
    if bulletin.paper:
        content, name = issuing.pdf_of(bulletin.paper), bulletin.paper.number
    else:
        content, name = drawing.draw(drawing.frozen(drawing.draft_of(bulletin))).pdf, "草稿"
    response = HttpResponse(content, content_type="application/pdf")
    header = content_disposition_header(False, f"{bulletin.title}（{name}）.pdf")
    response.headers["Content-Disposition"] = header or "inline"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _save(bulletin: Bulletin, form: NarrativeForm, request: SignedInRequest) -> None:
    facts = form.cleaned_data
    actions.edit(
        bulletin=bulletin,
        narrative=facts["narrative"],
        expected=facts["version"],
        by=request.user,
        at=clock.now(),
    )
    messages.success(request, "情况说明已保存。")


def _carry_out(bulletin: Bulletin, move: str, form: MoveForm, request: SignedInRequest) -> None:
    facts = form.cleaned_data
    expected = facts["version"] or bulletin.version
    common: dict[str, Any] = {
        "bulletin": bulletin,
        "by": request.user,
        "at": clock.now(),
        "expected": expected,
    }
    match move:
        case "submit":
            actions.submit(**common)
        case "send_back":
            actions.send_back(**common, reason=facts["reason"])
        case "sign":
            actions.sign(**common)
        case "regather":
            actions.regather(**common)


def _conflict(bulletin: Bulletin, form: NarrativeForm) -> Conflict:
    theirs = query.fresh(bulletin)
    last = query.last_change(bulletin)
    # Once both texts have been compared, saving again is meant.
    form.data = dict(form.data.items()) | {"version": theirs.version}
    return Conflict(
        by=last.actor_name if last else "",
        at=last.at if last else bulletin.drafted_at,
        reload_url=query.url_of(bulletin),
        fields=[Difference("情况说明", theirs.narrative, form.cleaned_data["narrative"])],
    )


def _page(
    request: SignedInRequest,
    bulletin: Bulletin,
    form: NarrativeForm,
    *,
    conflict: Conflict | None,
    status: int,
) -> HttpResponse:
    paper = drawing.draft_of(bulletin)
    context = {
        "bulletin": bulletin,
        "period": query.period_of(bulletin),
        "paper": paper,
        "numbers": query.numbers_of(bulletin, paper),
        "categories": query.categories_of(bulletin, paper),
        "corrections": corrections.of_bulletin(bulletin),
        "left_out": query.left_out(bulletin),
        "standing": query.standing(bulletin),
        "signatures": query.signatures(bulletin),
        "moves": query.buttons(request.user, bulletin),
        "timeline": query.timeline(bulletin),
        "form": form if query.may_edit(request.user, bulletin) else None,
        "conflict": conflict,
        "names": names.seen_in(bulletin=bulletin, paper=paper),
        "crumbs": [Crumb("通报", query.list_url()), Crumb(bulletin.title)],
    }
    return render(request, "reports/bulletin_detail.html", context, status=status)
