from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, files, issuing, reads
from conduct.calendar import book as calendar
from conduct.paging import BOUND, keyset
from conduct.shapes import Fact, MoveButton
from findings import gather
from findings.actions import supervisions
from findings.forms.notices import ContactForm
from findings.forms.statements import ReasonForm
from findings.forms.supervisions import TalkForm, TalkRecordForm
from findings.models import Supervision
from findings.moves import supervision as table
from findings.queries import notices as notice_queries
from findings.queries import supervisions as queries
from findings.rules.ladder import PAPERS, Step
from people import access
from people.asking import SignedInRequest
from people.roles import Permission as P

from .attempts import attempt, refusal_of, today
from .detail import crumbs
from .looking import look

SAID = {
    "sign": "已签发，单位已收到消息。",
    "hold": "已暂缓签发，理由已记录。需要时仍可签发。",
    "record": "已登记约谈记录。",
}
MOVES = {"sign": table.SIGN, "hold": table.HOLD, "record": table.RECORD}


def supervision_list(request: SignedInRequest) -> HttpResponse:
    """Papers and proposals of the office's reach, the newest first."""
    chosen = {key: request.GET.get(key, "") for key in ("state", "step")}
    page = keyset(
        queries.listed(request.user, **chosen),
        order=("-made_at", "id"),
        request_get=request.GET,
        bound=BOUND,
        noun="件",
    )
    context = {
        "page": page,
        "chosen": chosen,
        "states": {key: words for key, (words, _) in queries.FILTERS.items()},
        "steps": {key: words for key, (words, _) in queries.STEPS.items()},
    }
    return render(request, "findings/supervision_list.html", context)


def supervision(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One paper or proposal: why it was made, what became of it."""
    return _page(request, pk)


def supervision_pdf(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The paper as it was printed; before the signature the draft, for the office."""
    row = queries.get_for(request.user, pk)
    if row.step not in PAPERS or (row.paper is None and row.state not in Supervision.WAITING):
        raise Http404
    name = f"{row.number}{row.get_step_display()}.pdf"
    if row.paper is None:
        pdf = gather.draft_supervision(row=row, contact=notice_queries.contact(), at=clock.now())
        name = f"{row.get_step_display()}（草稿）.pdf"
    else:
        pdf = issuing.pdf_of(row.paper)
    reads.read(at=clock.now(), by=request.user, subject=row, label="查看督办文书")
    return files.show_pdf(pdf, filename=name)


def supervision_move(request: SignedInRequest, pk: UUID, move: str) -> HttpResponse:
    """Sign, hold, or write down the talk."""
    if move not in SAID:
        raise Http404
    row = queries.get_for(request.user, pk)
    form = _asked(move, row, request.POST)
    done, status = attempt(lambda: _step(request, row, move, form), form)
    if done is None:
        return _page(request, pk, bound={move: form}, status=status)
    messages.success(request, SAID[move])
    return redirect("findings:supervision", pk=pk)


def _asked(move: str, row: Supervision, data: Any = None) -> forms.Form:
    """What a move asks before it is made."""
    ids = f"{move}_%s"
    if move == "hold":
        return ReasonForm(data, auto_id=ids)
    if move == "record":
        return TalkRecordForm(data, auto_id=ids, initial={"talk_on": row.talk_on})
    kind = TalkForm if row.step == Step.TALK else ContactForm
    return kind(data, auto_id=ids, initial={"contact": notice_queries.contact()})


def _step(request: SignedInRequest, row: Supervision, move: str, form: forms.Form) -> object:
    seen = request.POST.get("version", "")
    if seen.isdecimal() and len(seen) < 10:
        row.version = int(seen)
    acts: dict[str, Callable[..., object]] = {
        "sign": supervisions.sign,
        "hold": supervisions.hold,
        "record": supervisions.record_talk,
    }
    return acts[move](supervision=row, by=request.user, at=clock.now(), **form.cleaned_data)


def _page(
    request: SignedInRequest, pk: UUID, *, bound: Mapping[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    row = queries.get_for(request.user, pk)
    look(request, row.finding)
    buttons, barred = _moves(request, row, bound or {})
    context = {
        "row": row,
        "finding": row.finding,
        "facts": _facts(row),
        "has_pdf": row.step in PAPERS and (row.paper_id or row.state in Supervision.WAITING),
        "standing": queries.standing(row, today=today(), book=calendar.load()),
        "moves": buttons,
        "barred": barred,
        "crumbs": crumbs(request.user, row.finding, str(row)),
    }
    return render(request, "findings/supervision.html", context, status=status)


def _facts(row: Supervision) -> list[Fact]:
    notice = row.finding.notice
    told = [
        Fact("责任单位", row.unit.name),
        Fact("问题", row.finding.title, url=reverse("findings:detail", args=[row.finding_id])),
        Fact("整改通知书", notice.number if notice else ""),
        Fact("起因", row.get_cause_display()),
        Fact("整改期限", row.due_on),
        Fact("起草时逾期", f"{row.overdue_days} 个工作日" if row.overdue_days else "没有逾期"),
        Fact("起草时间", row.made_at),
    ]
    if row.number:
        told += [Fact("编号", row.number), Fact("签发人", row.signed_by), Fact("签发时间", row.signed_at)]
    if row.talk_on:
        told += [Fact("约谈日期", row.talk_on), Fact("约谈地点", row.talk_place)]
    if row.talk_record:
        told += [Fact("登记人", row.recorded_by), Fact("约谈记录", row.talk_record, wide=True)]
    return [*told, Fact("理由", row.why, wide=True)] if row.why else told


def _moves(
    request: SignedInRequest, row: Supervision, bound: Mapping[str, forms.Form]
) -> tuple[list[MoveButton], str]:
    """What this person may do now; or why nobody can sign now."""
    names, barred = _open(request, row)
    buttons = [
        MoveButton(
            name,
            MOVES[name].label,
            reverse("findings:supervision_move", args=[row.pk, name]),
            is_primary=not MOVES[name].danger,
            is_danger=MOVES[name].danger,
            form=bound.get(name) or _asked(name, row),
            is_open=name in bound,
        )
        for name in names
    ]
    return buttons, barred


def _open(request: SignedInRequest, row: Supervision) -> tuple[list[str], str]:
    by = request.user
    if row.state in table.RECORD.sources and row.step == Step.TALK:
        may = access.may(by, P.NOTICE_ISSUE, unit=row.unit)
        return (["record"], "") if may else ([], "")
    if row.state not in Supervision.WAITING or not access.may(by, P.SUPERVISION_SIGN, unit=row.unit):
        return [], ""
    if barred := refusal_of(lambda: supervisions.require_signer(supervision=row, by=by)):
        return [], barred
    hold = ["hold"] if row.state in table.HOLD.sources else []
    if barred := refusal_of(lambda: supervisions.require_running(supervision=row)):
        return hold, barred
    return ["sign", *hold], ""
