"""Filters of the lists, kept in the address."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from conduct.dates import cn_date
from conduct.fields import CleanCharField
from conduct.paging import AFTER, BEFORE
from conduct.shapes import Chip
from inspections.models import Campaign, Method, Visit
from inspections.queries import campaigns
from people.models import User

ANY = [("", "全部")]
MOST_CAMPAIGNS = 50


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
    campaign = forms.TypedChoiceField(label="检查批次", coerce=UUID, required=False, empty_value=None)
    since = forms.DateField(label="从", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    until = forms.DateField(label="到", widget=forms.DateInput(attrs={"type": "date"}), required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        seen = campaigns.listed(user).order_by("-created_at", "id")
        wanted = self.data.get("campaign", "")
        rows = [(str(pk), title) for pk, title in seen.values_list("pk", "title")[:MOST_CAMPAIGNS]]
        if wanted and wanted not in dict(rows):
            rows += [(str(row.pk), row.title) for row in _one(seen, wanted)]
        self.fields["campaign"].choices = [*ANY, *rows]  # type: ignore[attr-defined]


class CampaignFilter(ListFilter):
    """What campaigns to list."""

    words = CleanCharField(label="名称", max_length=40, required=False)
    state = forms.ChoiceField(label="状态", choices=[*ANY, *Campaign.State.choices], required=False)
    method = forms.ChoiceField(
        label="检查方式",
        choices=[*ANY, (Method.OPEN.value, Method.OPEN.label), (Method.COVERT.value, Method.COVERT.label)],
        required=False,
    )
    day = forms.DateField(label="某日在检查", widget=forms.DateInput(attrs={"type": "date"}), required=False)


def _one(seen: Any, text: str) -> list[Campaign]:
    try:
        return list(seen.filter(pk=UUID(text)))
    except ValueError:
        return []


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    for gone in (name, AFTER, BEFORE):
        rest.pop(gone, None)
    return f"?{rest.urlencode()}"
