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
from conduct.calendar import book as calendar
from conduct.shapes import Crumb, Fact, MoveButton
from findings.actions import transfers
from findings.forms.statements import ReasonForm
from findings.forms.transfers import GrantForm, TransferForm
from findings.models import TransferRequest
from findings.moves import transfer as table
from findings.queries import detail as queries
from findings.queries import notices as notice_queries
from findings.queries import transfers as transfer_queries
from findings.queries.telling import LEDGER, OWN_LEDGER
from people import access
from people.asking import SignedInRequest
from people.roles import Permission as P

from .attempts import attempt, refusal_of, today
from .detail import crumbs, shown
from .looking import look

HERE = "不属本单位职责"
SAID = {
    "grant": "已改派，新的整改通知书已发出，等待新单位签收。",
    "decline": "已注明不同意改派，单位按期整改。",
    "withdraw": "已撤回退回申请，请按期整改。",
}


def transfer_ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The head returns a matter that is not the unit's own."""
    finding = queries.get_for(request.user, pk)
    form = TransferForm(request.POST or None)
    closed = refusal_of(lambda: transfers.require_open(finding=finding, by=request.user, today=today()))
    if closed and request.method != "POST":
        messages.error(request, closed)
        return redirect("findings:detail", pk=pk)
    done, status = attempt(
        lambda: transfers.ask(finding=finding, by=request.user, at=clock.now(), **form.cleaned_data),
        form,
        is_sent=request.method == "POST",
    )
    if done is not None:
        messages.success(request, "已退回督查办，等待决定。决定以前整改期限照常计算。")
        return redirect("findings:transfer", pk=done.pk)
    look(request, finding)
    until = transfers.last_day(notice=finding.notice, book=calendar.load()) if finding.notice else None
    context = {"finding": finding, "form": form, "until": until}
    context["crumbs"] = crumbs(request.user, finding, HERE)
    return render(request, "findings/transfer_ask.html", context, status=status)


def transfer(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A request, what the unit did on the matter, and what was decided."""
    return _page(request, pk)


def transfer_move(request: SignedInRequest, pk: UUID, move: str) -> HttpResponse:
    """Give the matter to another unit, decline, or take the request back."""
    if move not in SAID:
        raise Http404
    row = transfer_queries.get_for(request.user, pk)
    form = _asked(move, request.POST)
    done, status = attempt(lambda: _step(request, row, move, form), form)
    if done is None:
        return _page(request, pk, bound={move: form}, status=status)
    messages.success(request, SAID[move])
    return redirect("findings:transfer", pk=pk)


def _asked(move: str, data: Any = None, **options: Any) -> forms.Form:
    """What a move asks before it is made."""
    ids = f"{move}_%s"
    if move == "grant":
        return GrantForm(data, auto_id=ids, **options)
    return ReasonForm(data, auto_id=ids) if move == "decline" else forms.Form(data)


def _step(request: SignedInRequest, row: TransferRequest, move: str, form: forms.Form) -> object:
    by, at = request.user, clock.now()
    seen = request.POST.get("version", "")
    if seen.isdecimal() and len(seen) < 10:
        row.version = int(seen)
    acts: dict[str, Callable[..., object]] = {
        "grant": transfers.grant,
        "decline": transfers.decline,
        "withdraw": transfers.withdraw,
    }
    return acts[move](request=row, by=by, at=at, **form.cleaned_data)


def _page(
    request: SignedInRequest, pk: UUID, *, bound: Mapping[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    row = transfer_queries.get_for(request.user, pk)
    finding = row.finding
    has_matter = row.state != TransferRequest.State.HANDED_ON
    for_unit = not access.may(request.user, P.FIGURES_VIEW, unit=row.unit)
    look(request, finding)
    plan, items = transfer_queries.plan_of(row) if not has_matter else (None, [])
    context = {
        "row": row,
        "finding": finding,
        "facts": _facts(row),
        "for_unit": for_unit,
        "draft": shown(row.draft, queries.attached_to(row.draft)[row.draft.pk]) if row.draft else None,
        "plan": plan,
        "items": items,
        "entries": transfer_queries.steps(row, for_unit=for_unit),
        "standing": transfer_queries.standing(row, today=today(), book=calendar.load()),
        "moves": _moves(request, row, bound or {}),
        "crumbs": [
            Crumb(OWN_LEDGER if for_unit else LEDGER, reverse("findings:list")),
            *([Crumb(finding.title, reverse("findings:detail", args=[finding.pk]))] if has_matter else []),
            Crumb(HERE),
        ],
    }
    return render(request, "findings/transfer.html", context, status=status)


def _facts(row: TransferRequest) -> list[Fact]:
    told = [
        Fact("退回单位", row.unit.name),
        Fact("整改通知书", row.notice.number, url=reverse("findings:notice_detail", args=[row.notice_id])),
        Fact("退回人", row.asked_by.name),
        Fact("退回时间", row.asked_at),
        Fact("答复期限", row.due_on),
        Fact("认为应由哪个单位负责", row.suggested or "未填"),
        Fact("退回理由", row.reason, wide=True),
    ]
    if row.decided_by and row.decided_at:
        told += [
            Fact("决定", row.get_state_display()),
            Fact("决定人", row.decided_by.name),
            Fact("决定时间", row.decided_at),
            Fact("答复", row.decision, wide=True),
        ]
    if row.new_unit:
        told.append(Fact("新的责任单位", row.new_unit.name))
    return told


def _moves(
    request: SignedInRequest, row: TransferRequest, bound: Mapping[str, forms.Form]
) -> list[MoveButton]:
    if row.state != TransferRequest.State.ASKED:
        return []
    url = {name: reverse("findings:transfer_move", args=[row.pk, name]) for name in SAID}
    found = []
    if not _is_barred(request, row):
        start = {
            "route": row.finding.route_id,
            "requirement": row.finding.requirement,
            "contact": notice_queries.contact(),
        }
        for name, move in (("grant", table.GRANT), ("decline", table.DECLINE)):
            form = bound.get(name) or _asked(name, **({"initial": start} if name == "grant" else {}))
            found.append(
                MoveButton(
                    name,
                    move.label,
                    url[name],
                    is_primary=not move.danger,
                    is_danger=move.danger,
                    form=form,
                    is_open=name in bound,
                )
            )
    if access.may(request.user, P.NOTICE_RECEIVE, unit=row.unit):
        found.append(MoveButton("withdraw", table.WITHDRAW.label, url["withdraw"]))
    return found


def _is_barred(request: SignedInRequest, row: TransferRequest) -> bool:
    """Whether the person is not the one to decide."""
    if not access.may(request.user, P.NOTICE_ISSUE, unit=row.unit):
        return True
    return bool(refusal_of(lambda: transfers.require_decider(request=row, by=request.user)))
