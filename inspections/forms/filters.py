"""Filters of the lists, kept in the address."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy

from conduct.dates import cn_date
from conduct.fields import CleanCharField, DayField
from conduct.paging import AFTER, BEFORE
from conduct.shapes import Chip
from inspections.models import Campaign, Method, Visit
from inspections.queries import campaigns
from people.forms.pickers import SuggestInput
from people.models import User

ANY = [("", "全部")]


class ListFilter(forms.Form):
    """A GET form: what is wrong in the address is left out, never an error."""

    def narrowing(self) -> dict[str, Any]:
        """What to narrow the list by."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def chips(self, query: QueryDict) -> list[Chip]:
        """The filters in force, each with the address without it."""
        return [
            Chip(str(self.fields[name].label), self._words(name, value), _without(query, name))
            for name, value in self.narrowing().items()
        ]

    def _words(self, name: str, value: Any) -> str:
        if isinstance(value, date):
            return cn_date(value)
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(str(value), value))


class VisitFilter(ListFilter):
    """What visits to list."""

    words = CleanCharField(label="被查单位", max_length=40, required=False)
    state = forms.ChoiceField(label="状态", choices=[*ANY, *Visit.State.choices], required=False)
    result = forms.ChoiceField(
        label="结果", choices=[*ANY, ("problem", "发现问题"), ("none", "未发现问题")], required=False
    )
    method = forms.ChoiceField(label="检查方式", choices=[*ANY, *Method.choices], required=False)
    campaign = CleanCharField(
        label="检查批次",
        max_length=80,
        required=False,
        widget=SuggestInput(url=reverse_lazy("inspections:campaign_search")),
    )
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        # An address names one campaign by its key; the field shows its title, which others may bear too.
        self.meant = campaigns.with_key(user, data.get("campaign", ""))
        if self.meant:
            data = data.copy()
            data["campaign"] = self.meant.title
        super().__init__(data)

    def narrowing(self) -> dict[str, Any]:
        """What to narrow the list by; a campaign named by its key is that one alone."""
        named = {"campaign": self.meant} if self.meant else {}
        return super().narrowing() | named


class CampaignFilter(ListFilter):
    """What campaigns to list."""

    words = CleanCharField(label="名称", max_length=40, required=False)
    state = forms.ChoiceField(label="状态", choices=[*ANY, *Campaign.State.choices], required=False)
    method = forms.ChoiceField(
        label="检查方式",
        choices=[*ANY, (Method.OPEN.value, Method.OPEN.label), (Method.COVERT.value, Method.COVERT.label)],
        required=False,
    )
    day = DayField(label="某日在检查", required=False)


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    for gone in (name, AFTER, BEFORE):
        rest.pop(gone, None)
    return f"?{rest.urlencode()}"
