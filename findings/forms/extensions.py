from __future__ import annotations

from django import forms

from conduct.fields import CleanTextField, DayField


class ExtensionForm(forms.Form):
    """Until when, and why."""

    until = DayField(label="申请延至", help_text="选择一个工作日。督查办可以准予到这一天，或者早于这一天。")
    reason = CleanTextField(
        label="延期理由",
        rows=5,
        max_length=2000,
        help_text="已经做到哪一步，为什么不能按期完成，后面怎么安排。",
    )


class ExtensionDecisionForm(forms.Form):
    """Granted until when, or not, and why."""

    until = DayField(label="准予延至", required=False, help_text="只在同意时填写，不晚于单位申请的日期。")
    reason = CleanTextField(label="批复意见", rows=4, max_length=2000)
