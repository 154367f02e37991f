from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Q

from conduct import clock


class CalendarYear(models.Model):
    """One year whose official notice of days off has been entered; `version` grows with each change."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    # Entered and taken back: the year counts as not known, and its version is never given again.
    is_withdrawn = models.BooleanField(default=False)

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


class CalendarChange(models.Model):
    """One change of the calendar, with the years as they were and became; deadlines follow it, and it can be undone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    by_id = models.CharField(max_length=36, blank=True)
    by_name = models.CharField(max_length=60)
    # {year: {version, source, days: [[day, kind, name], ...]}}; null for a year that was not known.
    before = models.JSONField()
    after = models.JSONField()
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name="撤销的调整"
    )

    class Meta:
        constraints = [models.CheckConstraint(name="calendar_change_says_by_whom", condition=~Q(by_name=""))]
        indexes = [models.Index(fields=["-at", "id"], name="calendar_change_newest")]

    def __str__(self) -> str:
        years = "、".join(f"{year}年" for year in sorted(self.after))
        return f"{'撤销' if self.undoes_id else ''}{years}放假安排调整"

    @property
    def day(self) -> date:
        """The day it was made on."""
        return clock.day_of(self.at)
