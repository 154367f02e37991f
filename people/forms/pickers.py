"""Choosing a unit or a person by typing: a plain text field with suggestions, resolved on the server."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conduct.fields import CleanCharField
from people.models import Unit, User
from people.queries import persons, units

_CODE = re.compile(r".*（([^（）]+)）")


def written(name: str, code: str) -> str:
    """How a choice stands in the field: the name, and the code that makes it certain."""
    return f"{name}（{code}）"


class SuggestInput(forms.TextInput):
    """A text field whose suggestions come from the server while one types; works without script as well."""

    def __init__(self, *, url: Any) -> None:
        self.url = url
        super().__init__()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field, and the list its suggestions go to."""
        mine = dict(attrs or {})
        choices = f"{mine.get('id', name)}-choices"
        mine |= {
            "list": choices,
            "autocomplete": "off",
            "hx-get": str(self.url),
            "hx-trigger": "input changed delay:200ms, focus once",
            "hx-target": f"#{choices}",
            "hx-sync": "this:replace",
        }
        field = super().render(name, value, mine, renderer)
        return format_html('{}<datalist id="{}"></datalist>', field, choices)


class UnitField(CleanCharField):
    """A unit, by code or by full, short or other name."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", SuggestInput(url=reverse_lazy("people:unit_search")))
        options.setdefault("help_text", "填名称、简称、单位代码或拼音首字母，从列出的单位中选择。")
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """A unit as it stands in the field."""
        return written(value.name, value.code) if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Any:
        """The unit, or None when the field may stay empty."""
        text = super().clean(value)
        if not text:
            return None
        unit = units.find(_certain(text)) or units.find(text)
        if unit is None:
            raise ValidationError(
                f"没有找到“{text}”，或有几个同名单位。请从列出的单位中选择，或填写单位代码。"
            )
        if not unit.is_active:
            raise ValidationError(f"“{unit.name}”已停用，请另选单位。")
        return unit


class PersonField(CleanCharField):
    """A person, by user name or full name."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", SuggestInput(url=reverse_lazy("people:user_search")))
        options.setdefault("help_text", "填姓名、账号或拼音首字母，从列出的人员中选择。")
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """A person as they stand in the field."""
        return written(value.name, value.username) if isinstance(value, User) else value

    def clean(self, value: Any) -> Any:
        """The person, or None when the field may stay empty."""
        text = super().clean(value)
        if not text:
            return None
        user = persons.find(_certain(text)) or persons.find(text)
        if user is None:
            raise ValidationError(f"没有找到“{text}”，或有几位同名。请从列出的人员中选择，或填写账号。")
        return user


def _certain(text: str) -> str:
    found = _CODE.fullmatch(text)
    return found[1] if found else text
