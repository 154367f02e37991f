from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from conduct.calendar import book as calendar
from findings.actions import reviews
from findings.forms.statements import ReasonForm
from findings.models import Finding
from findings.queries import detail as queries
from findings.queries import verdicts
from findings.queries.standing import standing
from people.asking import SignedInRequest

from .attempts import attempt, hold_to_report, refusal_of, today
from .detail import accepted, crumbs, shown
from .looking import look


def review(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Read the unit's report; pass it on, or return it with reasons."""
    finding = queries.get_for(request.user, pk)
    form = ReasonForm(request.POST or None, label="审核意见")

    def judge() -> object:
        hold_to_report(request, finding)
        act = reviews.send_back if request.POST.get("verdict") == "back" else reviews.pass_on
        return act(finding=finding, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"])

    words = {"back": "已退回，单位可在原报告上修改后再提交。"}
    done = words.get(request.POST.get("verdict", ""), "审核通过，已提请验收。")
    barred = refusal_of(lambda: reviews.require_reviewer(finding=finding, by=request.user))
    page = _Page("findings/review.html", "审核整改报告", barred)
    return _verdict(request, finding, form, judge, done, page)


@dataclass(frozen=True, slots=True)
class _Page:
    """Where a verdict is given. barred: why this person cannot give it."""

    template: str
    here: str
    barred: str


def _verdict(
    request: SignedInRequest,
    finding: Finding,
    form: forms.Form,
    judge: Callable[[], object],
    words: str,
    page: _Page,
) -> HttpResponse:
    done, status = attempt(judge, form, is_sent=request.method == "POST")
    if done is not None:
        messages.success(request, words)
        return redirect("findings:detail", pk=finding.pk)
    context = grounds(request, finding) | {
        "form": form,
        # What was typed is given back beside the refusal; before anything is typed there is nothing to fill in.
        "barred": page.barred if request.method != "POST" else "",
        "crumbs": crumbs(request.user, finding, page.here),
    }
    return render(request, page.template, context, status=status)


def grounds(request: SignedInRequest, finding: Finding) -> dict[str, Any]:
    """The report beside what was found, and the verdicts on this round."""
    look(request, finding)
    reports = [row for row in queries.reports_of(finding) if queries.shows_report(request.user, row)]
    given = queries.acceptances_of(finding)
    queries.name_people(*reports, *given)
    book = calendar.load()
    return {
        "finding": finding,
        "report": shown(reports[0], queries.attached_to(*reports)[reports[0].pk]) if reports else None,
        "photos": queries.evidence_photos(request.user, finding),
        "verdicts": verdicts.with_sides(
            request.user, finding, [row for row in given if reports and row.round == reports[0].round]
        ),
        "on_site": finding.route is not None and finding.route.on_site,
        "standing": standing(finding=finding, today=today(), book=book, accepted=accepted(reports, given)),
    }
