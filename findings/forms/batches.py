from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanCharField, CleanTextField
from findings.models import Route


class NothingMore(forms.Form):
    """Where ticking is all there is to say."""


class VerdictForm(forms.Form):
    """One reason for all that are ticked."""

    reason = CleanTextField(
        label="意见", rows=4, max_length=5000, help_text="写入每一件的办理经过，请写对每一件都成立的话。"
    )


class ClosingForm(forms.Form):
    """What may be said on closing."""

    reason = CleanTextField(label="销号说明", rows=3, max_length=5000, required=False)


class OrdersForm(forms.Form):
    """How all that are ticked are to be put right; the findings of one unit go into one notice."""

    route: forms.ModelChoiceField[Route] = forms.ModelChoiceField(
        label="整改方式", queryset=None, widget=forms.RadioSelect, empty_label=None
    )
    requirement = CleanTextField(
        label="整改要求",
        rows=3,
        max_length=5000,
        help_text="对所选每个问题都适用的要求。整改通知书照此印发。",
    )
    contact = CleanCharField(label="联系人及电话", max_length=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["route"].queryset = Route.objects.order_by("working_days")  # type: ignore[attr-defined]
