from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q


class Extension(models.Model):
    """A unit's wish for a later deadline: asked before the term runs out, decided by the office, twice at most."""

    class State(models.TextChoices):
        ASKED = "asked", "等待批复"
        GRANTED = "granted", "同意延期"
        REFUSED = "refused", "不同意延期"
        LAPSED = "lapsed", "不再需要批复"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="extension_wishes")
    # Which time the matter is in hand: counted anew for another unit, and after a relapse.
    spell = models.PositiveSmallIntegerField(default=1)
    # The first is the office's to grant, the second its leader's.
    ordinal = models.PositiveSmallIntegerField()
    reason = models.TextField("延期理由")
    due_before = models.DateField("申请时的期限")
    asked_for = models.DateField("申请延至")
    asked_by = models.ForeignKey("people.User", models.PROTECT, related_name="asked_extensions")
    asked_at = models.DateTimeField()
    decide_by = models.DateField("批复期限")
    decide_by_is_estimate = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    version = models.PositiveIntegerField(default=1)
    granted_until = models.DateField("准予延至", null=True, blank=True)
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="decided_extensions"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField("批复意见", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], name="extension_one_waits", condition=Q(state="asked")
            ),
            models.UniqueConstraint(
                fields=["finding", "spell", "ordinal"],
                name="extension_granted_once_each",
                condition=Q(state="granted"),
            ),
            models.CheckConstraint(
                name="extension_twice_at_most", condition=Q(ordinal__gte=1, ordinal__lte=2)
            ),
            models.CheckConstraint(name="extension_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="extension_asks_for_later", condition=Q(asked_for__gt=F("due_before"))
            ),
            models.CheckConstraint(
                name="extension_granted_says_until",
                condition=Q(
                    state="granted", granted_until__gt=F("due_before"), granted_until__lte=F("asked_for")
                )
                | (~Q(state="granted") & Q(granted_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="extension_decided_by_someone",
                condition=Q(state="asked", decided_at__isnull=True)
                | (~Q(state="asked") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["decide_by", "id"], name="extension_waiting", condition=Q(state="asked"))
        ]

    def __str__(self) -> str:
        return f"第{self.ordinal}次延期申请"
