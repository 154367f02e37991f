"""Filing a visit from the phone: set out, write down, save as often as needed, complete."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from conduct import clock
from conduct.errors import MovedMeanwhile, Refused
from conduct.shapes import Step, Upload
from inspections import gather
from inspections.actions import visits as actions
from inspections.forms.records import PHOTOS, RecordForms, beside_theirs, with_one_more
from inspections.models import Campaign, Visit
from inspections.queries import conflicts, content, filing
from inspections.queries import visits as queries
from inspections.rules.records import MOST_PHOTOS_AT_ONCE
from people.asking import SignedInRequest
from people.models import Unit

NO_KEY = "这张表没有带上防止重复登记的编号，现在已经补上。请核对内容后再保存一次。"
CHOOSE_AGAIN = "照片没有保存，请重新选择。"
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
        return _page(request, RecordForms(campaign=campaign, now=at, blanks=1), campaign, unit, key=uuid4())
    return _file(request, campaign, unit, _key(request.POST), at)


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
        return _with_one_more(request, campaign, unit, key=key or uuid4())
    forms = RecordForms(campaign=campaign, data=request.POST, files=request.FILES)
    record = forms.record(at=at)
    if key is None:
        forms.refuse(NO_KEY)
    elif record is not None:
        try:
            visit = actions.file(
                campaign=campaign, unit=unit, client_key=key, record=record, by=request.user, at=at
            )
        except MovedMeanwhile:
            return _conflict(request, queries.with_key(request.user, key), record)
        except actions.KeyTaken as refusal:
            forms.refuse(str(refusal))
            key = None
        except Refused as refusal:
            forms.refuse(str(refusal))
        else:
            return _after_saving(request, visit, at)
    return _page(request, forms, campaign, unit, key=key or uuid4(), status=422)


def _save(request: SignedInRequest, visit: Visit, at: datetime) -> HttpResponse:
    if request.POST.get("then") == "more":
        return _with_one_more(request, visit.campaign, visit.unit, visit=visit)
    forms = RecordForms(campaign=visit.campaign, data=request.POST, files=request.FILES, visit=visit)
    record = forms.record(at=at)
    if record is not None:
        try:
            expected = _version(request.POST)
            visit = actions.write(visit=visit, expected=expected, record=record, by=request.user, at=at)
        except MovedMeanwhile:
            return _conflict(request, queries.get_for(request.user, visit.pk), record)
        except Refused as refusal:
            forms.refuse(str(refusal))
        else:
            return _after_saving(request, visit, at)
    return _page(
        request, forms, visit.campaign, visit.unit, visit=visit, version=_version(request.POST), status=422
    )


def _after_saving(request: SignedInRequest, visit: Visit, at: datetime) -> HttpResponse:
    """On to the record when it is complete; back to the form with what is lacking when it is not."""
    if visit.state not in filing.WRITABLE:
        return redirect("inspections:visit_detail", pk=visit.pk)
    if request.POST.get("then") != "complete":
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


def _conflict(request: SignedInRequest, visit: Visit, record: actions.Record) -> HttpResponse:
    typed = beside_theirs(request.POST, visit)
    forms = RecordForms(campaign=visit.campaign, data=typed, visit=visit)
    conflict = conflicts.between(visit, record)
    return _page(request, forms, visit.campaign, visit.unit, visit=visit, conflict=conflict, status=409)


def _with_one_more(request: SignedInRequest, campaign: Campaign, unit: Unit, **known: Any) -> HttpResponse:
    forms = RecordForms(campaign=campaign, data=with_one_more(request.POST), visit=known.get("visit"))
    version = _version(request.POST) if known.get("visit") else 0
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
    is_quiet: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "campaign": campaign,
        "unit": unit,
        "visit": visit,
        "client_key": key,
        "version": version or (visit.version if visit else 0),
        "forms": forms,
        "blocks": filing.blocks(
            forms.seen.forms, campaign.taxonomy, removed=forms.removed, is_quiet=is_quiet
        ),
        "empty_block": filing.blocks([forms.seen.empty_form], campaign.taxonomy, is_quiet=True)[0],
        "errors_of": [] if is_quiet else forms.all,
        "lost_photos": CHOOSE_AGAIN if status != 200 and request.FILES else "",
        "upload": _upload(PHOTOS, "整次检查的照片"),
        "photos": filing.photos_of(visit, removed=forms.removed) if visit else [],
        "conflict": conflict,
        "steps": STEPS,
    }
    return render(request, "inspections/visit_form.html", context, status=status)


def _upload(name: str, label: str) -> Upload:
    limits = f"JPG、PNG、WEBP 或 HEIC，每张最大 20 MB，一次最多 {MOST_PHOTOS_AT_ONCE} 张"
    return Upload(name=name, label=label, accept="image/*", limits=limits, max_mb=20)


def _key(data: QueryDict) -> UUID | None:
    try:
        return UUID(data.get("client_key", ""))
    except ValueError:
        return None


def _version(data: QueryDict) -> int:
    text = data.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
