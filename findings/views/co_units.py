from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock
from conduct.calendar import book as calendar
from conduct.paging import BOUND, keyset
from conduct.shapes import Crumb, MoveButton
from findings.actions import co_units
from findings.forms.co_units import FILES, AnswerForm, PartForm
from findings.forms.statements import ReasonForm
from findings.models import CoUnit
from findings.moves import co_unit as table
from findings.queries import co_units as part_queries
from findings.queries import detail as queries
from findings.queries import notices as notice_queries
from findings.queries import terms
from people import access
from people.asking import SignedInRequest
from people.roles import Permission as P

from .attempts import attempt, refusal_of, today
from .detail import crumbs, show_file
from .looking import look

HERE = "协办事项"
SAID = {
    "send_back": "已退回协办答复，协办单位补充后再提交。",
    "release": "已注明不再要求协办。",
}


def part_list(request: SignedInRequest) -> HttpResponse:
    """The parts given to the person's own units, newest first."""
    page = keyset(
        part_queries.listed(request.user),
        order=("-given_at", "id"),
        request_get=request.GET,
        bound=BOUND,
        noun="件协办事项",
    )
    return render(request, "findings/part_list.html", {"page": page})


def part_add(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Give another unit a part in the matter."""
    finding = queries.get_for(request.user, pk)
    form = PartForm(request.POST or None, initial={"contact": notice_queries.contact()})
    closed = refusal_of(lambda: co_units.require_giver(finding=finding, by=request.user))
    if closed and request.method != "POST":
        messages.error(request, closed)
        return redirect("findings:detail", pk=pk)
    done, status = attempt(
        lambda: co_units.give(finding=finding, by=request.user, at=clock.now(), **form.cleaned_data),
        form,
        is_sent=request.method == "POST",
    )
    if done is not None:
        messages.success(request, f"已交办{done.unit.name}协办。")
        return redirect("findings:part", pk=done.pk)
    look(request, finding)
    context = {"finding": finding, "form": form, "parts": part_queries.of_finding(finding)}
    context["crumbs"] = crumbs(request.user, finding, "增加协办单位")
    return render(request, "findings/part_add.html", context, status=status)


def part(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A part: the task and its term; for the head of the co-unit, the answer."""
    row = part_queries.get_for(request.user, pk)
    form = AnswerForm(request.POST or None, initial={"text": row.answer})
    uploads = request.FILES.getlist("files")
    done, status = attempt(
        lambda: co_units.answer(
            part=row, uploads=uploads, by=request.user, at=clock.now(), **form.cleaned_data
        ),
        form,
        is_sent=request.method == "POST",
    )
    if done is None:
        return _page(request, pk, form=form, status=status)
    messages.success(request, "协办答复已提交，主办单位和督查办可以看到。")
    return redirect("findings:part", pk=pk)


def part_move(request: SignedInRequest, pk: UUID, move: str) -> HttpResponse:
    """Return the answer of a co-unit, or release it from its part."""
    if move not in SAID:
        raise Http404
    row = part_queries.get_for(request.user, pk)
    form = ReasonForm(request.POST, auto_id=f"{move}_%s")
    acts: dict[str, Callable[..., CoUnit]] = {"send_back": co_units.send_back, "release": co_units.release}
    done, status = attempt(
        lambda: acts[move](part=row, by=request.user, at=clock.now(), **form.cleaned_data), form
    )
    if done is None:
        return _page(request, pk, bound={move: form}, status=status)
    messages.success(request, SAID[move])
    return redirect("findings:part", pk=pk)


def part_attachment(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """Material of a co-unit's answer."""
    row = part_queries.file_for(request.user, pk)
    return show_file(request, row.file, row.part.finding)


def _page(
    request: SignedInRequest,
    pk: UUID,
    *,
    form: AnswerForm | None = None,
    bound: Mapping[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    row = part_queries.get_for(request.user, pk)
    sees_matter = part_queries.sees_matter(request.user, row)
    may_answer = row.state == CoUnit.State.OPEN and access.may(
        request.user, P.RECTIFICATION_SIGN, unit=row.unit
    )
    way = [Crumb(HERE, reverse("findings:part_list")), Crumb(row.finding.title)]
    context = {
        "part": row,
        "files": part_queries.files_of(row),
        "form": form or AnswerForm(initial={"text": row.answer}),
        "upload": FILES,
        "may_answer": may_answer,
        "sees_matter": sees_matter,
        "moves": _moves(request, row, bound or {}),
        "standing": part_queries.standing(row, today=today(), book=calendar.load()),
        "counted": terms.of_part(row),
        "crumbs": crumbs(request.user, row.finding, HERE) if sees_matter else way,
    }
    return render(request, "findings/part.html", context, status=status)


def _moves(request: SignedInRequest, row: CoUnit, bound: Mapping[str, forms.Form]) -> list[MoveButton]:
    offered = {
        "send_back": (table.RETURN, P.RECTIFICATION_REVIEW),
        "release": (table.RELEASE, P.NOTICE_ISSUE),
    }
    return [
        MoveButton(
            name,
            move.label,
            reverse("findings:part_move", args=[row.pk, name]),
            is_danger=True,
            form=bound.get(name) or ReasonForm(auto_id=f"{name}_%s"),
            is_open=name in bound,
        )
        for name, (move, permission) in offered.items()
        if row.state in move.sources and access.may(request.user, permission, unit=row.finding.unit)
    ]
