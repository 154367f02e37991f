"""The words of a correction notice."""

from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanTextField
from reports.models import Correction


class CorrectionForm(forms.Form):
    """What is put right, why, and what is said to clear a name; and the version it was typed against."""

    statement = CleanTextField(
        label="更正内容", rows=4, max_length=5000, help_text="只写单位和岗位，不写姓名。印在更正通知里。"
    )
    reason = CleanTextField(label="更正理由", rows=3, max_length=5000)
    clearing = CleanTextField(
        label="澄清",
        rows=3,
        max_length=2000,
        required=False,
        help_text="原文书已经印发到有关单位的，须写明澄清的内容，消除影响。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, correction: Correction, **options: Any) -> None:
        typed = {name: getattr(correction, name) for name in ("statement", "reason", "clearing", "version")}
        options["initial"] = typed
        super().__init__(*args, **options)
        if correction.notice_id:
            del self.fields["clearing"]

    def texts(self) -> dict[str, Any]:
        """The words of actions.corrections.write."""
        facts = self.cleaned_data
        return {
            "statement": facts["statement"],
            "reason": facts["reason"],
            "clearing": facts.get("clearing", ""),
            "expected": facts["version"],
        }
