from __future__ import annotations

from django.db import models
from django.db.models import Q

from .bulletin import Bulletin


class ReportSchedule(models.Model):
    """When a periodic bulletin is drafted for an office: the period before is reported."""

    office = models.ForeignKey("people.Unit", models.PROTECT, related_name="report_schedules")
    kind = models.CharField(max_length=10, choices=[c for c in Bulletin.Kind.choices if c[0] != "ad_hoc"])
    is_on = models.BooleanField("启用", default=True)
    # Weekly: 1 Monday to 7 Sunday. Monthly: day of the month, 1 to 28.
    day = models.PositiveSmallIntegerField("日")
    at_time = models.TimeField("时间")
    since = models.DateField("自")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "kind"], name="schedule_once"),
            models.CheckConstraint(
                name="schedule_day_in_range",
                condition=Q(kind="weekly", day__gte=1, day__lte=7)
                | Q(kind="monthly", day__gte=1, day__lte=28),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.get_kind_display()}"
