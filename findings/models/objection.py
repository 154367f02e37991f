from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Objection(models.Model):
    """What the head of a unit holds against a finding, and what somebody who had no part in it decided."""

    class State(models.TextChoices):
        FILED = "filed", "异议办理中"
        UPHELD = "upheld", "异议成立"
        PARTLY = "partly", "异议部分成立"
        REJECTED = "rejected", "异议不成立"
        LAPSED = "lapsed", "因改派终止办理"

    DECIDED = (State.UPHELD, State.PARTLY, State.REJECTED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="objections")
    reasons = models.TextField("异议理由")
    filed_by = models.ForeignKey("people.User", models.PROTECT, related_name="filed_objections")
    filed_at = models.DateTimeField()
    # Whether the unit's clock stood still from the day it was filed.
    pauses = models.BooleanField("暂停计时", default=False)
    decide_by = models.DateField("答复期限")
    decide_by_is_estimate = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.FILED)
    version = models.PositiveIntegerField(default=1)
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="decided_objections"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField("答复理由", blank=True)
    # The facts before part of them fell; the finding says what is left standing.
    earlier_facts = models.TextField("答复前的表述", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], name="objection_one_open", condition=Q(state="filed")
            ),
            models.CheckConstraint(name="objection_has_reasons", condition=~Q(reasons="")),
            models.CheckConstraint(
                name="objection_decided_with_reasons",
                condition=Q(state="filed", decided_at__isnull=True)
                | (
                    ~Q(state="filed")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decision="")
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["decide_by", "id"], name="objection_open", condition=Q(state="filed")),
            models.Index(
                fields=["decided_at", "id"], name="objection_decided", condition=Q(decided_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"对“{self.finding}”的异议"


class ObjectionFile(models.Model):
    """Evidence the unit handed in with its objection."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    objection = models.ForeignKey(Objection, models.PROTECT, related_name="files")
    file = models.ForeignKey("conduct.StoredFile", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.file)
