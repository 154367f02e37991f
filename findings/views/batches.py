"""Several of the same things waiting on one desk, done at once: every one keeps its own guards and its own outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from conduct import clock
from conduct.shapes import Crumb
from findings.actions import acceptances, batches, findings, notices, reviews
from findings.actions.batches import Orders, Outcome
from findings.forms.batches import ClosingForm, NothingMore, OrdersForm, VerdictForm
from findings.models import Finding, Notice
from findings.queries import detail, waiting
from findings.queries import notices as notice_queries
from findings.queries.items import MOST
from people.asking import SignedInRequest
from people.models import User

from .attempts import SHOWN, TYPED_WRONG
from .worklist import uuids

NONE_TICKED = "请至少勾选一件，再提交。"
TOO_MANY = f"一次最多办 {MOST} 件，请分几次提交。"
Rows = list[Finding] | list[Notice]


@dataclass(frozen=True)
class Act:
    """One kind of thing that is done for several at once.

    do: rows, versions seen, what was typed, who: the outcomes in the order of the rows
    """

    url_name: str
    verb: str
    button: str
    form: type[forms.Form]
    do: Callable[[Any, dict[str, str], dict[str, Any], User], list[Outcome]]
    rows: Callable[[User, Any], Rows] = detail.several_for


def confirm(request: SignedInRequest) -> HttpResponse:
    """Find the facts of several true."""
    return _batch(
        request, Act("findings:batch_confirm", "核实认定", "认定所选问题属实", VerdictForm, _confirm)
    )


def issue(request: SignedInRequest) -> HttpResponse:
    """Send out notices about several findings, one to each unit."""
    return _batch(
        request, Act("findings:batch_issue", "发出整改通知书", "按单位发出整改通知书", OrdersForm, _issue)
    )


def receive(request: SignedInRequest) -> HttpResponse:
    """Sign for several notices."""
    rows = notice_queries.several_for
    return _batch(
        request, Act("findings:batch_receive", "签收整改通知", "签收所选通知", NothingMore, _receive, rows)
    )


def pass_on(request: SignedInRequest) -> HttpResponse:
    """Pass several reports."""
    return _batch(
        request, Act("findings:batch_pass", "审核整改报告", "所选报告审核通过", VerdictForm, _pass_on)
    )


def close(request: SignedInRequest) -> HttpResponse:
    """Close several matters."""
    return _batch(request, Act("findings:batch_close", "销号", "所选问题销号", ClosingForm, _close))


def _batch(request: SignedInRequest, act: Act) -> HttpResponse:
    is_sent = request.method == "POST"
    form = act.form(request.POST if is_sent else None, initial={"contact": notice_queries.contact()})
    if not is_sent:
        return _page(request, act, form, SHOWN)
    seen = dict(mark.partition(":")[::2] for mark in request.POST.getlist("row"))
    if not form.is_valid() or not 0 < len(seen) <= MOST:
        if len(seen) > MOST or not seen:
            form.add_error(None, TOO_MANY if seen else NONE_TICKED)
        return _page(request, act, form, TYPED_WRONG)
    rows = act.rows(request.user, uuids(seen))
    outcomes = act.do(rows, seen, form.cleaned_data, request.user)
    context = {
        "verb": act.verb,
        "lines": _lines(outcomes),
        **_counts(outcomes, len(seen)),
        "crumbs": _way(act),
    }
    return render(request, "findings/batch_done.html", context | {"again": reverse(act.url_name)})


def _page(request: SignedInRequest, act: Act, form: forms.Form, status: int) -> HttpResponse:
    items = [item for item in waiting.for_user(request.user) if item.batch == act.url_name]
    ticked = set(request.POST.getlist("row"))
    context = {
        "verb": act.verb,
        "button": act.button,
        "items": [(item, item.key in ticked) for item in items],
        "form": form,
        "crumbs": _way(act),
    }
    return render(request, "findings/batch.html", context, status=status)


def _way(act: Act) -> list[Crumb]:
    return [Crumb("我的工作", "/"), Crumb(f"成批办理：{act.verb}")]


def _confirm(rows: Sequence[Finding], seen: dict[str, str], said: dict[str, Any], by: User) -> list[Outcome]:
    def step(row: Finding) -> object:
        return findings.confirm(finding=row, by=by, at=clock.now(), reason=said["reason"])

    return batches.one_by_one(rows=rows, seen=seen, act=step)


def _issue(rows: Sequence[Finding], seen: dict[str, str], said: dict[str, Any], by: User) -> list[Outcome]:
    return batches.issue(rows=rows, seen=seen, orders=Orders(**said), by=by, at=clock.now())


def _receive(rows: Sequence[Notice], seen: dict[str, str], said: dict[str, Any], by: User) -> list[Outcome]:
    def step(row: Notice) -> object:
        return notices.receive(notice=row, by=by, at=clock.now())

    return batches.one_by_one(rows=rows, seen=seen, act=step)


def _pass_on(rows: Sequence[Finding], seen: dict[str, str], said: dict[str, Any], by: User) -> list[Outcome]:
    def step(row: Finding) -> object:
        return reviews.pass_on(finding=row, by=by, at=clock.now(), reason=said["reason"])

    return batches.one_by_one(rows=rows, seen=seen, act=step)


def _close(rows: Sequence[Finding], seen: dict[str, str], said: dict[str, Any], by: User) -> list[Outcome]:
    def step(row: Finding) -> object:
        return acceptances.close(finding=row, by=by, at=clock.now(), reason=said["reason"])

    return batches.one_by_one(rows=rows, seen=seen, act=step)


def _lines(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """The outcomes for the page: what was not done first, with the way to it."""
    lines = [
        {
            "title": outcome.row.number if isinstance(outcome.row, Notice) else outcome.row.title,
            "unit": outcome.row.unit.name,
            "url": reverse(
                f"findings:{'notice_' * isinstance(outcome.row, Notice)}detail", args=[outcome.row.pk]
            ),
            "is_done": outcome.is_done,
            "said": outcome.said,
        }
        for outcome in outcomes
    ]
    return sorted(lines, key=lambda line: bool(line["is_done"]))


def _counts(outcomes: Sequence[Outcome], asked: int) -> dict[str, int]:
    """unknown: ticked, and nothing the person may see."""
    done = sum(outcome.is_done for outcome in outcomes)
    return {"done": done, "undone": len(outcomes) - done, "unknown": asked - len(outcomes)}
