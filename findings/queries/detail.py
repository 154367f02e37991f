"""One finding with all that hangs on it, as the person asking may see it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conduct.shapes import Photo
from findings.models import (
    Acceptance,
    Finding,
    Notice,
    Rectification,
    RectificationFile,
    UnitStatement,
)
from inspections.models import Evidence, Observation
from people import access
from people.access import Asker
from people.models import User
from people.roles import Permission


def get_for(user: Asker, pk: UUID) -> Finding:
    """A finding the person may see; what they may not see does not exist for them.

    Raises: Http404
    """
    rows = Finding.objects.visible_to(user).select_related(
        "unit",
        "category__taxonomy",
        "rule_item__rule_list",
        "route",
        "notice",
        "liaison",
        "raised_by",
        "confirmed_by",
        "closed_by",
        "merged_into",
    )
    return get_object_or_404(rows, pk=pk)


def several_for(user: Asker, ids: list[UUID]) -> list[Finding]:
    """Those of the findings the person may see, in the order asked."""
    rows = Finding.objects.visible_to(user).select_related("unit", "category__taxonomy", "route", "rule_item")
    found = {row.pk: row for row in rows.filter(pk__in=ids)}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def notice_for(user: Asker, pk: UUID) -> Notice:
    """A notice the person may see.

    Raises: Http404
    """
    rows = Notice.objects.visible_to(user).select_related("unit", "paper", "issued_by", "received_by")
    return get_object_or_404(rows, pk=pk)


def findings_of(notice: Notice) -> list[Finding]:
    """What the notice is about, in the order it was told."""
    rows = notice.findings.select_related("unit", "category", "rule_item", "route", "liaison")
    return list(rows.order_by("visited_on", "raised_at", "pk"))


def observations_of(finding: Finding) -> list[Observation]:
    """What was seen."""
    rows = Observation.objects.filter(finding_links__finding=finding)
    return list(rows.select_related("visit", "category").order_by("visit__visited_on", "visit", "ordinal"))


def evidence_for(user: Asker, finding: Finding) -> QuerySet[Evidence]:
    """Material from the visits: all of it for the office that may see visits, the attached pieces for everyone else."""
    attached = Q(observation__finding_links__finding=finding)
    if access.may(_person(user), Permission.VISIT_VIEW, unit=finding.unit):
        attached |= Q(visit__observations__finding_links__finding=finding)
    return Evidence.objects.filter(attached).distinct().select_related("file")


def evidence_photos(user: Asker, finding: Finding) -> list[Photo]:
    """The pictures among it, ready to be shown."""
    rows = evidence_for(user, finding).exclude(file__shown_sha256="").order_by("added_at", "pk")
    return [
        _photo(
            reverse("findings:evidence", args=[finding.pk, row.pk]),
            row.file.width,
            row.file.height,
            row.caption or "现场照片",
            row.file.captured_at,
        )
        for row in rows
    ]


def statements_of(finding: Finding) -> list[UnitStatement]:
    """What the unit said, oldest first."""
    return list(finding.statements.select_related("entered_by").order_by("entered_at", "pk"))


def reports_of(finding: Finding) -> list[Rectification]:
    """The unit's reports, the latest round first, each with its causes and files."""
    files = Prefetch("files", RectificationFile.objects.select_related("file").order_by("added_at", "pk"))
    rows = finding.rectifications.select_related("drafted_by", "signed_by", "reviewed_by")
    return list(rows.prefetch_related("causes", files).order_by("-round"))


def report_now(finding: Finding) -> Rectification | None:
    """The latest round, if the unit has begun."""
    reports = reports_of(finding)
    return reports[0] if reports else None


def report_photos(report: Rectification) -> list[Photo]:
    """The pictures handed in with a report."""
    return [
        _photo(
            reverse("findings:attachment", args=[row.pk]),
            row.file.width,
            row.file.height,
            row.caption or row.file.original_name,
            row.file.captured_at,
        )
        for row in report.files.all()
        if row.file.shown_sha256
    ]


def acceptances_of(finding: Finding) -> list[Acceptance]:
    """The verdicts of all rounds, oldest first."""
    return list(finding.acceptances.select_related("by").order_by("at", "pk"))


def attachment_for(user: Asker, pk: UUID) -> RectificationFile:
    """Supporting material of a report the person may see; the office sees a report once it is handed in.

    Raises: Http404
    """
    rows = RectificationFile.objects.filter(
        rectification__finding__in=Finding.objects.visible_to(user)
    ).select_related("file", "rectification__finding__unit")
    row = get_object_or_404(rows, pk=pk)
    return row if shows_report(user, row.rectification) else get_object_or_404(rows.none(), pk=pk)


def shows_report(user: Asker, report: Rectification) -> bool:
    """Whether the person may read this report: drafts belong to the unit alone."""
    if report.state != Rectification.State.DRAFT:
        return True
    return access.may(_person(user), Permission.RECTIFICATION_DRAFT, unit=report.finding.unit)


def is_unit_side(user: Asker, finding: Finding) -> bool:
    """Whether the person looks at the finding as the one who answers for it, and not as the office."""
    offices = (Permission.FINDING_TRIAGE, Permission.FINDING_CONFIRM, Permission.FIGURES_VIEW)
    return not any(access.may(_person(user), permission, unit=finding.unit) for permission in offices)


def _person(user: Asker) -> User:
    if not isinstance(user, User):
        raise TypeError(f"expected a person with an account, got {user!r}")
    return user


def _photo(url: str, width: Any, height: Any, caption: str, at: Any) -> Photo:
    return Photo(
        thumb_url=f"{url}?small=1",
        url=url,
        alt=caption,
        caption=caption,
        at=at,
        width=width or 320,
        height=height or 240,
    )
