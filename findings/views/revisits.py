from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock
from conduct.moves import Move
from conduct.shapes import Fact, MoveButton
from findings.actions import revisits as actions
from findings.forms.revisit import ArrangeForm, EntrustForm
from findings.forms.statements import ReasonForm
from findings.models import Revisit
from findings.moves import revisit as table
from findings.queries import revisits as queries
from people import access
from people.asking import SignedInRequest
from people.roles import Permission

from .attempts import attempt, refusal_of, today
from .detail import crumbs
from .looking import look

OUTCOMES: dict[str, tuple[Move, Callable[..., object], str]] = {
    "holds": (table.HOLDS, actions.hold, "已认定整改巩固。"),
    "inconclusive": (table.INCONCLUSIVE, actions.leave_open, "已注明未能确认，系统已另定一次回头看。"),
    "relapse": (table.RELAPSED, actions.relapse, "已认定问题反弹，问题退回单位重新整改，期限重新计算。"),
}
STEPS = ("arrange", "entrust", *OUTCOMES)


def revisit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A second look: what it is about, how it stands, and what the person may do."""
    return _page(request, pk)


def revisit_move(request: SignedInRequest, pk: UUID, move: str) -> HttpResponse:
    """Arrange it, hand it on, or say what came of it."""
    if move not in STEPS:
        raise Http404
    row = queries.get_for(request.user, pk)
    form = _form(request, row, move, data=request.POST)

    def step() -> object:
        return _carry_out(request, row, move, form)

    done, status = attempt(step, form)
    if done is None:
        return _page(request, pk, bound={move: form}, status=status)
    messages.success(request, OUTCOMES[move][2] if move in OUTCOMES else _told(move))
    return redirect(_after(request, row))


def _carry_out(request: SignedInRequest, row: Revisit, move: str, form: forms.Form) -> object:
    common: dict[str, Any] = {"revisit": row, "by": request.user, "at": clock.now()}
    if isinstance(form, ArrangeForm):
        return actions.arrange(party=form.party(), **common)
    if isinstance(form, EntrustForm):
        return actions.entrust(to=form.cleaned_data["keeper"], **common)
    return OUTCOMES[move][1](reason=form.cleaned_data["reason"], **common)


def _told(move: str) -> str:
    return (
        "已移交回头看任务。"
        if move == "entrust"
        else "已拟定回头看方案并报批。出发前只有您、批准人和组长看得到。"
    )


def _after(request: SignedInRequest, row: Revisit) -> str:
    """Back to the second look, or to its finding for whoever need not know of it any more."""
    if row.keeper_id == request.user.pk or row.campaign_id:
        return reverse("findings:revisit", args=[row.pk])
    return reverse("findings:detail", args=[row.finding_id])


def _page(
    request: SignedInRequest,
    pk: UUID,
    *,
    bound: Mapping[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    row = queries.get_for(request.user, pk)
    look(request, row.finding)
    visit = queries.visit_of(row) if row.campaign_id else None
    context = {
        "revisit": row,
        "finding": row.finding,
        "facts": _facts(row, visit),
        "moves": _buttons(request, row, bound or {}),
        "note": _note(request, row),
        "crumbs": crumbs(request.user, row.finding, "回头看"),
    }
    return render(request, "findings/revisit.html", context, status=status)


def _facts(row: Revisit, visit: Any) -> list[Fact]:
    found = [
        Fact("责任单位", row.finding.unit.name),
        Fact("销号日期", row.closed_on),
        Fact("回头看日期", row.on_day),
        Fact("承办人", row.keeper.name),
    ]
    if row.campaign is not None:
        url = reverse("inspections:campaign_detail", args=[row.campaign_id])
        found.append(Fact("检查方案", f"{row.campaign.title}（{row.campaign.get_state_display()}）", url=url))
    if visit is not None and visit.departed_at:
        url = reverse("inspections:visit_detail", args=[visit.pk])
        found.append(Fact("现场记录", visit.get_state_display(), url=url))
    if row.opinion:
        found.append(Fact("结论依据", row.opinion, wide=True))
    return found


def _may_keep(request: SignedInRequest, row: Revisit) -> bool:
    return row.state == Revisit.State.SCHEDULED and access.may(
        request.user, Permission.FINDING_CLOSE, unit=row.finding.unit
    )


def _may_arrange(request: SignedInRequest, row: Revisit) -> bool:
    is_keeper = row.keeper_id == request.user.pk and row.state in Revisit.OPEN and not queries.stands(row)
    return is_keeper and access.may(request.user, Permission.CAMPAIGN_PLAN, unit=row.finding.unit)


def _buttons(request: SignedInRequest, row: Revisit, bound: Mapping[str, forms.Form]) -> list[MoveButton]:
    offered: list[str] = []
    if _may_arrange(request, row):
        offered.append("arrange")
    if _may_keep(request, row):
        offered.append("entrust")
    if row.state == Revisit.State.ARRANGED and not _note(request, row):
        offered += OUTCOMES
    labels = {"arrange": table.ARRANGE.label, "entrust": table.ENTRUST.label}
    return [
        MoveButton(
            name=name,
            label=OUTCOMES[name][0].label if name in OUTCOMES else labels[name],
            url=reverse("findings:revisit_move", args=[row.pk, name]),
            is_primary=name in ("arrange", "holds"),
            is_danger=name == "relapse",
            form=bound.get(name) or _form(request, row, name),
            is_open=name in bound,
        )
        for name in offered
    ]


def _note(request: SignedInRequest, row: Revisit) -> str:
    """Why nothing is to be judged by this person yet."""
    if row.state != Revisit.State.ARRANGED:
        return ""
    if not access.may(request.user, Permission.FINDING_CONFIRM, unit=row.finding.unit):
        return "回头看结果由督查办认定。"
    return refusal_of(lambda: actions.require_judge(revisit=row, by=request.user))


def _form(request: SignedInRequest, row: Revisit, move: str, *, data: Any = None) -> forms.Form:
    ids = f"{move}_%s"
    if move == "arrange":
        return ArrangeForm(data, keeper=request.user, day=today(), auto_id=ids)
    if move == "entrust":
        return EntrustForm(data, revisit=row, day=today(), auto_id=ids)
    return ReasonForm(data, label="结论依据", auto_id=ids)
