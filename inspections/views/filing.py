"""Filing a visit from the phone: set out, write down, save as often as needed, complete."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from conduct import clock
from conduct.errors import MovedMeanwhile, Refused
from conduct.shapes import Step, Upload
from inspections import gather
from inspections.actions import evidence
from inspections.actions import visits as actions
from inspections.forms.parts import key_of, version_of
from inspections.forms.records import PHOTOS, RecordForms, beside_theirs, with_one_more
from inspections.models import Campaign, Visit
from inspections.queries import conflicts, content, filing
from inspections.queries import visits as queries
from inspections.rules.records import MOST_PHOTOS_AT_ONCE
from people.asking import SignedInRequest
from people.models import Unit

NO_KEY = "这张表没有带上防止重复登记的编号，现在已经补上。请核对内容后再保存一次。"
ALL_KEPT = "已填写的都还在。"
STEPS = (
    Step("到达", "#arrive"),
    Step("人数", "#heads"),
    Step("问题", "#seen"),
    Step("照片", "#photos"),
    Step("单位", "#unit"),
    Step("签名"),
)


def visit_new(request: SignedInRequest) -> HttpResponse:
    """The empty record for one unit of one campaign; sent twice it is one visit."""
    if "campaign" not in request.GET:
        messages.info(request, "请先打开检查批次，再从里面选择被查单位填写记录。")
        return redirect("inspections:campaign_list")
    campaign, unit, begun = filing.place_for(
        request.user, campaign=request.GET.get("campaign", ""), unit=request.GET.get("unit", "")
    )
    at = clock.now()
    if request.method != "POST":
        if begun:
            return redirect("inspections:visit_edit", pk=begun.pk)
        if known := filing.visited(request.user, campaign=campaign, unit=unit):
            messages.info(request, visited_already(known))
            return redirect("inspections:visit_detail", pk=known.pk)
        return _page(request, RecordForms(campaign=campaign, now=at, blanks=1), campaign, unit, key=uuid4())
    return _file(request, campaign, unit, key_of(request.POST), at)


def visit_depart(request: SignedInRequest) -> HttpResponse:
    """Set out for a unit."""
    campaign, unit, begun = filing.place_for(
        request.user, campaign=request.POST.get("campaign", ""), unit=request.POST.get("unit", "")
    )
    if begun is None or begun.state == Visit.State.PLANNED:
        begun = actions.depart(campaign=campaign, unit=unit, by=request.user, at=clock.now())
        messages.success(request, f"已登记出发：{unit}。到达后填写现场记录。")
    return redirect("inspections:visit_edit", pk=begun.pk)


@never_cache
def visit_edit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The record while it is being written; a colleague's saving is never overwritten."""
    visit = queries.get_for(request.user, pk)
    at = clock.now()
    if request.method != "POST":
        if not queries.is_member(visit, request.user) or visit.state not in filing.WRITABLE:
            return redirect("inspections:visit_detail", pk=pk)
        now = None if visit.visited_on else at
        blanks = 0 if visit.observations.exists() or visit.no_problem else 1
        forms = RecordForms(campaign=visit.campaign, visit=visit, now=now, blanks=blanks)
        return _page(request, forms, visit.campaign, visit.unit, visit=visit)
    return _save(request, visit, at)


def _file(
    request: SignedInRequest, campaign: Campaign, unit: Unit, key: UUID | None, at: datetime
) -> HttpResponse:
    if request.POST.get("then") == "more":
        return _with_one_more(request, campaign, unit, at, key=key or uuid4())
    forms = RecordForms(campaign=campaign, data=request.POST, files=request.FILES)
    record = forms.record(at=at, is_final=_is_final(request))
    if key is None:
        forms.refuse(NO_KEY)
    elif record is not None:
        try:
            visit = actions.file(
                campaign=campaign, unit=unit, client_key=key, record=record, by=request.user, at=at
            )
        except MovedMeanwhile:
            return _conflict(request, queries.with_key(request.user, key), forms, record, at)
        except actions.KeyTaken as refusal:
            forms.refuse(str(refusal))
            key = None
        except Refused as refusal:
            forms.refuse(str(refusal))
        else:
            return _after_saving(request, visit, forms, at)
    told = _hold(request, forms, at)
    return _page(request, forms, campaign, unit, key=key or uuid4(), told=told, status=422)


def _save(request: SignedInRequest, visit: Visit, at: datetime) -> HttpResponse:
    if request.POST.get("then") == "more":
        return _with_one_more(request, visit.campaign, visit.unit, at, visit=visit)
    forms = RecordForms(campaign=visit.campaign, data=request.POST, files=request.FILES, visit=visit)
    record = forms.record(at=at, is_final=_is_final(request))
    if record is not None:
        try:
            expected = version_of(request.POST)
            visit = actions.write(visit=visit, expected=expected, record=record, by=request.user, at=at)
        except MovedMeanwhile:
            return _conflict(request, queries.get_for(request.user, visit.pk), forms, record, at)
        except Refused as refusal:
            forms.refuse(str(refusal))
        else:
            return _after_saving(request, visit, forms, at)
    told, version = _hold(request, forms, at), version_of(request.POST)
    place = (visit.campaign, visit.unit)
    return _page(request, forms, *place, visit=visit, version=version, told=told, status=422)


def _hold(request: SignedInRequest, forms: RecordForms, at: datetime) -> str:
    """Keep the photos of a form that was not taken, and say what is still there."""
    chosen = sum(len(group) for group in forms.uploads.values())
    if not chosen:
        return ALL_KEPT
    held, wrong = evidence.hold(uploads=forms.uploads, by=request.user, at=at)
    forms.keep(held)
    for text in wrong:
        forms.refuse(text)
    lost = chosen - sum(len(pks) for pks in held.values())
    if lost:
        return f"已填写的文字都还在；有{lost}张照片没有收下，请另选后再保存。"
    return "已填写的和已上传的照片都还在。"


def _after_saving(request: SignedInRequest, visit: Visit, forms: RecordForms, at: datetime) -> HttpResponse:
    """On to the record when it is complete; back to the form with what is lacking when it is not."""
    if visit.state not in filing.WRITABLE:
        return redirect("inspections:visit_detail", pk=visit.pk)
    if forms.given_up:
        messages.info(request, f"按您的勾选，去掉了{forms.given_up}条写有内容的情况。")
    if not _is_final(request):
        messages.success(request, "已保存。可以继续填写，填完后点“完成记录”。")
        return redirect("inspections:visit_edit", pk=visit.pk)
    try:
        actions.complete(visit=visit, expected=visit.version, by=request.user, at=at)
    except Refused as refusal:
        messages.warning(request, f"已保存，但还不能完成记录：{refusal}")
        return redirect("inspections:visit_edit", pk=visit.pk)
    messages.success(request, "记录已完成，请本组两名以上检查人员签名。")
    if unprintable := gather.unprintable(content.content_of(visit)):
        messages.warning(request, unprintable)
    return redirect("inspections:visit_detail", pk=visit.pk)


def _conflict(
    request: SignedInRequest, visit: Visit, sent: RecordForms, record: actions.Record, at: datetime
) -> HttpResponse:
    _hold(request, sent, at)
    forms = RecordForms(campaign=visit.campaign, data=beside_theirs(request.POST, visit), visit=visit)
    forms.held = sent.held
    conflict = conflicts.between(visit, record)
    return _page(request, forms, visit.campaign, visit.unit, visit=visit, conflict=conflict, status=409)


def _with_one_more(
    request: SignedInRequest, campaign: Campaign, unit: Unit, at: datetime, **known: Any
) -> HttpResponse:
    forms = RecordForms(
        campaign=campaign, data=with_one_more(request.POST), files=request.FILES, visit=known.get("visit")
    )
    _hold(request, forms, at)
    version = version_of(request.POST) if known.get("visit") else 0
    return _page(request, forms, campaign, unit, version=version, is_quiet=True, **known)


def _page(
    request: SignedInRequest,
    forms: RecordForms,
    campaign: Campaign,
    unit: Unit,
    *,
    visit: Visit | None = None,
    key: UUID | None = None,
    version: int = 0,
    conflict: Any = None,
    told: str = ALL_KEPT,
    is_quiet: bool = False,
    status: int = 200,
) -> HttpResponse:
    held = filing.held_photos(request.user, forms.held)
    context = {
        "campaign": campaign,
        "unit": unit,
        "visit": visit,
        "client_key": key,
        "version": version or (visit.version if visit else 0),
        "forms": forms,
        "blocks": filing.blocks(
            forms.seen.forms, campaign.taxonomy, removed=forms.removed, held=held, is_quiet=is_quiet
        ),
        "empty_block": filing.blocks([forms.seen.empty_form], campaign.taxonomy, is_quiet=True)[0],
        "errors_of": [] if is_quiet else forms.all,
        "still_there": told,
        "held": held.get("", []),
        "upload": _upload(PHOTOS, "整次检查的照片"),
        "photos": filing.photos_of(visit, removed=forms.removed) if visit else [],
        "conflict": conflict,
        "steps": STEPS,
    }
    return render(request, "inspections/visit_form.html", context, status=status)


def _upload(name: str, label: str) -> Upload:
    limits = f"JPG、PNG、WEBP 或 HEIC，每张最大 20 MB，一次最多 {MOST_PHOTOS_AT_ONCE} 张"
    return Upload(name=name, label=label, accept="image/*", limits=limits, max_mb=20)


def visited_already(visit: Visit) -> str:
    """Why no second record is begun, in words."""
    return (
        f"{visit.unit}在本批次已经检查过，记录{visit.get_state_display()}，就是这一份，不用另外填写。"
        "要补充内容，归档前请组长退回补正，归档后请添加更正记录。"
    )


def _is_final(request: SignedInRequest) -> bool:
    return request.POST.get("then") == "complete"
