"""Visits to look at, and the moves on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from conduct import clock, reads
from conduct.errors import MovedMeanwhile, Refused
from inspections.actions import signing
from inspections.actions import visits as filing
from inspections.forms.filters import VisitFilter
from inspections.forms.parts import ReasonForm
from inspections.moves import visits as steps
from inspections.queries import listing, visit_page
from inspections.queries import visits as queries
from people.asking import SignedInRequest

ACTIONS: dict[str, Any] = {
    steps.REVIEW.name: signing.review,
    steps.SEND_BACK.name: signing.send_back,
    steps.LOCK.name: signing.lock,
    steps.ABORT.name: filing.abort,
}
DONE = {
    steps.REVIEW.name: "已复核，转督查办归档。",
    steps.SEND_BACK.name: "已退回补正，原签名作废，改好后须重新签名。",
    steps.LOCK.name: "已归档。今后只能添加更正记录。",
    steps.ABORT.name: "已中止这次检查。",
}
NEEDS_REASON = {move.name for move in steps.TABLE if move.needs_reason}
SAID_AS = {**dict.fromkeys(NEEDS_REASON, "reason"), steps.REVIEW.name: "opinion"}


def visit_list(request: SignedInRequest) -> HttpResponse:
    """The visits the person sees."""
    wanted = VisitFilter(request.GET, user=request.user)
    page = listing.visit_page_of(queries.listed(request.user, **wanted.narrowing()), request.GET)
    context = {
        "filter_form": wanted,
        "chips": wanted.chips(request.GET),
        "clear_url": request.path,
        "lines": page.rows,
        "pager": page.pager,
    }
    return render(request, "inspections/visit_list.html", context)


def visit_detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One visit."""
    return _page(request, pk)


def visit_move(request: SignedInRequest, pk: UUID, move: str) -> HttpResponse:
    """Make one of the moves of the table."""
    if move not in ACTIONS:
        raise Http404
    visit = queries.get_for(request.user, pk)
    form = ReasonForm(request.POST, required=move in NEEDS_REASON)
    if not form.is_valid():
        return _page(request, pk, refused=(move, form), status=422)
    words = {SAID_AS[move]: form.cleaned_data["reason"]} if move in SAID_AS else {}
    try:
        ACTIONS[move](visit=visit, by=request.user, at=clock.now(), **words)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        status = 409 if isinstance(refusal, MovedMeanwhile) else 422
        return _page(request, pk, refused=(move, form), status=status)
    messages.success(request, DONE[move])
    return redirect("inspections:visit_detail", pk=pk)


def visit_sign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Sign the record as it stood on the screen."""
    visit = queries.get_for(request.user, pk)
    text = request.POST.get("version", "")
    try:
        expected = int(text) if text.isdecimal() and len(text) < 10 else 0
        signing.sign(visit=visit, expected=expected, by=request.user, at=clock.now())
    except Refused as refusal:
        status = 409 if isinstance(refusal, MovedMeanwhile) else 422
        return _page(request, pk, errors=[str(refusal)], status=status)
    messages.success(request, "已签名。")
    return redirect("inspections:visit_detail", pk=pk)


def visit_correct(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Add a correction note to a locked record."""
    visit = queries.get_for(request.user, pk)
    form = ReasonForm(request.POST, label="更正内容")
    if form.is_valid():
        try:
            signing.correct(visit=visit, text=form.cleaned_data["reason"], by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已添加更正记录。")
            return redirect("inspections:visit_detail", pk=pk)
    return _page(request, pk, correction=form, status=422)


def _page(
    request: SignedInRequest,
    pk: UUID,
    *,
    refused: tuple[str, ReasonForm] | None = None,
    correction: ReasonForm | None = None,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    visit = queries.get_for(request.user, pk)
    page = visit_page.page(visit, request.user, day=clock.day_of(clock.now()))
    reads.read_of_persons(
        at=clock.now(),
        by=request.user,
        subject=visit,
        label="查看涉及人员的现场记录",
        told=[line.row for line in page.seen],
    )
    buttons, said = listing.with_forms(page.buttons, ReasonForm, refused)
    context = {
        "page": page,
        "visit": visit,
        "moves": buttons,
        "errors": [*(errors or []), *said],
        "correction": correction or ReasonForm(label="更正内容"),
    }
    return render(request, "inspections/visit_detail.html", context, status=status)
