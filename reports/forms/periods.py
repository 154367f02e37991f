"""From and to: a period typed or picked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from conduct.fields import DayField
from people.forms.pickers import UnitField
from reports.rules.periods import MOST_DAYS, Period


class PeriodForm(forms.Form):
    """Two days in order."""

    first = DayField(label="起始日期")
    last = DayField(label="截止日期")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        first, last = facts.get("first"), facts.get("last")
        if first and last:
            if last < first:
                raise ValidationError("截止日期早于起始日期，请改正。")
            period = Period(first, last)
            if period.days > MOST_DAYS:
                raise ValidationError(f"统计期最长三年（{MOST_DAYS}天），现在是 {period.days} 天，请缩短。")
            facts["period"] = period
        return facts


class BoardForm(PeriodForm):
    """A period, and the unit whose branch alone is looked at."""

    unit = UnitField(
        label="单位（含下级）", required=False, help_text="不填为全部；可填名称、代码或拼音首字母。"
    )
