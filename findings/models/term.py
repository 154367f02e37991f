from __future__ import annotations

from django.db import models
from django.db.models import Q


class Counted(models.Model):
    """One setting of a deadline, with everything it was computed from: anybody can count it again."""

    ordinal = models.PositiveSmallIntegerField()
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
    # The change of the calendar that moved it, if one did.
    change = models.ForeignKey(
        "conduct.CalendarChange", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True


class Term(Counted):
    """One setting of the deadline by which a finding is to be put right."""

    class Kind(models.TextChoices):
        ISSUED = "issued", "交办"
        EXTENDED = "extended", "延期"
        AFTER_PAUSE = "after_pause", "异议办结后续计"
        AFTER_RETURN = "after_return", "退回后续计"
        RELAPSED = "relapsed", "反弹后重新整改"
        HANDED_ON = "handed_on", "改由其他单位办理"
        CALENDAR = "calendar", "放假安排调整"

    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="terms")
    kind = models.CharField(max_length=12, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "ordinal"], name="term_ordinal_once"),
            models.CheckConstraint(name="term_says_by_what_rule", condition=~Q(rule="")),
        ]
        indexes = [models.Index(fields=["change"], name="term_of_change", condition=Q(change__isnull=False))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.due_on}"


class SideTerm(Counted):
    """One setting of a deadline beside that one: to sign, to state, to plan, to report, to decide, to do a part."""

    class Of(models.TextChoices):
        RECEIPT = "receipt", "签收期限"
        STATEMENT = "statement", "陈述期限"
        PLAN = "plan", "整改方案期限"
        PROGRESS = "progress", "进度报告期限"
        PART = "part", "协办期限"
        TRANSFER = "transfer", "改派答复期限"

    of = models.CharField(max_length=10, choices=Of)
    # Key of the row it is a deadline of: the notice, the finding, the plan, the part, the request.
    matter = models.CharField(max_length=36)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "matter", "ordinal"], name="side_term_ordinal_once"),
            models.CheckConstraint(name="side_term_says_by_what_rule", condition=~Q(rule="")),
        ]
        indexes = [
            models.Index(fields=["change"], name="side_term_of_change", condition=Q(change__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.get_of_display()}：{self.due_on}"
