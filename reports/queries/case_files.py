"""Case files of a finding, as those of the office see them."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conduct.errors import Forbidden
from conduct.models import JobRun
from conduct.shapes import JobView
from findings.models import Finding
from findings.queries import detail
from people import access
from people.models import User
from people.roles import Permission
from reports.models import CaseFile

MOST = 20
R = JobRun.State
SHOWN = {R.WAITING: "waiting", R.SENT: "waiting", R.RUNNING: "running", R.DONE: "done", R.FAILED: "failed"}


def finding_for(user: User, pk: UUID) -> Finding:
    """A finding whose case file the person may put together.

    Raises: Http404 for one they do not see; Forbidden
    """
    finding = detail.get_for(user, pk)
    access.require(user, Permission.MEASURE_VIEW, unit=finding.unit)
    return finding


def get_for(user: User, pk: UUID) -> CaseFile:
    """A finished case file the person may read.

    Raises: Http404
    """
    rows = CaseFile.objects.visible_to(user).exclude(pdf_sha256="").select_related("finding__unit")
    return get_object_or_404(rows, pk=pk)


def of_finding(user: User, finding: Finding) -> list[CaseFile]:
    """The latest ones, finished or not, without their facts."""
    rows = CaseFile.objects.visible_to(user).filter(finding=finding).defer("facts")
    return list(rows.select_related("made_by", "run").order_by("-made_at", "pk")[:MOST])


def unfinished(rows: list[CaseFile]) -> JobView | None:
    """How far the latest one is that is still being drawn."""
    row = next((row for row in rows if not row.pdf_sha256 and row.run), None)
    if row is None or row.run is None:
        return None
    here = reverse("reports:case_files", args=[row.finding_id])
    return JobView(
        pk=str(row.run.pk),
        title="编印案卷",
        state=SHOWN[R(row.run.state)],
        done=row.run.done_units,
        total=row.run.total_units,
        reason=row.run.problem,
        poll_url=here,
        page_url=here,
    )


def require_seen(user: User, pk: UUID) -> Finding:
    """The finding an address is about, for the page that asks for a code.

    Raises: Http404
    """
    try:
        return finding_for(user, pk)
    except Forbidden as refusal:
        raise Http404 from refusal
