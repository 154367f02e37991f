from __future__ import annotations

from django.db import models


class CalendarYear(models.Model):
    """One year whose official notice of days off has been entered; `version` grows with each change."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.year}年（第{self.version}版）"


class CalendarDay(models.Model):
    """A day that differs from the plain week: a day off, or a weekend day that is worked."""

    class Kind(models.TextChoices):
        OFF = "off", "放假"
        WORK = "work", "调休上班"

    day = models.DateField(primary_key=True)
    year = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days")
    kind = models.CharField(max_length=4, choices=Kind)
    name = models.CharField(max_length=50, blank=True)

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"
