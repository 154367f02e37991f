from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Acceptance(models.Model):
    """One person's verdict on the result of one round; two different people must accept before closing."""

    class Verdict(models.TextChoices):
        ACCEPT = "accept", "同意验收"
        PARTLY = "partly", "部分通过"
        REFUSE = "refuse", "不同意验收"

    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="acceptances")
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.User", models.PROTECT, related_name="acceptances")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    opinion = models.TextField("验收意见")
    # The day the person looked on the spot; empty where the papers were enough.
    seen_on = models.DateField("现场查看日期", null=True, blank=True)
    left_over = models.TextField("遗留事项", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "round", "by"], name="acceptance_once_a_person"),
            models.CheckConstraint(name="acceptance_has_opinion", condition=~Q(opinion="")),
            models.CheckConstraint(
                name="acceptance_partly_says_what_is_left",
                condition=(Q(verdict="partly") & ~Q(left_over="")) | (~Q(verdict="partly") & Q(left_over="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.get_verdict_display()}"


class PhotoPair(models.Model):
    """The same place before and after, as an accepter puts them side by side."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    acceptance = models.ForeignKey(Acceptance, models.PROTECT, related_name="pairs")
    before = models.ForeignKey("inspections.Evidence", models.PROTECT, related_name="photo_pairs")
    # Handed in with the report, or taken by the accepter.
    after = models.ForeignKey("conduct.StoredFile", models.PROTECT, related_name="photo_pairs")
    caption = models.CharField("说明", max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["acceptance", "before", "after"], name="photo_pair_once")
        ]

    def __str__(self) -> str:
        return self.caption or f"{self.before}、{self.after}"
