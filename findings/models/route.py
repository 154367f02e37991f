from __future__ import annotations

from django.db import models
from django.db.models import Q


class Route(models.Model):
    """A way of putting right and the working days it gives; the office may change the days."""

    class Code(models.TextChoices):
        IMMEDIATE = "immediate", "立行立改"
        LIMITED = "limited", "限期整改"
        COMPLEX = "complex", "复杂问题整改"

    code = models.CharField(primary_key=True, max_length=12, choices=Code)
    working_days = models.PositiveSmallIntegerField("整改时限（工作日）")

    class Meta:
        constraints = [models.CheckConstraint(name="route_at_least_a_day", condition=Q(working_days__gte=1))]

    def __str__(self) -> str:
        return f"{self.get_code_display()}（{self.working_days}个工作日）"
