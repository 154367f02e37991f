"""Do what was asked, and say in the form why it was not done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from django import forms
from django.urls import reverse

from conduct import clock
from conduct.errors import Forbidden, MovedMeanwhile, Refused
from conduct.moves import MOVED
from conduct.shapes import Conflict
from findings.forms.particulars import ParticularsForm, differences
from findings.models import Finding
from findings.queries import conflicts
from findings.queries.detail import report_now
from people.asking import SignedInRequest

Done = TypeVar("Done")

SHOWN = 200
CONFLICT = 409
TYPED_WRONG = 422


def attempt(action: Callable[[], Done], *typed: forms.Form, is_sent: bool = True) -> tuple[Done | None, int]:
    """What the action returned; or nothing, the refusal in the first form, and the status to answer with.

    typed:   the forms that must be readable first
    is_sent: False while the page is only being shown
    """
    if not is_sent:
        return None, SHOWN
    if not all(form.is_valid() for form in typed):
        return None, TYPED_WRONG
    try:
        return action(), SHOWN
    except Forbidden:
        raise
    except Refused as refusal:
        typed[0].add_error(None, str(refusal))
        return None, CONFLICT if isinstance(refusal, MovedMeanwhile) else TYPED_WRONG


def refusal_of(check: Callable[[], object]) -> str:
    """The sentence of a refusal, or nothing: asked before a form is shown that could not be sent.

    Raises: Forbidden
    """
    try:
        check()
    except Forbidden:
        raise
    except Refused as refusal:
        return str(refusal)
    return ""


def bar_to(check: Callable[[], None]) -> str:
    """Why somebody of the office cannot do it now; those who may only read are told nothing."""
    try:
        return refusal_of(check)
    except Forbidden:
        return ""


def hold_to_seen(request: SignedInRequest, finding: Finding) -> None:
    """Refuse a step decided on a page that no longer shows how things stand.

    Raises: MovedMeanwhile
    """
    if seen_version(request, finding) != finding.version:
        raise MovedMeanwhile(MOVED)


def hold_all_to_seen(request: SignedInRequest, chosen: Sequence[Finding]) -> None:
    """The same for a page that shows several findings, each with its mark.

    Raises: MovedMeanwhile
    """
    seen = dict(mark.partition(":")[::2] for mark in request.POST.getlist("seen"))
    if any(seen.get(str(row.pk), str(row.version)) != str(row.version) for row in chosen):
        raise MovedMeanwhile("所选问题在您填写期间有改动，页面上已是最新内容。您填的都还在，请核对后再提交。")


def marks(request: SignedInRequest, chosen: Sequence[Finding], status: int) -> list[str]:
    """The marks of what the page shows; those it came with, until the person has been told of a change."""
    sent = request.POST.getlist("seen")
    return sent if sent and status != CONFLICT else [f"{row.pk}:{row.version}" for row in chosen]


def hold_to_report(request: SignedInRequest, finding: Finding) -> None:
    """Refuse a verdict on a report that another round has replaced meanwhile.

    Raises: MovedMeanwhile
    """
    report, seen = report_now(finding), request.POST.get("report", "")
    if seen and report is not None and seen != str(report.pk):
        raise MovedMeanwhile("单位已提交新的整改报告。您填的意见还在，请看过最新报告后再提交。")


def seen_version(request: SignedInRequest, finding: Finding) -> int:
    """The version the page was shown at; the present one where the page did not say."""
    seen = request.POST.get("version", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else finding.version


def typed_over(finding: Finding, form: ParticularsForm, page: str) -> Conflict:
    """What another saved first beside what was typed. page: the URL name of the form to start again from."""
    return conflicts.conflict(
        subject=finding,
        reload_url=reverse(f"findings:{page}", args=[finding.pk]),
        fields=differences(finding, form),
    )


def today() -> date:
    """The day in the office."""
    return clock.day_of(clock.now())
