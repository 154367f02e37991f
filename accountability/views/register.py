from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from accountability.forms.filters import FilterForm
from accountability.forms.measures import WithdrawForm
from accountability.models import Measure
from accountability.moves.measure import WITHDRAW
from accountability.queries import listing, measures, names
from accountability.queries import register as queries
from conduct import clock, files, reads, sealing
from conduct.errors import Forbidden
from conduct.moves import open_moves
from conduct.shapes import Crumb, MoveButton
from findings.models import Finding
from people import access
from people.asking import SignedInRequest
from people.roles import Permission

from .looking import look

REGISTER = "责任追究登记"
NOT_YOURS = "姓名仅登记人和督查办分管领导可以查看。您可以查看岗位和处理情况。"
LOST = "姓名已加密，现有的密钥打不开。请与系统管理员联系，核对服务器的密钥设置。"


def listed(request: SignedInRequest) -> HttpResponse:
    """The register of the person's office, narrowed by the address."""
    form = FilterForm(request.GET)
    wish = form.wish()
    context = {
        "filter_form": form,
        "chips": form.chips(request.GET),
        "listed": listing.listed(
            user=request.user, wish=wish, today=clock.day_of(clock.now()), request_get=request.GET
        ),
    }
    return render(request, "accountability/list.html", context)


def of_finding(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What is recorded on one finding: a part of its page, or a page of its own without script."""
    finding = queries.finding_for(request.user, pk)
    rows = measures.of_finding(finding)
    look(request, finding, rows)
    register = queries.register(
        user=request.user, finding=finding, rows=rows, today=clock.day_of(clock.now())
    )
    context = {"finding": finding, "register": register, "crumbs": crumbs(finding)}
    is_part = bool(request.headers.get("HX-Request"))
    template = "accountability/_of_finding.html" if is_part else "accountability/of_finding.html"
    return render(request, template, context)


def detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One entry: what was decided, how long it has effect and why, what was looked at."""
    return page(request, measures.get_for(request.user, pk))


def page(
    request: SignedInRequest, measure: Measure, *, bound: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    """The page of one entry, with the form of a withdrawal to show again."""
    look(request, measure, [measure])
    may_record = access.may(request.user, Permission.MEASURE_RECORD, unit=measure.finding.unit)
    is_open = may_record and bool(open_moves(measure, [WITHDRAW]))
    context = {
        "measure": measure,
        "line": queries.line(measure, today=clock.day_of(clock.now())),
        "facts": queries.facts(measure, user=request.user),
        "correction": measures.correction_of(measure),
        "may_correct": is_open,
        "moves": [_withdraw(measure, bound)] if is_open else [],
        "crumbs": crumbs(measure.finding, measure),
    }
    return render(request, "accountability/detail.html", context, status=status)


def name(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The name of the person, for the few who need to know; each opening is written down."""
    measure = measures.get_for(request.user, pk)
    if not measure.has_name:
        raise Http404
    if not names.may_read(request.user, measure):
        raise Forbidden(NOT_YOURS)
    reads.read(at=clock.now(), by=request.user, subject=measure, label="查看处理对象姓名", each=True)
    try:
        shown, status = names.name_of(measure), 200
    except sealing.Unreadable:
        shown, status = "", 422
    context = {
        "measure": measure,
        "name": shown,
        "lost": LOST,
        "crumbs": crumbs(measure.finding, measure, "姓名"),
    }
    return render(request, "accountability/name.html", context, status=status)


def attachment(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The decision as it was handed in."""
    measure = measures.get_for(request.user, pk)
    file = measure.attachment
    if file is None:
        raise Http404
    reads.read(at=clock.now(), by=request.user, subject=measure, label="查看决定书", part=str(file.pk))
    return files.show(file) if file.shown_sha256 else files.hand_out(file)


def crumbs(finding: Finding, measure: Measure | None = None, here: str = "") -> list[Crumb]:
    """The way back: the register, the finding, the entry."""
    way = [
        Crumb(REGISTER, reverse("accountability:list")),
        Crumb(finding.title, reverse("findings:detail", args=[finding.pk])),
    ]
    if measure is None:
        return [*way, Crumb(here or REGISTER)]
    if not here:
        return [*way, Crumb(measure.kind.name)]
    return [*way, Crumb(measure.kind.name, reverse("accountability:detail", args=[measure.pk])), Crumb(here)]


def _withdraw(measure: Measure, bound: forms.Form | None) -> MoveButton:
    return MoveButton(
        name=WITHDRAW.name,
        label=WITHDRAW.label,
        url=reverse("accountability:withdraw", args=[measure.pk]),
        needs_reason=True,
        is_danger=True,
        hint="整条登记有误、没有正确的登记可以替换时才撤销；内容有误请用“更正”。撤销后仍可查看。",
        form=bound or WithdrawForm(auto_id="withdraw_%s"),
        is_open=bound is not None,
    )
