from __future__ import annotations

from django.db import models
from django.db.models import Q


class Acceptance(models.Model):
    """One person's verdict on the result of one round; two different people must accept before closing."""

    class Verdict(models.TextChoices):
        ACCEPT = "accept", "同意验收"
        REFUSE = "refuse", "不同意验收"

    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="acceptances")
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.User", models.PROTECT, related_name="acceptances")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    opinion = models.TextField("验收意见")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "round", "by"], name="acceptance_once_a_person"),
            models.CheckConstraint(name="acceptance_has_opinion", condition=~Q(opinion="")),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.get_verdict_display()}"
