"""Writing the plan of a campaign."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from conduct.errors import MovedMeanwhile, Refused
from conduct.shapes import Conflict
from inspections.actions import campaigns as actions
from inspections.forms.parts import key_of, version_of
from inspections.forms.plans import PlanForms, with_one_more_team
from inspections.models import Campaign
from inspections.moves import campaigns as steps
from inspections.queries import campaigns as queries
from inspections.queries import plan_page
from people.asking import SignedInRequest


def campaign_new(request: SignedInRequest) -> HttpResponse:
    """An empty plan."""
    at = clock.now()
    if request.method != "POST":
        return _page(request, PlanForms(author=request.user, day=clock.day_of(at)))
    if request.POST.get("then") in ("find", "more"):
        return _page(request, _rebuilt(request, None), is_quiet=True)
    forms = PlanForms(author=request.user, day=clock.day_of(at), data=request.POST)
    plan = forms.read()
    if plan is not None:
        key = key_of(request.POST)
        try:
            campaign = actions.draft(plan=plan, by=request.user, at=at, client_key=key)
        except MovedMeanwhile:
            campaign = queries.drafted_with(request.user, key)
            conflict = plan_page.conflict(campaign, plan)
            return _page(request, forms, campaign=campaign, conflict=conflict, status=409)
        except Refused as refusal:
            forms.refuse(str(refusal))
        else:
            return _after_saving(request, campaign)
    return _page(request, forms, status=422)


def campaign_edit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A plan that is not yet sent up, or came back."""
    campaign = queries.get_for(request.user, pk)
    day = clock.day_of(clock.now())
    if request.method != "POST":
        if campaign.state not in steps.SUBMIT.sources:
            messages.info(request, f"方案当前是“{campaign.get_state_display()}”，不能再修改。")
            return redirect("inspections:campaign_detail", pk=pk)
        forms = PlanForms(author=request.user, day=day, campaign=campaign)
        return _page(request, forms, campaign=campaign)
    if request.POST.get("then") in ("find", "more"):
        return _page(request, _rebuilt(request, campaign), campaign=campaign, is_quiet=True)
    forms = PlanForms(author=request.user, day=day, data=request.POST, campaign=campaign)
    return _revise(request, campaign, forms)


def campaign_units(request: SignedInRequest) -> HttpResponse:
    """The units chosen so far and those found by the words typed: a fragment of the plan."""
    choice = plan_page.unit_choice(request.user, request.GET)
    return render(request, "inspections/_unit_choice.html", {"choice": choice})


def _revise(request: SignedInRequest, campaign: Campaign, forms: PlanForms) -> HttpResponse:
    plan = forms.read()
    conflict: Conflict | None = None
    status = 422
    if plan is not None:
        try:
            expected = version_of(request.POST)
            campaign = actions.revise(
                campaign=campaign, plan=plan, expected=expected, by=request.user, at=clock.now()
            )
        except MovedMeanwhile:
            campaign, status = queries.get_for(request.user, campaign.pk), 409
            conflict = plan_page.conflict(campaign, plan)
        except Refused as refusal:
            forms.refuse(str(refusal))
        else:
            return _after_saving(request, campaign)
    version = campaign.version if conflict else version_of(request.POST)
    return _page(request, forms, campaign=campaign, conflict=conflict, version=version, status=status)


def _after_saving(request: SignedInRequest, campaign: Campaign) -> HttpResponse:
    if request.POST.get("then") == "submit" and campaign.state != Campaign.State.SUBMITTED:
        try:
            actions.submit(campaign=campaign, by=request.user, at=clock.now())
        except Refused as refusal:
            messages.warning(request, f"草稿已保存，还不能报批：{refusal}")
            return redirect("inspections:campaign_edit", pk=campaign.pk)
        messages.success(request, "已提交报批。")
    elif campaign.state in steps.SUBMIT.sources:
        messages.success(request, "草稿已保存。")
    return redirect("inspections:campaign_detail", pk=campaign.pk)


def _rebuilt(request: SignedInRequest, campaign: Campaign | None) -> PlanForms:
    data = with_one_more_team(request.POST) if request.POST.get("then") == "more" else request.POST
    return PlanForms(author=request.user, day=clock.day_of(clock.now()), data=data, campaign=campaign)


def _page(
    request: SignedInRequest,
    forms: PlanForms,
    *,
    campaign: Campaign | None = None,
    conflict: Any = None,
    version: int = 0,
    is_quiet: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "forms": forms,
        "campaign": campaign,
        "client_key": None if campaign else key_of(request.POST) or uuid4(),
        "version": version or (campaign.version if campaign else 0),
        "choice": plan_page.unit_choice(
            request.user, request.POST, chosen=forms.units, teams=len(forms.teams)
        ),
        "errors_of": [] if is_quiet else forms.all,
        "is_quiet": is_quiet,
        "conflict": conflict,
    }
    return render(request, "inspections/campaign_form.html", context, status=status)
