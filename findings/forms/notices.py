from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from conduct.fields import CleanCharField, CleanTextField
from findings.actions.notices import Demand
from findings.models import Finding, Route

WHOLE_DAYS = {
    "invalid": "请填写整数。",
    "min_value": "天数至少是 1。",
    "max_value": "天数最多是 365。",
}


class ContactForm(forms.Form):
    """Whom the unit asks."""

    contact = CleanCharField(label="联系人及电话", max_length=100)


class DemandForm(forms.Form):
    """How one finding is to be put right."""

    route: forms.ModelChoiceField[Route] = forms.ModelChoiceField(
        label="整改方式", queryset=None, widget=forms.RadioSelect, empty_label=None
    )
    requirement = CleanTextField(
        label="整改要求", rows=3, max_length=5000, help_text="要求单位做到什么。整改通知书照此印发。"
    )

    def __init__(self, *args: Any, finding: Finding, **options: Any) -> None:
        options.setdefault("prefix", f"d{finding.pk}")
        super().__init__(*args, **options)
        self.finding = finding
        self.fields["route"].queryset = Route.objects.order_by("working_days")  # type: ignore[attr-defined]

    def demand(self) -> Demand:
        """The typed values as the action takes them."""
        return Demand(
            finding=self.finding,
            route=self.cleaned_data["route"],
            requirement=self.cleaned_data["requirement"],
        )


class NoticeForms:
    """The whole form of a notice: one contact, and a part for each finding."""

    def __init__(self, findings: Sequence[Finding], data: Any = None, *, contact: str = "") -> None:
        self.contact = ContactForm(data, initial={"contact": contact})
        self.demands = [DemandForm(data, finding=finding) for finding in findings]


class RouteForm(forms.Form):
    """How many working days a route gives."""

    working_days = forms.IntegerField(
        label="工作日",
        min_value=1,
        max_value=250,
        error_messages={
            "invalid": "请填写整数。",
            "min_value": "整改时限至少 1 个工作日。",
            "max_value": "整改时限最多 250 个工作日。",
        },
    )


class RouteAcceptanceForm(forms.Form):
    """How a route is accepted, and when it is looked at again."""

    on_site = forms.BooleanField(label="须到现场验收", required=False)
    revisit_from_days = forms.IntegerField(
        label="回头看最早在销号后第几天（日历天）", min_value=1, max_value=365, error_messages=WHOLE_DAYS
    )
    revisit_to_days = forms.IntegerField(
        label="回头看最晚在销号后第几天（日历天）", min_value=1, max_value=365, error_messages=WHOLE_DAYS
    )
