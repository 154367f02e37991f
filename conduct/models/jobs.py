from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

# Since when a run that is not being done could be: its making, or the end of its last pause.
WAITING_SINCE = Coalesce("ready_at", "created_at")


class JobRun(models.Model):
    """A piece of background work, written in the business transaction; the broker is only its bell."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待办理"
        SENT = "sent", "已派出"
        RUNNING = "running", "正在办理"
        DONE = "done", "已办完"
        FAILED = "failed", "未办成"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.CharField(max_length=100)
    label = models.CharField(max_length=100, blank=True)
    kwargs = models.JSONField(default=dict)
    # One row per (job, slot): two schedulers open the same slot once.
    slot = models.CharField(max_length=100, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # How often a worker has begun it; sending it again costs nothing.
    tries = models.PositiveSmallIntegerField(default=0)
    # Not sent before this moment: a run that met a fault waits a little before it is tried again. It stays while
    # the run is sent and done, and is renewed whenever the run begins to wait anew, so its wait is counted from it.
    ready_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    done_units = models.PositiveIntegerField(default=0)
    total_units = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    problem = models.TextField(blank=True)
    subject_type = models.CharField(max_length=64, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    started_by_id = models.CharField(max_length=64, blank=True)
    started_by_name = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "slot"], name="job_slot_once", condition=Q(slot__isnull=False)
            ),
            models.CheckConstraint(name="job_failed_says_why", condition=~Q(state="failed") | ~Q(problem="")),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="job_open", condition=Q(state__in=["waiting", "sent", "running"])
            ),
            models.Index(fields=["-created_at", "id"], name="job_failed", condition=Q(state="failed")),
            models.Index(fields=["subject_type", "subject_id"], name="job_subject"),
            models.Index(fields=["-created_at", "id"], name="job_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.label or self.job}（{self.get_state_display()}）"

    @property
    def waiting_since(self) -> datetime:
        return self.ready_at or self.created_at

    @property
    def percent(self) -> int:
        return min(100, self.done_units * 100 // self.total_units) if self.total_units else 0
