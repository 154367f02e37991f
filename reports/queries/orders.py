"""Runs that draft bulletins, as the people of the office see them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conduct.models import JobRun
from conduct.shapes import JobView
from people import access
from people.models import Unit, User
from people.roles import Permission
from reports.models import Bulletin
from reports.rules.periods import Period

JOB = "reports.draft_bulletin"
MOST = 5
R = JobRun.State
SHOWN = {R.WAITING: "waiting", R.SENT: "waiting", R.RUNNING: "running", R.DONE: "done", R.FAILED: "failed"}


def get_for(user: User, pk: UUID) -> JobRun:
    """One run that drafts for an office the person drafts for.

    Raises: Http404
    """
    run = JobRun.objects.filter(pk=pk, job=JOB).first()
    # Asked also when there is no run, so that another office's is told from none by nothing at all.
    offices = Unit.objects.filter(pk=run.kwargs["office_id"] if run else 0)
    may = access.visible(offices, user, Permission.BULLETIN_DRAFT, path_field="path").exists()
    if run is None or not may:
        raise Http404
    return run


def office_of(run: JobRun) -> Unit:
    """The office a run drafts for.

    Raises: Http404
    """
    return get_object_or_404(Unit, pk=run.kwargs["office_id"])


def unfinished(offices: list[Unit]) -> list[JobRun]:
    """The latest runs of the offices that are under way or have failed."""
    if not offices:
        return []
    states = [state for state in SHOWN if state != R.DONE]
    of_these = Q(pk__in=[])
    for office in offices:
        of_these |= Q(kwargs__office_id=office.pk)
    return list(JobRun.objects.filter(of_these, job=JOB, state__in=states).order_by("-created_at")[:MOST])


def view_of(run: JobRun) -> JobView:
    """The run for the shared part that shows progress and outcome."""
    state = SHOWN[R(run.state)]
    made = bulletin_of(run) if state == "done" else None
    return JobView(
        pk=str(run.pk),
        title=f"编印{period_of(run).words}{dict(Bulletin.Kind.choices)[run.kwargs['kind']]}",
        state=state,
        done=run.done_units,
        total=run.total_units,
        reason=run.problem,
        poll_url=reverse("reports:job", args=[run.pk]),
        page_url=reverse("reports:job", args=[run.pk]),
        result_url=reverse("reports:bulletin_detail", args=[made.pk]) if made else "",
        result_label="打开通报",
    )


def bulletin_of(run: JobRun) -> Bulletin | None:
    """What the run drafted, or found drafted already."""
    facts: dict[str, Any] = run.kwargs
    same = Q(made_key=facts["made_key"])
    if facts["kind"] != Bulletin.Kind.AD_HOC:
        same |= Q(
            kind=facts["kind"],
            office=facts["office_id"],
            period_from=facts["first"],
            period_to=facts["last"],
        )
    return Bulletin.objects.filter(same).order_by("drafted_at").first()


def period_of(run: JobRun) -> Period:
    """The days a run is about."""
    return Period(date.fromisoformat(run.kwargs["first"]), date.fromisoformat(run.kwargs["last"]))
