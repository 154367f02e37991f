from __future__ import annotations

import uuid
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from people import access
from people.access import Asker
from people.roles import Permission

from .finding import of_branch


class TransferRequestQuerySet(models.QuerySet["TransferRequest"]):
    def visible_to(self, user: Asker) -> TransferRequestQuerySet:
        """Requests of the units the person reaches; whoever the matter went to does not see them."""
        ways = [of_branch(path) for path in access.reach(user, Permission.FINDING_VIEW)]
        return self.filter(reduce(or_, ways)) if ways else self.none()


class TransferRequest(models.Model):
    """A unit returns a matter that is not its own (不属本单位职责退回); the office gives it to another, or declines."""

    class State(models.TextChoices):
        ASKED = "asked", "待督查办决定"
        HANDED_ON = "handed_on", "已改派"
        DECLINED = "declined", "未同意"
        WITHDRAWN = "withdrawn", "已撤回"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="transfers")
    notice = models.ForeignKey("findings.Notice", models.PROTECT, related_name="transfers")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="transfers")
    reason = models.TextField("理由")
    suggested = models.CharField("认为应由哪个单位负责", max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey("people.User", models.PROTECT, related_name="asked_transfers")
    asked_at = models.DateTimeField()
    # By when the office decides.
    due_on = models.DateField("答复期限")
    due_is_estimate = models.BooleanField(default=False)
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="decided_transfers"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField("答复", blank=True)
    new_unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="taken_over"
    )
    # What the unit had written of its report, laid aside when the matter went on.
    draft = models.OneToOneField(
        "findings.Rectification", models.PROTECT, null=True, blank=True, related_name="laid_aside_by"
    )

    objects = TransferRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "notice"], condition=~Q(state="withdrawn"), name="transfer_once_a_notice"
            ),
            models.CheckConstraint(name="transfer_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="transfer_decided_by_someone",
                condition=~Q(state__in=["handed_on", "declined"])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision="")),
            ),
            models.CheckConstraint(
                name="transfer_handed_on_says_to_whom",
                condition=Q(state="handed_on", new_unit__isnull=False)
                | (~Q(state="handed_on") & Q(new_unit__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="transfer_to_decide", condition=Q(state="asked")),
        ]

    def __str__(self) -> str:
        return f"{self.finding}（不属本单位职责退回）"
