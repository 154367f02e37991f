"""Choosing a unit or a person by typing: a plain text field with suggestions, resolved on the server."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conduct.fields import CleanCharField, CleanTextField, RowsField
from people.models import Unit, User
from people.queries import persons, units

MOST_LISTED = 60
MOST_DIGITS = 10
MOST_NAMES_TEXT = 2_000
BETWEEN = "、"
_BETWEEN = re.compile(r"\s*[、，,；;\n]\s*")
_LAST = re.compile(r"(.*[、，,；;\n]\s*)?(.*)", re.DOTALL)


def written(name: str, code: str) -> str:
    """How a choice stands in the field: the name, and the code that makes it certain."""
    return f"{name}（{code}）"


def last_of(text: str) -> tuple[str, str]:
    """Where several are typed one after the other: what is typed already, and the one being typed."""
    found = _LAST.fullmatch(text)
    return (found[1] or "", found[2]) if found else ("", text)


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


class SuggestSeveral(SuggestInput):
    """The same for several, one after the other; also takes them one by one, as boxes that were ticked."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """All of them as one text."""
        sent = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return BETWEEN.join(str(one) for one in sent)


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
        unit = units.find(units.certain(text)) or units.find(text)
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
        user = persons.find(units.certain(text)) or persons.find(text)
        if user is None:
            raise ValidationError(f"没有找到“{text}”，或有几位同名。请从列出的人员中选择，或填写账号。")
        return user


class _LongChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of some rows: a list while it is short, typed with suggestions once it is long."""

    suggestions: str
    typed_as: str

    def offer(self, rows: QuerySet[Any]) -> None:
        """Let one of these be chosen."""
        self.queryset = rows
        if rows.count() > MOST_LISTED:
            self.widget = SuggestInput(url=reverse_lazy(self.suggestions))
            self.help_text = self.help_text or self.typed_as

    def prepare_value(self, value: Any) -> Any:
        """A row as it stands in the field."""
        if not isinstance(self.widget, SuggestInput):
            return super().prepare_value(value)
        row = value if isinstance(value, Unit | User) else self._numbered(value)
        return self.in_words(row) if row else value

    def to_python(self, value: Any) -> Any:
        """The row, by the number of a list or as typed."""
        if isinstance(self.widget, SuggestInput) and value and not self._numbered(value):
            row = self.meant(units.certain(str(value))) or self.meant(str(value))
            value = row.pk if row else 0
        return super().to_python(value)

    def in_words(self, row: Any) -> str:
        """How the row is written."""
        raise NotImplementedError

    def meant(self, text: str) -> Any:
        """The one row meant by a text, or None."""
        raise NotImplementedError

    def _numbered(self, value: Any) -> Any:
        rows: Any = self.queryset
        is_number = str(value).isdecimal() and len(str(value)) < MOST_DIGITS
        return rows.filter(pk=value).first() if is_number else None


class PersonChoice(_LongChoice):
    """One of some people."""

    suggestions = "people:user_search"
    typed_as = "填姓名、账号或拼音首字母，从列出的人员中选择。"

    def in_words(self, row: Any) -> str:
        """Name and user name."""
        return written(row.name, row.username)

    def meant(self, text: str) -> Any:
        """By user name or full name."""
        return persons.find(text)


class UnitChoice(_LongChoice):
    """One of some units."""

    suggestions = "people:unit_search"
    typed_as = "填名称、简称、单位代码或拼音首字母，从列出的单位中选择。"

    def in_words(self, row: Any) -> str:
        """Name and code."""
        return written(row.name, row.code)

    def meant(self, text: str) -> Any:
        """By code or any of its names."""
        return units.find(text)


class PeopleChoice(RowsField):
    """Several of some people: boxes to tick while they are few, typed with suggestions once they are many."""

    def offer(self, rows: QuerySet[User]) -> None:
        """Let some of these be chosen."""
        self.queryset = rows
        if rows.count() > MOST_LISTED:
            self.widget = SuggestSeveral(url=reverse_lazy("people:user_search"))
            self.help_text = self.help_text or "填姓名或账号，从列出的人员中选择；几个人之间用顿号隔开。"
            self.error_messages = self.error_messages | {"required": "请填写人员的姓名或账号。"}

    def prepare_value(self, value: Any) -> Any:
        """The people as they stand in the field."""
        if not isinstance(self.widget, SuggestSeveral):
            return super().prepare_value(value)
        texts = (
            _texts(value) if isinstance(value, str) else [str(getattr(one, "pk", one)) for one in value or ()]
        )
        told = {str(user.pk): written(user.name, user.username) for user in self._with_numbers(texts)}
        return BETWEEN.join(told.get(text, text) for text in texts)

    def clean(self, value: Any) -> Any:
        """The people ticked, or meant by what is typed."""
        if not isinstance(self.widget, SuggestSeveral):
            return super().clean(value)
        texts = _texts(CleanTextField(max_length=MOST_NAMES_TEXT, required=False).clean(value))
        if self.required and not texts:
            raise ValidationError(self.error_messages["required"], code="required")
        return self._rows.filter(pk__in=self._meant(texts))

    @property
    def _rows(self) -> QuerySet[User]:
        rows: Any = self.queryset
        return rows  # type: ignore[no-any-return]

    def _with_numbers(self, texts: Iterable[str]) -> QuerySet[User]:
        numbers = [int(text) for text in texts if text.isdecimal() and len(text) < MOST_DIGITS]
        return self._rows.filter(pk__in=numbers)

    def _meant(self, texts: list[str]) -> set[int]:
        """The numbers of those meant.

        Raises: ValidationError naming whoever is not among those offered, or is one of several
        """
        sure = {text: units.certain(text) for text in texts}
        known = self._rows.filter(Q(username__in=sure.values()) | Q(name__in=sure.values()))
        rows = [*known, *self._with_numbers(sure.values())]
        meant: set[int] = set()
        unknown: list[str] = []
        several: list[str] = []
        for text, key in sure.items():
            named = {user.pk for user in rows if key in (user.username, str(user.pk))}
            named = named or {user.pk for user in rows if user.name == key}
            if len(named) == 1:
                meant |= named
            else:
                (several if named else unknown).append(f"“{text}”")
        wrong: list[str] = []
        if unknown:
            wrong.append(f"{''.join(unknown)}不在可选的人员中，请核对姓名，几个人之间用顿号隔开。")
        if several:
            wrong.append(f"{''.join(several)}有几位同名，请改填账号。")
        if wrong:
            raise ValidationError("".join(wrong), code="invalid_choice")
        return meant


def _texts(text: str) -> list[str]:
    return [part for part in _BETWEEN.split(text.strip()) if part]
