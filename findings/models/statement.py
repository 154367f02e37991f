from __future__ import annotations

from django.db import models
from django.db.models import Q


class UnitStatement(models.Model):
    """What the unit says before the facts are settled: heard by the office, or filed by the unit itself."""

    class Means(models.TextChoices):
        ONLINE = "online", "在线提交"
        IN_PERSON = "in_person", "当面陈述"
        PHONE = "phone", "电话陈述"
        WRITTEN = "written", "书面陈述"
        WAIVED = "waived", "明确表示不陈述"
        SILENT = "silent", "逾期未陈述"

    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="statements")
    means = models.CharField("方式", max_length=12, choices=Means)
    speaker = models.CharField("陈述人（岗位）", max_length=60)
    text = models.TextField("陈述内容", blank=True)
    heard_on = models.DateField("听取日期")
    entered_by = models.ForeignKey("people.User", models.PROTECT, related_name="entered_statements")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="statement_says_something", condition=Q(means__in=["waived", "silent"]) | ~Q(text="")
            )
        ]
        indexes = [models.Index(fields=["finding", "entered_at"], name="statement_of_finding")]

    def __str__(self) -> str:
        return f"{self.speaker}：{self.text[:30]}"
