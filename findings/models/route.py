from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Route(models.Model):
    """A way of putting right and the working days it gives; the office may change it."""

    class Code(models.TextChoices):
        IMMEDIATE = "immediate", "立行立改"
        LIMITED = "limited", "限期整改"
        COMPLEX = "complex", "复杂问题整改"

    code = models.CharField(primary_key=True, max_length=12, choices=Code)
    working_days = models.PositiveSmallIntegerField("整改时限（工作日）")
    on_site = models.BooleanField("须现场验收", default=False)
    # The second look falls between these calendar days after closing.
    revisit_from_days = models.PositiveSmallIntegerField("回头看最早（销号后日历天）", default=30)
    revisit_to_days = models.PositiveSmallIntegerField("回头看最晚（销号后日历天）", default=90)

    class Meta:
        constraints = [
            models.CheckConstraint(name="route_at_least_a_day", condition=Q(working_days__gte=1)),
            models.CheckConstraint(
                name="route_revisit_days_in_order",
                condition=Q(revisit_from_days__gte=1, revisit_to_days__gte=F("revisit_from_days")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()}（{self.working_days}个工作日）"
