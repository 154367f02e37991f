from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanCharField, CleanTextField, DayField
from findings.models import UnitStatement

OFFICE_MEANS = [choice for choice in UnitStatement.Means.choices if choice[0] != UnitStatement.Means.ONLINE]


class StatementForm(forms.Form):
    """What the unit itself has to say."""

    text = CleanTextField(
        label="陈述内容",
        rows=8,
        help_text="哪些属实、哪些不属实，有什么情况需要说明。陈述不影响您单位此后提出异议。",
    )
    speaker = CleanCharField(label="陈述人（岗位）", max_length=60, initial="单位主要负责人")


class HearingForm(forms.Form):
    """What the office heard."""

    means = forms.ChoiceField(label="方式", choices=OFFICE_MEANS)
    speaker = CleanCharField(
        label="陈述人（岗位）",
        max_length=60,
        required=False,
        help_text="写岗位，不写姓名。逾期未陈述的可不填。",
    )
    text = CleanTextField(
        label="陈述内容", rows=6, required=False, help_text="明确表示不陈述、逾期未陈述的可不填。"
    )
    heard_on = DayField(label="听取日期")


class PartlyForm(forms.Form):
    """What is left standing of the facts, and why the rest is not."""

    facts = CleanTextField(
        label="属实的事实",
        rows=6,
        help_text="删去不属实的部分，只留经核实属实的。整改通知书照此印发，原表述留在办理经过里。",
    )
    reason = CleanTextField(
        label="部分属实的理由",
        rows=4,
        max_length=5000,
        help_text="哪些不予认定，为什么。随整改通知书告知单位。",
    )


class ReasonForm(forms.Form):
    """Why, in the words of the person."""

    reason = CleanTextField(label="理由", rows=4, max_length=5000)

    def __init__(self, *args: Any, label: str = "理由", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].label = label
