"""When a periodic bulletin is drafted."""

from __future__ import annotations

from typing import Any

from django import forms

from reports.models import ReportSchedule
from reports.rules.periods import WEEKLY

WEEKDAYS = [(number, f"周{name}") for number, name in enumerate("一二三四五六日", start=1)]
MONTH_DAYS = [(number, f"每月{number}日") for number in range(1, 29)]


class ScheduleForm(forms.Form):
    """On or off, the day and the hour; the week or month before is reported."""

    is_on = forms.BooleanField(label="自动编制", required=False)
    day = forms.TypedChoiceField(label="日子", coerce=int)
    at_time = forms.TimeField(
        label="时间",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "时间请写成 09:00 的样子。"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, schedule: ReportSchedule | None, **options: Any) -> None:
        self.kind = kind
        options["prefix"] = kind
        options["initial"] = {
            "is_on": schedule.is_on if schedule else False,
            "day": schedule.day if schedule else 1,
            "at_time": schedule.at_time if schedule else "09:00",
            "version": schedule.version if schedule else 0,
        }
        super().__init__(*args, **options)
        day: Any = self.fields["day"]
        day.choices = WEEKDAYS if kind == WEEKLY else MONTH_DAYS

    @property
    def title(self) -> str:
        return "周报：报告上一周（周一至周日）" if self.kind == WEEKLY else "月报：报告上一个月"

    def wish(self) -> dict[str, Any]:
        """The words of actions.schedules.arrange."""
        facts = self.cleaned_data
        return {
            "kind": self.kind,
            "is_on": facts["is_on"],
            "day": facts["day"],
            "at_time": facts["at_time"],
            "expected": facts["version"],
        }
