from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse_lazy

from conduct.cleaning import clean_line
from conduct.errors import Refused
from conduct.fields import CleanCharField, DayField, check_year
from conduct.search.text import words_of
from conduct.shapes import Chip
from findings.models import Finding
from findings.queries import choices
from findings.queries.filters import GROUPS, WITH_TERM, Wish
from people.access import Asker
from people.forms.pickers import SuggestInput, written
from people.models import Unit

SPANS = {
    "visited": "检查日期",
    "issued": "发文日期",
    "closed": "销号日期",
}
ABOUT = {"persons": "涉及具体人员", "nobody": "不涉及具体人员"}
CURSORS = ("after", "before")
MOST_DIGITS = 10


class MonthField(forms.Field):
    """A month as 2026-03; the value is its first day."""

    widget = forms.TextInput(attrs={"type": "month"})

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            month = datetime.strptime(str(value), "%Y-%m").date()
        except ValueError as fault:
            raise ValidationError("月份请写成 2026-03 的样子。") from fault
        check_year(month)
        return month


def _day(label: str) -> DayField:
    return DayField(label=label, required=False)


class FilterForm(forms.Form):
    """The address of a list read as a wish. What cannot be read is named and left out; the rest still counts."""

    words = CleanCharField(label="文字（标题、事实等）", max_length=100, required=False)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *GROUPS.items(), *Finding.State.choices]
    )
    top = forms.CharField(label="问题分类", required=False, max_length=4)
    unit = forms.IntegerField(label="单位（含下级）", required=False)
    # The same choice as somebody types it; the address of a figure names the unit by its number.
    unit_name = CleanCharField(label="单位（含下级）", max_length=160, required=False)
    direct = forms.BooleanField(label="不含下级单位", required=False)
    grade = forms.TypedChoiceField(
        label="情节",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "全部"), *Finding.Grade.choices],
    )
    month = MonthField(label="检查月份", required=False)
    number = forms.CharField(label="通知书编号", required=False, max_length=60)
    visited_from, visited_to = _day("检查日期从"), _day("检查日期到")
    issued_from, issued_to = _day("发文日期从"), _day("发文日期到")
    closed_from, closed_to = _day("销号日期从"), _day("销号日期到")
    historical = forms.TypedChoiceField(
        label="历史补录",
        required=False,
        coerce=lambda value: value == "1",
        empty_value=None,
        choices=[("", "全部"), ("1", "只看历史补录"), ("0", "不含历史补录")],
    )

    about = forms.ChoiceField(label="涉及人员", required=False, choices=[("", "全部"), *ABOUT.items()])

    def __init__(self, data: QueryDict, *, user: Asker) -> None:
        # Only what the address says is read: a list has sixteen filters and mostly none of them.
        asked = {name: field for name, field in type(self).base_fields.items() if self.asks_for(name, data)}
        self.__dict__["base_fields"] = asked
        super().__init__(data)
        self.user = user

    def asks_for(self, name: str, data: QueryDict) -> bool:
        """Whether the form needs the field."""
        return name in data

    def clean_words(self) -> tuple[str, ...]:
        try:
            return tuple(words_of(self.cleaned_data["words"]))
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean_number(self) -> str:
        return choices.notice_number(clean_line(self.cleaned_data["number"]))

    def clean_unit(self) -> Unit | None:
        pk = self.cleaned_data["unit"]
        if pk is None:
            return None
        unit = choices.unit_for(self.user, pk)
        if unit is None:
            raise ValidationError("没有这个单位，或不在您的查看范围内。请重新选择。")
        return unit

    def clean_unit_name(self) -> Unit | None:
        text = self.cleaned_data["unit_name"]
        unit = choices.unit_named(self.user, text) if text else None
        if text and unit is None:
            raise ValidationError(
                f"没有找到“{text}”，或有几个同名单位，或不在您的查看范围内。请从列出的单位中选择，或填写单位代码。"
            )
        return unit

    def wish(self) -> Wish:
        """What could be read of the address."""
        self.full_clean()
        known = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        if named := known.pop("unit_name", None):
            known["unit"] = named
        return Wish(**known)

    def chips(self, request_get: QueryDict) -> list[Chip]:
        """The filters in force, each with the address without it."""
        return [
            Chip(label=label, value=value, remove_url=_without(request_get, *names))
            for label, value, names in self._in_force()
        ]

    def _in_force(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        wish = self.wish()
        if wish.words:
            yield "文字", " ".join(wish.words), ("words",)
        if wish.state:
            states = dict(self.fields["state"].choices)  # type: ignore[attr-defined]
            yield "状态", str(states[wish.state]), ("state",)
        if wish.top:
            yield "分类", choices.top_name(wish.top), ("top",)
        if wish.unit:
            yield (
                "单位",
                f"{wish.unit.name}{'（不含下级）' if wish.direct else ''}",
                ("unit", "unit_name", "direct"),
            )
        if wish.grade:
            yield "情节", Finding.Grade(wish.grade).label, ("grade",)
        if wish.month:
            yield "检查月份", f"{wish.month.year}年{wish.month.month}月", ("month",)
        if wish.number:
            yield "编号", wish.number, ("number",)
        for name, label in SPANS.items():
            first, last = getattr(wish, f"{name}_from"), getattr(wish, f"{name}_to")
            if first or last:
                yield label, f"{first or '最早'} 至 {last or '今天'}", (f"{name}_from", f"{name}_to")
        yield from _kind(wish)


def order_of(request_get: QueryDict, wish: Wish) -> str:
    """The order the address asks for; what has a term that runs comes by it."""
    return request_get.get("order") or ("deadline" if wish.state in WITH_TERM else "newest")


class FilterPanel(FilterForm):
    """The same as fields to fill in, with the lists to choose from."""

    order = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, user: Asker) -> None:
        super().__init__(_with_unit_in_words(data, user), user=user)
        self.fields["top"].widget = forms.Select(choices=[("", "全部"), *choices.tops()])
        self.fields["unit_name"].widget = SuggestInput(url=reverse_lazy("findings:unit_search"))
        self.fields["unit_name"].help_text = "填名称、简称、单位代码或拼音首字母，从列出的单位中选择。"

    def asks_for(self, name: str, data: QueryDict) -> bool:
        """All of them are shown; a unit is chosen in words."""
        return name != "unit"


def _with_unit_in_words(data: QueryDict, user: Asker) -> QueryDict:
    """The address with its unit as it stands in the field that is typed into."""
    typed, number = data.copy(), data.get("unit", "")
    unit = choices.unit_for(user, int(number)) if number.isdecimal() and len(number) < MOST_DIGITS else None
    if unit:
        typed["unit_name"] = written(unit.name, unit.code)
    return typed


def _kind(wish: Wish) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    if wish.historical is not None:
        yield "历史补录", "只看" if wish.historical else "不含", ("historical",)
    if wish.about:
        yield "涉及人员", ABOUT[wish.about], ("about",)


def _without(request_get: QueryDict, *names: str) -> str:
    query = request_get.copy()
    for name in (*names, *CURSORS):
        query.pop(name, None)
    return f"?{query.urlencode()}"
