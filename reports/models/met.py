from __future__ import annotations

from django.db import models
from django.db.models import Q


class MetFinding(models.Model):
    """A finding the gathering of a bulletin met: printed as a case, or left out while its unit may object."""

    class Why(models.TextChoices):
        NOT_SERVED = "not_served", "整改通知书还没有送达单位"
        TERM = "term", "单位提出异议的期限未过"
        OBJECTION = "objection", "单位的异议正在办理"

    bulletin = models.ForeignKey("reports.Bulletin", models.CASCADE, related_name="met")
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="+")
    # The place among the cases, from 1; empty where it was left out.
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    left_out_for = models.CharField(max_length=10, choices=Why, blank=True)
    left_out_until = models.DateField(null=True, blank=True)
    is_estimate = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "finding"], name="met_once_a_bulletin"),
            models.UniqueConstraint(fields=["bulletin", "place"], name="met_place_once"),
            models.CheckConstraint(
                name="met_is_printed_or_left_out",
                condition=Q(place__isnull=False, left_out_for="")
                | (Q(place__isnull=True) & ~Q(left_out_for="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin}：{self.finding_id}"
