"""Putting a case file together: the facts are frozen at once, a thick one is drawn in the background."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from conduct import audit, files, jobs
from conduct.issuing import canonical
from findings.models import Finding
from people import access
from people.models import User
from people.roles import Permission
from reports.gather import case_file as gather
from reports.models import CaseFile

JOB = "reports.draw_case_file"


def make(*, finding: Finding, made_key: str, by: User, at: datetime) -> CaseFile:
    """Freeze everything this person may put together about the finding; the same key again gives the same file.

    Raises: Forbidden
    """
    access.require(by, Permission.MEASURE_VIEW, unit=finding.unit)
    key = f"{by.pk}:{made_key}"
    if made := CaseFile.objects.filter(made_key=key).first():
        return made
    paper = gather.of_finding(finding=finding, user=by, at=at)
    facts = gather.frozen(paper)
    try:
        with transaction.atomic():
            row = CaseFile.objects.create(
                finding=finding,
                facts=facts,
                facts_sha256=hashlib.sha256(canonical(facts)).hexdigest(),
                made_by=by,
                made_at=at,
                made_key=key,
            )
            if gather.is_big(paper):
                row.run = jobs.start(JOB, by=by, at=at, subject=finding, slot=key, case_file=str(row.pk))
                row.save(update_fields=["run"])
            audit.record(
                at=at,
                by=by,
                verb="reports.case_file",
                label="编印案卷",
                subject=finding,
                details={"case_file": str(row.pk), "facts_sha256": row.facts_sha256},
            )
    except IntegrityError:
        return CaseFile.objects.get(made_key=key)
    if row.run is None:
        draw(row=row)
    return row


def draw(*, row: CaseFile, on_step: Callable[[int, int], None] = lambda done, total: None) -> CaseFile:
    """The bytes, drawn from the frozen facts and kept; drawing again changes nothing."""
    if row.pdf_sha256:
        return row
    file = gather.draw(row.facts, on_step=on_step)
    row.pdf_sha256 = files.keep_bytes(file.drawn.pdf).sha256
    row.renderer, row.fonts, row.pages = file.drawn.renderer, file.drawn.fonts, file.pages
    row.save(update_fields=["pdf_sha256", "renderer", "fonts", "pages"])
    return row


def draw_by_key(*, pk: str, on_step: Callable[[int, int], None]) -> CaseFile:
    """The same for the background."""
    return draw(row=CaseFile.objects.get(pk=pk), on_step=on_step)
