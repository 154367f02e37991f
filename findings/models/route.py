from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from findings.rules.ladder import SHIPPED, Step


def _ladder_day(label: str, step: Step) -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(label, null=True, blank=True, default=SHIPPED[step])


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

    # The ladder, in working days before or after the end of the term; empty leaves a step out.
    ladder_warn = _ladder_day("临期黄灯", Step.WARN)
    ladder_remind = _ladder_day("逾期催办", Step.REMIND)
    ladder_letter = _ladder_day("督办函", Step.LETTER)
    ladder_yellow = _ladder_day("黄牌警告", Step.YELLOW)
    ladder_talk = _ladder_day("约谈主要负责人", Step.TALK)
    ladder_red = _ladder_day("红牌通报", Step.RED)
    ladder_case = _ladder_day("追责建议", Step.CASE)

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

    @property
    def ladder(self) -> dict[Step, int | None]:
        """The working days of each step but the due day."""
        return {step: getattr(self, f"ladder_{step.name.lower()}") for step in SHIPPED}
