from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from conduct.fields import CleanCharField, DayField
from people.queries import audit

from .pickers import PersonField


class AuditFilterForm(forms.Form):
    """What the auditor looks for."""

    actor = PersonField(label="办理人", required=False)
    verb = CleanCharField(label="事项", required=False, max_length=64, help_text="如“登录”“授予岗位”，须写全")
    module = forms.ChoiceField(label="业务", required=False)
    subject_id = CleanCharField(label="对象编号", required=False, max_length=64)
    first = DayField(label="起始日", required=False)
    last = DayField(label="截止日", required=False)
    actor_id = forms.CharField(widget=forms.HiddenInput, required=False)
    subject_type = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        module = self.fields["module"]
        module.choices = [("", "全部"), *audit.modules()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The days in order."""
        wish = super().clean() or {}
        if wish.get("first") and wish.get("last") and wish["last"] < wish["first"]:
            raise ValidationError("截止日早于起始日，请核对。")
        return wish

    def wish(self) -> audit.Wish:
        """What the form says, as the query wants it; a field in error counts as empty."""
        found: dict[str, Any] = {k: v for k, v in getattr(self, "cleaned_data", {}).items() if v}
        actor = found.pop("actor", None)
        found["actor"] = str(actor.pk) if actor else found.pop("actor_id", "")
        found.pop("actor_id", None)
        return audit.Wish(**found)
