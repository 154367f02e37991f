"""Campaigns to look at, and the moves on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from conduct.errors import MovedMeanwhile, Refused
from inspections.actions import campaigns as actions
from inspections.forms.filters import CampaignFilter
from inspections.forms.parts import ReasonForm, version_of
from inspections.moves import campaigns as steps
from inspections.queries import campaign_page, listing
from inspections.queries import campaigns as queries
from people.asking import SignedInRequest

ACTIONS: dict[str, Any] = {
    steps.SUBMIT.name: actions.submit,
    steps.APPROVE.name: actions.approve,
    steps.SEND_BACK.name: actions.send_back,
    steps.REPORT.name: actions.report,
    steps.CLOSE.name: actions.close,
    steps.DISCARD.name: actions.discard,
    steps.CANCEL.name: actions.cancel,
}
DONE = {
    steps.SUBMIT.name: "已提交报批。",
    steps.APPROVE.name: "已批准，检查组可以出发。",
    steps.SEND_BACK.name: "已退回拟稿人修改。",
    steps.REPORT.name: "已转入汇总。",
    steps.CLOSE.name: "批次已结束。",
    steps.DISCARD.name: "草稿已作废。",
    steps.CANCEL.name: "批次已取消。",
}
NEEDS_REASON = {move.name for move in steps.TABLE if move.needs_reason}


def campaign_list(request: SignedInRequest) -> HttpResponse:
    """The campaigns the person sees."""
    wanted = CampaignFilter(request.GET)
    rows = queries.listed(request.user, **wanted.narrowing())
    page = listing.campaign_page_of(rows, request.user, request.GET, today=clock.day_of(clock.now()))
    context = {
        "filter_form": wanted,
        "chips": wanted.chips(request.GET),
        "clear_url": request.path,
        "lines": page.rows,
        "pager": page.pager,
        "may_plan": bool(queries.offices_of(request.user)),
    }
    return render(request, "inspections/campaign_list.html", context)


def campaign_search(request: SignedInRequest) -> HttpResponse:
    """Suggestions for the campaign of the visits' filter, from those the person sees."""
    titles = queries.titles(request.user, request.GET.get("campaign", "")[:80])
    return render(request, "inspections/_campaign_options.html", {"titles": titles})


def campaign_detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One campaign."""
    return _page(request, pk)


def campaign_move(request: SignedInRequest, pk: UUID, move: str) -> HttpResponse:
    """Make one of the moves of the table."""
    if move not in ACTIONS:
        raise Http404
    campaign = queries.get_for(request.user, pk)
    form = ReasonForm(request.POST, required=move in NEEDS_REASON)
    if not form.is_valid():
        return _page(request, pk, refused=(move, form), status=422)
    words = {"reason": form.cleaned_data["reason"]} if move in NEEDS_REASON else {}
    if seen := version_of(request.POST):
        # The plan as it stood on the screen: the move fails when another has taken its place.
        campaign.version = seen
    try:
        ACTIONS[move](campaign=campaign, by=request.user, at=clock.now(), **words)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        status = 409 if isinstance(refusal, MovedMeanwhile) else 422
        return _page(request, pk, refused=(move, form), status=status)
    messages.success(request, DONE[move])
    return redirect("inspections:campaign_detail", pk=pk)


def _page(
    request: SignedInRequest, pk: UUID, *, refused: tuple[str, ReasonForm] | None = None, status: int = 200
) -> HttpResponse:
    campaign = queries.get_for(request.user, pk)
    page = campaign_page.page(campaign, request.user, day=clock.day_of(clock.now()))
    buttons, said = listing.with_forms(page.buttons, ReasonForm, refused)
    context = {"page": page, "campaign": campaign, "moves": buttons, "errors": said}
    return render(request, "inspections/campaign_detail.html", context, status=status)
