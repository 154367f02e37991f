"""What a verdict on the result is given on: photos of before and of now, and the pairs made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conduct.prepared import Prepared
from conduct.shapes import Photo
from findings.models import Acceptance, Finding, PhotoPair, Rectification, RectificationFile
from inspections.models import Evidence, Observation
from people.access import Asker

from . import detail, telling

PAIRS = Prepared(
    lambda finding: (
        PhotoPair.objects.filter(acceptance__finding=finding)
        .select_related("acceptance", "before__file", "after")
        .order_by("acceptance__at", "pk")
    ),
    finding=models.UUIDField(),
)


@dataclass(frozen=True)
class Side:
    """Before and now, ready to be shown."""

    before: Photo
    after: Photo
    caption: str


def befores(finding: Finding) -> QuerySet[Evidence]:
    """Every photo of the visits behind the finding."""
    seen = Observation.objects.filter(finding_links__finding=finding)
    rows = Evidence.objects.filter(visit__in=seen.values("visit")).exclude(file__shown_sha256="")
    return rows.select_related("file").order_by("added_at", "pk")


def afters(report: Rectification) -> QuerySet[RectificationFile]:
    """Every photo handed in with the report."""
    rows = RectificationFile.objects.filter(rectification=report).exclude(file__shown_sha256="")
    return rows.select_related("file").order_by("added_at", "pk")


def pairs_in(*, finding: Finding, round: int) -> int:
    """How many pairs the accepters of a round have put side by side."""
    return PhotoPair.objects.filter(acceptance__finding=finding, acceptance__round=round).count()


def with_sides(
    user: Asker, finding: Finding, acceptances: Sequence[Acceptance]
) -> list[tuple[Acceptance, list[Side]]]:
    """Each verdict with its pairs; a photo that is not the person's to see takes its pair along."""
    told = {row.pk for row in acceptances}
    rows = [row for row in PAIRS(finding=finding.pk) if row.acceptance_id in told] if told else []
    seen = set(detail.evidence_for(user, finding).values_list("pk", flat=True)) if rows else set()
    found: dict[int, list[Side]] = defaultdict(list)
    for row in rows:
        if row.before_id in seen:
            found[row.acceptance_id].append(_side(finding, row))
    return [(row, found[row.pk]) for row in acceptances]


def pair_for(user: Asker, finding: Finding, pk: UUID) -> PhotoPair:
    """One pair of a verdict the person is told of.

    Raises: Http404
    """
    rows = PhotoPair.objects.filter(acceptance__finding=finding).select_related("acceptance", "after")
    row = get_object_or_404(rows, pk=pk)
    for_unit = detail.is_unit_side(user, finding)
    is_told = telling.acceptances([row.acceptance], finding=finding, for_unit=for_unit)
    return row if is_told else get_object_or_404(rows.none(), pk=pk)


def _side(finding: Finding, row: PhotoPair) -> Side:
    before = reverse("findings:evidence", args=[finding.pk, row.before_id])
    after = reverse("findings:pair_photo", args=[finding.pk, row.pk])
    return Side(
        _photo(before, row.before.file, row.before.caption or "检查时"),
        _photo(after, row.after, "整改后"),
        row.caption,
    )


def _photo(url: str, file: Any, words: str) -> Photo:
    return Photo(
        thumb_url=f"{url}?small=1",
        url=url,
        alt=words,
        caption=words,
        at=file.captured_at,
        width=file.width or 320,
        height=file.height or 240,
    )
