from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanCharField, CleanTextField
from findings.models import Route
from people.forms.pickers import UnitField


class TransferForm(forms.Form):
    """Why the matter is not the unit's own."""

    reason = CleanTextField(
        label="理由",
        rows=6,
        max_length=5000,
        help_text="这件事按职责分工归谁，依据是什么（三定方案、权责清单、文件名称和文号）。",
    )
    suggested = CleanCharField(label="认为应由哪个单位负责（可不填）", max_length=120, required=False)


class GrantForm(forms.Form):
    """To whom the matter goes, and what is asked there."""

    unit = UnitField(label="新的责任单位")
    route: forms.ModelChoiceField[Route] = forms.ModelChoiceField(
        label="整改方式", queryset=None, widget=forms.RadioSelect, empty_label=None
    )
    requirement = CleanTextField(label="整改要求", rows=3, max_length=5000)
    contact = CleanCharField(label="联系人及电话", max_length=100)
    reason = CleanTextField(label="改派理由", rows=3, max_length=5000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["route"].queryset = Route.objects.order_by("working_days")  # type: ignore[attr-defined]
