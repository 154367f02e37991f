from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanCharField, CleanTextField, DayField
from findings.rules.ladder import MOST_DAYS, NAMES, SHIPPED, Step

from .notices import ContactForm


class TalkForm(ContactForm):
    """When and where the head is called to."""

    talk_on = DayField(label="约谈日期")
    talk_place = CleanCharField(label="约谈地点", max_length=120)

    field_order = ("talk_on", "talk_place", "contact")


class TalkRecordForm(forms.Form):
    """What was said."""

    talk_on = DayField(label="实际约谈日期")
    talk_record = CleanTextField(
        label="约谈记录",
        rows=8,
        max_length=5000,
        help_text="参加人、指出的问题、单位的说明、整改承诺和完成时间。",
    )


class RouteLadderForm(forms.Form):
    """The days of the ladder of one route."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for step in SHIPPED:
            when = "期限前第几个工作日" if step == Step.WARN else "逾期第几个工作日"
            self.fields[f"ladder_{step.name.lower()}"] = forms.IntegerField(
                label=f"{NAMES[step]}：{when}",
                required=False,
                min_value=1,
                max_value=MOST_DAYS,
                help_text="留空表示不用这一步。" if step == Step.WARN else "",
                error_messages={
                    "invalid": "请填写整数。",
                    "min_value": "至少是第 1 个工作日。",
                    "max_value": f"至多是第 {MOST_DAYS} 个工作日。",
                },
            )
