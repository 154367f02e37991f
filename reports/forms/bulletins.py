"""Ordering a bulletin, and the text between its figures."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from conduct.fields import CleanTextField
from people.models import Unit
from reports.gather.cases import MOST
from reports.models import Bulletin

from .periods import PeriodForm


class OrderForm(PeriodForm):
    """Which bulletin, about which days; the key makes a second click the same order."""

    kind = forms.ChoiceField(label="种类", choices=Bulletin.Kind.choices)
    office = forms.TypedChoiceField(label="编印单位", coerce=int)
    most_cases = forms.IntegerField(
        label="刊载问题（件）",
        min_value=0,
        max_value=MOST,
        initial=MOST,
        help_text="按情节轻重排列，超过的只计数、不刊载。",
        error_messages={
            "min_value": "刊载件数不能小于 0。",
            "max_value": f"最多刊载 {MOST} 件，请改小。",
        },
    )
    made_key = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("kind", "first", "last", "office", "most_cases")

    def __init__(self, *args: Any, offices: Sequence[Unit], **options: Any) -> None:
        options["initial"] = {"made_key": uuid.uuid4()} | (options.get("initial") or {})
        super().__init__(*args, **options)
        self.offices = {unit.pk: unit for unit in offices}
        choice: Any = self.fields["office"]
        choice.choices = [(unit.pk, unit.name) for unit in offices]
        if len(offices) == 1:
            choice.initial = offices[0].pk
            choice.widget = forms.HiddenInput()

    def order(self) -> dict[str, Any]:
        """The words of actions.orders.place."""
        facts = self.cleaned_data
        return {
            "kind": facts["kind"],
            "office": self.offices[facts["office"]],
            "period": facts["period"],
            "most_cases": facts["most_cases"],
            "made_key": str(facts["made_key"]),
        }


class NarrativeForm(forms.Form):
    """The text between the figures, and the version it was typed against."""

    narrative = CleanTextField(
        label="情况说明",
        required=False,
        rows=8,
        help_text="印在主要数据之前。数字由系统按口径统计，不能在这里改；只写单位和岗位，不写姓名。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class MoveForm(forms.Form):
    """What comes with a button: the version on the screen, and the reason where one is asked."""

    version = forms.IntegerField(required=False)
    reason = CleanTextField(required=False, max_length=2000)
