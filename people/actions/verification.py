"""What the auditor may start: a verification, which reads everything and changes no business."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from conduct import audit, jobs
from conduct.chain import verification
from conduct.models import JobRun
from people import access
from people.models import User
from people.queries import chain
from people.roles import Permission


@transaction.atomic
def start(*, by: User, at: datetime) -> JobRun:
    """Start a verification; the one under way is given back as it is. Raises: Forbidden"""
    access.require(by, Permission.AUDIT_READ)
    run = chain.under_way()
    if run is not None:
        return run
    run = jobs.start(verification.JOB, by=by, at=at, by_id=str(by.pk), by_name=str(by))
    audit.record(at=at, by=by, verb="people.verification_started", label="发起核验", subject=run)
    return run
