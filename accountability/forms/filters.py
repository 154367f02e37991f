from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict

from accountability.models import Measure
from accountability.queries import catalogue
from accountability.queries.listing import Wish
from conduct.fields import DayField
from conduct.shapes import Chip
from people.forms.pickers import UnitField

CURSORS = ("after", "before")
ALL = ("", "全部")


def _choice(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[ALL, *choices])


class FilterForm(forms.Form):
    """The address of the register read as a wish. What cannot be read is named and left out; the rest counts."""

    unit = UnitField(label="责任单位（含下级）", required=False, max_length=160)
    category = _choice("类别", [])
    level = _choice("责任", Measure.Level.choices)
    target = _choice("处理对象", Measure.Target.choices)
    origin = _choice("问题来源", Measure.Origin.choices)
    state = _choice("状态", Measure.State.choices)
    decided_from = DayField(label="决定日期从", required=False)
    decided_to = DayField(label="决定日期到", required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        field: Any = self.fields["category"]
        field.choices = [ALL, *((name, name) for name, _ in catalogue.by_category(catalogue.kinds()))]

    def wish(self) -> Wish:
        """What could be read of the address."""
        self.full_clean()
        known = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return Wish(**known)

    def chips(self, request_get: QueryDict) -> list[Chip]:
        """The filters in force, each with the address without it."""
        return [Chip(label, value, _without(request_get, name)) for label, value, name in self._in_force()]

    def _in_force(self) -> Iterator[tuple[str, str, str]]:
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value in (None, ""):
                continue
            words = dict(getattr(field, "choices", ())).get(value, value)
            yield str(field.label), str(words), name


def _without(request_get: QueryDict, *names: str) -> str:
    query = request_get.copy()
    for name in (*names, *CURSORS):
        query.pop(name, None)
    return f"?{query.urlencode()}"
