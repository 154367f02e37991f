from __future__ import annotations

from django.db import models
from django.db.models import Q


class Term(models.Model):
    """One setting of a finding's deadline, with everything it was computed from: anybody can count it again."""

    class Kind(models.TextChoices):
        ISSUED = "issued", "交办"
        EXTENDED = "extended", "延期"
        AFTER_PAUSE = "after_pause", "异议办结后续计"
        AFTER_RETURN = "after_return", "退回后续计"
        RELAPSED = "relapsed", "反弹后重新整改"
        HANDED_ON = "handed_on", "改由其他单位办理"
        CALENDAR = "calendar", "放假安排调整"

    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="terms")
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    # In the words of the office: 限期整改，15个工作日.
    rule = models.CharField(max_length=120)
    # The day from which it counts and which does not count; unknown for terms set before they were kept.
    counts_from = models.DateField(null=True, blank=True)
    working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    due_before = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    is_estimate = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=200, blank=True)
    # Rest days passed over: [[first, last, why], ...]; unknown for terms set before they were kept.
    skipped = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "ordinal"], name="term_ordinal_once"),
            models.CheckConstraint(name="term_says_by_what_rule", condition=~Q(rule="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.due_on}"
