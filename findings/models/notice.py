from __future__ import annotations

import uuid
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q

from people import access
from people.access import Asker
from people.roles import Permission

from .finding import of_branch


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Asker) -> NoticeQuerySet:
        """Notices to the units the person reaches."""
        ways = [of_branch(path) for path in access.reach(user, Permission.FINDING_VIEW)]
        return self.filter(reduce(or_, ways)) if ways else self.none()


class Notice(models.Model):
    """A numbered order to one unit to put one or more findings right (整改通知书)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="notices")
    paper = models.OneToOneField("conduct.IssuedPaper", models.PROTECT, related_name="notice")
    number = models.CharField(max_length=60, unique=True)
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    issued_by = models.ForeignKey("people.User", models.PROTECT, related_name="issued_notices")
    contact = models.CharField("联系人及电话", max_length=100)
    # As the paper says it: the calendar may change after the notice went out.
    receipt_due_on = models.DateField("签收期限")
    receipt_due_is_estimate = models.BooleanField(default=False)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="received_notices"
    )
    # The schedule reminds the head, and then counts the notice as served (视为送达) by itself.
    reminded_at = models.DateTimeField(null=True, blank=True)
    served_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_receipt_is_a_pair",
                condition=Q(received_at__isnull=True, received_by__isnull=True)
                | Q(received_at__isnull=False, received_by__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_served_before_a_late_signature",
                condition=Q(served_at__isnull=True)
                | Q(received_at__isnull=True)
                | Q(received_at__gte=F("served_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["-issued_at", "id"], name="notice_newest"),
            models.Index(
                fields=["receipt_due_on"],
                name="notice_unanswered",
                condition=Q(received_at__isnull=True, served_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} 整改通知书"

    @property
    def delivered_at(self) -> datetime | None:
        """When the notice reached the unit: signed for, or counted as served before that."""
        return self.served_at or self.received_at

    @property
    def is_signed_late(self) -> bool:
        """Whether the head signed for it after it had counted as served."""
        return self.served_at is not None and self.received_at is not None
