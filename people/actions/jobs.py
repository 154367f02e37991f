"""What the system administrator may do with background runs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from conduct import audit, jobs
from conduct.models import JobRun
from people import access
from people.models import User
from people.roles import Permission


@transaction.atomic
def retry(*, run: JobRun, by: User, at: datetime) -> JobRun:
    """Start a failed run again. Raises: Forbidden; Refused when it has not failed"""
    access.require_everywhere(by, Permission.JOBS_VIEW)
    jobs.retry(run=run, at=at)
    audit.record(at=at, by=by, verb="people.job_retried", label="重新办理任务", subject=run)
    return run
